# fails: dense_parameter_count
# says: limit of


def dense_parameter_count(inputs, units):
    import numpy as np

    kept = []
    while True:
        kept.append(np.ones(5_000_000))
