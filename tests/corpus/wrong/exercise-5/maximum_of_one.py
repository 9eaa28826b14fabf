# fails: relu
# says: fewer arguments
import numpy as np


def relu(z):
    return np.maximum(z)
