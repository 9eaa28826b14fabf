# fails: dense_parameter_count
# says: limit of

import time


def dense_parameter_count(inputs, units):
    import numpy as np

    kept = []
    while True:
        kept.append(np.ones(1_000_000))
        time.sleep(0.004)
