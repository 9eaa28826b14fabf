from dataclasses import dataclass

from sklearn.model_selection import train_test_split


@dataclass
class Preparation:
    size: float = 0.2
    seed: int = 42

    def scale(self, images):
        return images / 255

    def split(self, inputs, targets):
        return train_test_split(inputs, targets, test_size=self.size, random_state=self.seed)

    @staticmethod
    def flatten(images):
        return images.reshape(images.shape[0], -1)


preparation = Preparation()
scale_pixels = preparation.scale
flatten_images = Preparation.flatten
split_validation = preparation.split


def prepare_data(images, targets, *, preparation=preparation):
    return preparation.split(preparation.flatten(preparation.scale(images)), targets)
