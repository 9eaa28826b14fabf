# fails: test_split_validation_sizes
# says: 25 % of the samples are held out
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, random_state=42)
