# fails: test_batches_per_epoch_integer
# says: The number is right, but it is a float
import numpy as np


def batches_per_epoch(samples, batch_size=32):
    return np.ceil(samples / batch_size)
