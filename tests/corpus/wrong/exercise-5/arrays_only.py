# fails: test_relu_number
# says: A number has no shape
import numpy as np


def relu(z):
    out = np.zeros(z.shape)
    return np.maximum(out, z)
