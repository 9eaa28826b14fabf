"""Classification by neighbours."""

import numpy as np
from sklearn.neighbors import KNeighborsClassifier


def majority(labels: list[int]) -> int:
    """Return the label that occurs most often in `labels`; of several, the smallest."""
    raise NotImplementedError


def predict_own(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return what a classifier with 3 neighbours, trained on `points` `(n, d)` and `labels`, gives `points`: `(n,)`."""
    raise NotImplementedError
