# fails: test_prepare_data_targets
# says: labels were scaled too
from sklearn.model_selection import train_test_split


def prepare_data(images, targets):
    images = images.reshape(-1, 784) / 255.0
    targets = targets / 255.0
    return train_test_split(images, targets, test_size=0.2, random_state=42)
