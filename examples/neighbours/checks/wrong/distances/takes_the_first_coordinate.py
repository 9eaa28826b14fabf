# fails: test_nearest
import numpy as np


def nearest(points, query):
    return int(np.abs(points[:, 0] - query[0]).argmin())
