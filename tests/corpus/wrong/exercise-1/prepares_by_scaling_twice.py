# fails: test_prepare_data_values
# says: scaled twice
from sklearn.model_selection import train_test_split


def scale_pixels(images):
    return images / 255.0


def flatten_images(images):
    return images.reshape(len(images), -1)


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, test_size=0.2, random_state=42)


def prepare_data(images, targets):
    images = scale_pixels(images)
    flat = flatten_images(scale_pixels(images))
    return split_validation(flat, targets)
