import matplotlib.pyplot as plt
import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow import keras

(train_input, train_target), (test_input, test_target) = keras.datasets.fashion_mnist.load_data()
print(train_input.shape, train_target.shape)
print(pd.Series(train_target).value_counts())
fig, axs = plt.subplots(1, 10, figsize=(10, 10))
for i in range(10):
    axs[i].imshow(train_input[i], cmap="gray_r")
    axs[i].axis("off")
plt.show()


def scale_pixels(images):
    return images / 255.0


def flatten_images(images):
    return images.reshape(-1, 28 * 28)


def split_validation(inputs, targets):
    return train_test_split(inputs, targets, test_size=0.2, random_state=42)


def prepare_data(images, targets):
    return split_validation(flatten_images(scale_pixels(images)), targets)


train_scaled, val_scaled, train_target, val_target = prepare_data(train_input, train_target)
print(train_scaled.shape)
