# note: half precision is floating point as well
import numpy as np
from sklearn import model_selection


def scale_pixels(images):
    return (np.asarray(images, dtype="float32") / 255).astype(np.float16)


def flatten_images(images):
    return np.reshape(images, (images.shape[0], images.shape[1] * images.shape[2]))


def split_validation(inputs, targets):
    return tuple(model_selection.train_test_split(inputs, targets, test_size=0.2, random_state=42))


def prepare_data(images, targets):
    return list(split_validation(flatten_images(scale_pixels(images)), targets))
