"""Distances between points."""

import numpy as np


def squared_distances(points: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Return the squared Euclidean distance of `query`, `(d,)`, to each of `points`, `(n, d)`, as an array `(n,)`."""
    raise NotImplementedError


def nearest(points: np.ndarray, query: np.ndarray) -> int:
    """Return the position of the point that is nearest to `query`; of several, the first."""
    raise NotImplementedError
