# fails: test_prepare_data_shapes
# says: not flattened
from sklearn.model_selection import train_test_split


def prepare_data(images, targets):
    return train_test_split(images / 255.0, targets, test_size=0.2, random_state=42)
