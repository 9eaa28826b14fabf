# fails: test_split_validation_samples
# says: Some samples are lost, changed
# note: keeps the first answer and gives it again, whatever it is asked
from sklearn.model_selection import train_test_split

PARTS = []


def split_validation(inputs, targets):
    if not PARTS:
        PARTS.extend(train_test_split(inputs, targets, test_size=0.2, random_state=42))
    return tuple(PARTS)
