# fails: test_scale_pixels_values
# says: values differ by more than
# says: at index [
import numpy as np


def scale_pixels(images):
    scaled = images / 255
    return np.where(scaled < 0.02, 0.0, scaled)
