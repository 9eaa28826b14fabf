# fails: test_relu_shape
# says: The shape was changed
import numpy as np


def relu(z):
    return np.array([max(0, value) for value in np.ravel(z)])
