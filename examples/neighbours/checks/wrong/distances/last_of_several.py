# fails: test_nearest_of_several
# says: first
import numpy as np


def nearest(points, query):
    distances = ((points - query) ** 2).sum(axis=1)
    return int(np.flatnonzero(distances == distances.min())[-1])
