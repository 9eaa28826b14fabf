# note: slow, long-winded and right; other names for the parameters, one extra parameter with a default
import numpy as np
from sklearn.model_selection import train_test_split


def scale_pixels(x, largest=255):
    result = x.astype(np.float64)
    result *= 1 / largest
    return result


def flatten_images(pictures, verbose=False):
    rows = np.empty((len(pictures), 784), pictures.dtype)
    for number in range(len(pictures)):
        rows[number] = pictures[number].ravel()
        if verbose:
            print(number)
    return rows


def split_validation(X, y):
    indices = np.arange(len(X))
    train, val = train_test_split(indices, test_size=0.2, random_state=42, shuffle=True)
    return X[train], X[val], y[train], y[val]


def prepare_data(X, y):
    X = scale_pixels(X)
    return split_validation(flatten_images(X), y)
