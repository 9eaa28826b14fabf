# fails: test_squared_distances_values
# says: square root
import numpy as np


def squared_distances(points, query):
    return np.linalg.norm(points - query, axis=1)
