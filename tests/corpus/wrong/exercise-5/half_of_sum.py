# fails: test_relu_infinity
# says: Negative infinity became NaN
import numpy as np


def relu(z):
    return (z + np.abs(z)) / 2
