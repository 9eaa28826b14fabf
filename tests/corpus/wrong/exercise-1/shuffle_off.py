# fails: test_split_validation_samples
# says: not shuffled
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, test_size=0.2, shuffle=False)
