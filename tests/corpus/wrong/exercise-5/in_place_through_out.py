# fails: test_relu_number, test_relu_unchanged
# says: Argument 1 was changed
import numpy as np


def relu(z):
    return np.maximum(z, 0, out=z)
