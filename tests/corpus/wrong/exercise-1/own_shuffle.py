# fails: test_split_validation_samples
# says: the seed or the way to shuffle is another
import numpy as np


def split_validation(inputs, targets):
    order = np.random.default_rng(42).permutation(len(inputs))
    cut = int(len(inputs) * 0.8)
    train, val = order[:cut], order[cut:]
    return inputs[train], inputs[val], targets[train], targets[val]
