# fails: test_relu_shape
# says: Elements were lost
def relu(z):
    return z[z > 0]
