# note: one module for all six exercises
import numpy as np
from sklearn.model_selection import train_test_split


def scale_pixels(images: np.ndarray) -> np.ndarray:
    """Return the pixels as floats between 0 and 1: each pixel divided by 255.

    `images` holds any number of images, even none, as `uint8` or as floats. The shape stays the same, and `images`
    itself must not change.
    """
    return images / 255.0


def flatten_images(images: np.ndarray) -> np.ndarray:
    """Return the images of shape `(n, 28, 28)` as rows of shape `(n, 784)`.

    The pixels of an image follow each other row by row, and their dtype stays the same.
    """
    return images.reshape(len(images), 28 * 28)


def split_validation(inputs: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Hold out 20 % of the samples for validation, and return four arrays.

    Their order is `(train_inputs, val_inputs, train_targets, val_targets)`. Split them as scikit-learn's
    `train_test_split` does with `test_size=0.2` and `random_state=42`.
    """
    train_inputs, val_inputs, train_targets, val_targets = train_test_split(
        inputs, targets, test_size=0.2, random_state=42
    )
    return train_inputs, val_inputs, train_targets, val_targets


def prepare_data(images: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scale the images, flatten them and split them: the three functions above, one after the other.

    For 60,000 images, return `(train_inputs, val_inputs, train_targets, val_targets)` of the shapes `(48000, 784)`,
    `(12000, 784)`, `(48000,)` and `(12000,)`.
    """
    return split_validation(flatten_images(scale_pixels(images)), targets)


import keras


def build_hidden_layer() -> keras.Layer:
    """Return a new dense layer of 100 units with the sigmoid activation."""
    return keras.layers.Dense(100, activation="sigmoid")


def build_output_layer() -> keras.Layer:
    """Return a new dense layer of 10 units with the softmax activation."""
    return keras.layers.Dense(10, activation="softmax")


def build_model() -> keras.Sequential:
    """Return a new `keras.Sequential` of the hidden layer and the output layer, built for inputs of 784 numbers.

    Its input shape is `(None, 784)`, its output shape `(None, 10)`, and it has 79,510 parameters. You need neither
    compile nor train it: the grader does, with RMSprop and sparse categorical cross-entropy, for five epochs.
    Every call makes new layers, so that two models share no weights.
    """
    return keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])


from collections.abc import Sequence
from itertools import pairwise


def dense_parameter_count(inputs: int, units: int) -> int:
    """Return how many parameters a dense layer of `units` units has on `inputs` inputs.

    Each unit has one weight for each input, and one bias. For example, 784 inputs and 100 units make 78,500.
    """
    return inputs * units + units


def model_parameter_count(layer_sizes: Sequence[int]) -> int:
    """Return how many parameters a chain of dense layers has.

    `layer_sizes` gives the number of inputs first, then the units of each layer: `[784, 100, 10]` makes 79,510.
    There may be any number of layers.
    """
    return sum(dense_parameter_count(inputs, units) for inputs, units in pairwise(layer_sizes))


def layer_output_shapes(layer_sizes: Sequence[int]) -> list[tuple[int | None, ...]]:
    """Return the output shape of each dense layer, as a list of tuples.

    The first dimension is the batch dimension. The model does not know it beforehand, so it is `None`:
    `[784, 100, 10]` makes `[(None, 100), (None, 10)]`. The inputs are no layer.
    """
    return [(None, units) for units in layer_sizes[1:]]


def batches_per_epoch(samples: int, batch_size: int = 32) -> int:
    """Return how many mini-batches of `batch_size` samples one epoch has.

    The last one may be smaller than the others, and it counts: 48,000 samples make 1,500 batches, 48,001 make 1,501,
    and no samples make none.
    """
    return -(-samples // batch_size)


from collections.abc import Sequence

import keras


def build_named_model() -> keras.Sequential:
    """Return the model of exercise 2, made from a list of layers, with names.

    The dense layer of 100 sigmoid units is called `hidden`, the one of 10 softmax units `output`, and the model
    `fashion_mnist`. It is built for inputs of 784 numbers, and every call makes a new one.
    """
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )


def build_model_with_add() -> keras.Sequential:
    """Return the same model with the same three names, made by calling the model's `add()` for each layer."""
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.Input(shape=(784,)))
    model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    return model


def build_deep_model(hidden_units: Sequence[int]) -> keras.Sequential:
    """Return a model for inputs of 784 numbers with one dense sigmoid layer for each number in `hidden_units`.

    The layers stand in the order of the numbers, and a dense layer of 10 softmax units comes last. `[100]` makes the
    model of exercise 2; `[]` makes the output layer alone.
    """
    model = keras.Sequential()
    model.add(keras.Input(shape=(784,)))
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model


import keras
import numpy as np


def relu(z: np.ndarray | float) -> np.ndarray | float:
    """Return `max(0, z)`, element by element.

    `z` is a NumPy array of any shape, or a number. Infinity stays infinity, NaN stays NaN, and `z` itself must not
    change.
    """
    return np.maximum(0, z)


def build_relu_model() -> keras.Sequential:
    """Return a new `keras.Sequential` for images of shape `(28, 28)`, of three layers.

    They are a `Flatten` layer, a dense layer of 100 ReLU units and a dense layer of 10 softmax units, with 79,510
    parameters in all. You need neither compile nor train the model: the grader does, with RMSprop, for five epochs, on
    images that are not flattened.
    """
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


import keras


def make_sgd() -> keras.Optimizer:
    """Return a new stochastic gradient descent optimizer with learning rate 0.1 and no momentum."""
    return keras.optimizers.SGD(learning_rate=0.1)


def make_nesterov_sgd() -> keras.Optimizer:
    """Return a new stochastic gradient descent optimizer with Nesterov momentum 0.9.

    The learning rate stays at Keras's default.
    """
    return keras.optimizers.SGD(momentum=0.9, nesterov=True)


def make_adagrad() -> keras.Optimizer:
    """Return a new Adagrad optimizer with learning rate 0.1."""
    return keras.optimizers.Adagrad(learning_rate=0.1)


def make_rmsprop() -> keras.Optimizer:
    """Return a new RMSprop optimizer with learning rate 0.001."""
    return keras.optimizers.RMSprop(learning_rate=0.001)


def make_adam() -> keras.Optimizer:
    """Return a new Adam optimizer with learning rate 0.001."""
    return keras.optimizers.Adam(learning_rate=0.001)


def compile_model(model: keras.Model, optimizer: keras.Optimizer | str) -> keras.Model:
    """Compile `model` with `optimizer`, and return that model.

    `optimizer` is an optimizer such as `make_adam()` or a name such as `"adam"`. The loss is sparse categorical
    cross-entropy, and accuracy is measured as a metric.
    """
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_classifier() -> keras.Model:
    """Return a compiled model of your own design that tells the ten classes of Fashion-MNIST apart.

    It takes images of shape `(28, 28)` whose pixels are scaled to [0, 1], is built of Keras's own layers and has at
    most 300,000 parameters. The grader trains it for five epochs; the better it does on images that you have never
    seen, the more points it gets.
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    return compile_model(model, make_adam())
