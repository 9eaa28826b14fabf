# fails: test_relu_values
# says: Negative elements lost their sign
import numpy as np


def relu(z):
    return np.abs(z)
