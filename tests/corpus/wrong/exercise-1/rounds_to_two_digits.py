# fails: test_scale_pixels_values
# says: rounded to 2 digits
import numpy as np


def scale_pixels(images):
    return np.round(images / 255, 2)
