import numpy as np
from sklearn.model_selection import train_test_split


def scale_pixels(images):
    return np.asarray(images, dtype="float32") / np.float32(255)


def flatten_images(images):
    return np.array([image.ravel() for image in images])


def split_validation(inputs, targets):
    train_in, val_in, train_t, val_t = train_test_split(inputs, targets, random_state=42, train_size=0.8)
    return [train_in, val_in, train_t, val_t]


def prepare_data(images, targets):
    images = images.astype(float) / 255
    return split_validation(images.reshape(-1, 784), targets)
