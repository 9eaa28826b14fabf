# fails: test_relu_shape
# says: returned nothing (None)
import numpy as np


def relu(z):
    np.maximum(0, z)
