# fails: test_split_validation_parts
# says: must return four arrays
from sklearn.model_selection import train_test_split


def split_validation(inputs, targets):
    a, b, c, d = train_test_split(inputs, targets, test_size=0.2, random_state=42)
    return (a, c), (b, d)
