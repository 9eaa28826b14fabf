# fails: test_relu_infinity
# says: Negative infinity became NaN
def relu(z):
    return z * (z > 0)
