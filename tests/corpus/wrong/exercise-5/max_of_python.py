# fails: test_relu_shape
# says: A whole array was asked whether it is true
def relu(z):
    return max(0, z)
