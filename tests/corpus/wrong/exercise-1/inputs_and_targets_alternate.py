# fails: test_split_validation_sizes
# says: inputs and targets alternate
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    train_inputs, val_inputs, train_targets, val_targets = train_test_split(
        inputs, targets, test_size=0.2, random_state=42
    )
    return (train_inputs, train_targets), (val_inputs, val_targets)


def split_validation(inputs, targets):
    train_inputs, val_inputs, train_targets, val_targets = train_test_split(
        inputs, targets, test_size=0.2, random_state=42
    )
    return train_inputs, train_targets, val_inputs, val_targets
