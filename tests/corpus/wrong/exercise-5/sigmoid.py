# fails: test_relu_values
# says: This is the sigmoid
import numpy as np


def relu(z):
    return 1 / (1 + np.exp(-z))
