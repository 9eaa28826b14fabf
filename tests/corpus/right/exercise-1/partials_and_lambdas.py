from functools import partial

import numpy as np
from sklearn.model_selection import train_test_split

scale_pixels = lambda images: images * (1 / 255)
flatten_images = lambda images: np.reshape(images, (images.shape[0], np.prod(images.shape[1:])))
split_validation = partial(train_test_split, test_size=0.2, random_state=42)
