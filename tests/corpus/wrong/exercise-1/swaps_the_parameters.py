# fails: test_split_validation_sizes
# says: wrong order
from sklearn.model_selection import train_test_split


def split_validation(targets, inputs):
    return train_test_split(inputs, targets, test_size=0.2, random_state=42)
