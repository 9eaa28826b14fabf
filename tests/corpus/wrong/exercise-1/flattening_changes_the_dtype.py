# fails: test_flatten_images_dtype
# says: uint8 images came back as float32
import numpy as np


def flatten_images(images):
    flat = np.zeros((len(images), 784), dtype=np.float32)
    for i, image in enumerate(images):
        flat[i] = image.ravel()
    return flat
