# fails: test_relu_shape
# says: one value of a whole array
import numpy as np


def relu(z):
    return np.max(z)
