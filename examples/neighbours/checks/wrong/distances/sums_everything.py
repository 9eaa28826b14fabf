# fails: test_squared_distances_shape
# says: one distance for each point
import numpy as np


def squared_distances(points, query):
    return ((points - query) ** 2).sum()
