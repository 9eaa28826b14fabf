# fails: test_scale_pixels_floats
# says: not scaled
import numpy as np


def scale_pixels(images):
    if images.dtype == np.uint8:
        return images / 255
    return images.copy()
