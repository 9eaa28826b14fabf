import numpy as np
from sklearn import model_selection as ms

def scale_pixels(images):
    return np.divide(images, 255)

def flatten_images(images):
    return images.reshape(len(images), -1)

def split_validation(inputs, targets):
    return ms.train_test_split(inputs, targets, test_size=0.2, random_state=42)

def prepare_data(images, targets):
    return split_validation(flatten_images(scale_pixels(images)), targets)
