# fails: test_prepare_data_values
# says: not scaled
from sklearn.model_selection import train_test_split


def prepare_data(images, targets):
    return train_test_split(images.reshape(-1, 784), targets, test_size=0.2, random_state=42)
