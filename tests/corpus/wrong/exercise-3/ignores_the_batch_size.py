# fails: test_batches_per_epoch_batch_size
# says: The batch size is ignored
import math


def batches_per_epoch(samples, batch_size=32):
    return math.ceil(samples / 32)
