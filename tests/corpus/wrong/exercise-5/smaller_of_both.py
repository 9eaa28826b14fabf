# fails: test_relu_values
# says: relu takes the larger one
import numpy as np


def relu(z):
    return np.minimum(0, z)
