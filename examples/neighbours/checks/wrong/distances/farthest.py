# fails: test_nearest
# says: farthest
import numpy as np


def nearest(points, query):
    return int(((points - query) ** 2).sum(axis=1).argmax())
