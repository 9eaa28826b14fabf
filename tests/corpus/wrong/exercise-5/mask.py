# fails: test_relu_values
# says: says which elements are positive
def relu(z):
    return z > 0
