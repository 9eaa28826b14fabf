# fails: test_scale_pixels_values
# says: divided by 256
import numpy as np


def scale_pixels(images):
    return images / 256
