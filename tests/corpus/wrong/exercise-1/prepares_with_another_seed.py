# fails: test_prepare_data_split
# says: random_state=1;
from sklearn.model_selection import train_test_split


def prepare_data(images, targets):
    return train_test_split(images.reshape(-1, 784) / 255.0, targets, test_size=0.2, random_state=1)
