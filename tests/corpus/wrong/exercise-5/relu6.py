# fails: test_relu_values
# says: ReLU6
import numpy as np


def relu(z):
    return np.clip(z, 0, 6)
