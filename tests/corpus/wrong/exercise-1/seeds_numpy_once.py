# fails: test_split_validation_samples
# says: random_state is missing
# note: NumPy's own seed at the top makes the first split the right one, and no other
import numpy as np
from sklearn.model_selection import train_test_split

np.random.seed(42)


def split_validation(inputs, targets):
    train_inputs, val_inputs, train_targets, val_targets = train_test_split(inputs, targets, test_size=0.2)
    return train_inputs, val_inputs, train_targets, val_targets
