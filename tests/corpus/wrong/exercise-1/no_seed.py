# fails: test_split_validation_samples
# says: random_state is missing
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, test_size=0.2)
