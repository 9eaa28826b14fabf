# fails: split_validation
# says: train_test_split was given a number
# says: test_size=0.2
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, 0.2, 42)
