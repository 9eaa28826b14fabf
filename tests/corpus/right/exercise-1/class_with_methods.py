# note: bound methods and a static method are functions, too
import numpy as np
import sklearn.model_selection


class Preparation:
    """Keeps the settings together."""

    def __init__(self, scale=255.0, fraction=0.2, seed=42):
        self.scale = scale
        self.fraction = fraction
        self.seed = seed

    def scaled(self, images):
        return np.true_divide(images, self.scale)

    @staticmethod
    def flat(images):
        return images.reshape(images.shape[0], -1)

    def split(self, inputs, targets):
        return sklearn.model_selection.train_test_split(
            inputs, targets, test_size=self.fraction, random_state=self.seed
        )

    def __call__(self, images, targets):
        return self.split(self.flat(self.scaled(images)), targets)


preparation = Preparation()
scale_pixels = preparation.scaled
flatten_images = Preparation.flat
split_validation = preparation.split
prepare_data = preparation
