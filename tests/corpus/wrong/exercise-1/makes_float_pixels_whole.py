# fails: test_scale_pixels_floats
# says: lose their fraction
import numpy as np


def scale_pixels(images):
    return images.astype(np.uint8) / 255
