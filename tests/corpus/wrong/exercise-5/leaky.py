# fails: test_relu_values
# says: leaky ReLU
import numpy as np


def relu(z):
    return np.where(z > 0, z, 0.01 * z)
