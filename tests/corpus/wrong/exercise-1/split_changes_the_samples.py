# fails: test_split_validation_pairs
# says: lost, changed
# note: the first column is as it was, and the others are not
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    parts = train_test_split(inputs, targets, test_size=0.2, random_state=42)
    for part in parts[:2]:
        part[:, 1:] = 0
    return tuple(parts)
