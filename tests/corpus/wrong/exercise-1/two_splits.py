# fails: test_split_validation_pairs
# says: no longer belong to their inputs
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    train_inputs, val_inputs = train_test_split(inputs, test_size=0.2, random_state=42)
    train_targets, val_targets = train_test_split(targets, test_size=0.2, random_state=7)
    return train_inputs, val_inputs, train_targets, val_targets
