# fails: relu
# says: NaN


def relu(z):
    import numpy as np

    return np.full(np.shape(z), np.nan)
