# fails: test_relu_number, test_relu_unchanged
# says: work on a copy
# says: cannot be indexed
def relu(z):
    z[z < 0] = 0
    return z
