# fails: test_split_validation_sizes
# says: the small part stands before the large one
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    train_inputs, val_inputs, train_targets, val_targets = train_test_split(
        inputs, targets, test_size=0.2, random_state=42
    )
    return val_inputs, train_inputs, val_targets, train_targets
