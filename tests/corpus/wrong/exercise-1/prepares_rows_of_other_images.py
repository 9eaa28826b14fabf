# fails: test_prepare_data_split
# says: lost, changed
from sklearn.model_selection import train_test_split


def prepare_data(images, targets):
    rows = (images / 255.0).reshape(len(images), 784)
    rows[:, 1:] = rows[::-1, 1:].copy()
    return train_test_split(rows, targets, test_size=0.2, random_state=42)
