"""Exercise 6: optimizers.

An optimizer decides how the weights move at each step. You make five of them, compile a model with one, and then build
a classifier of your own.
"""

import keras


def make_sgd() -> keras.Optimizer:
    """Return a new stochastic gradient descent optimizer with learning rate 0.1 and no momentum."""
    raise NotImplementedError


def make_nesterov_sgd() -> keras.Optimizer:
    """Return a new stochastic gradient descent optimizer with Nesterov momentum 0.9.

    The learning rate stays at Keras's default.
    """
    raise NotImplementedError


def make_adagrad() -> keras.Optimizer:
    """Return a new Adagrad optimizer with learning rate 0.1."""
    raise NotImplementedError


def make_rmsprop() -> keras.Optimizer:
    """Return a new RMSprop optimizer with learning rate 0.001."""
    raise NotImplementedError


def make_adam() -> keras.Optimizer:
    """Return a new Adam optimizer with learning rate 0.001."""
    raise NotImplementedError


def compile_model(model: keras.Model, optimizer: keras.Optimizer | str) -> keras.Model:
    """Compile `model` with `optimizer`, and return that model.

    `optimizer` is an optimizer such as `make_adam()` or a name such as `"adam"`. The loss is sparse categorical
    cross-entropy, and accuracy is measured as a metric.
    """
    raise NotImplementedError


def build_classifier() -> keras.Model:
    """Return a compiled model of your own design that tells the ten classes of Fashion-MNIST apart.

    It takes images of shape `(28, 28)` whose pixels are scaled to [0, 1], is built of Keras's own layers and has at
    most 300,000 parameters. The grader trains it for five epochs; the better it does on images that you have never
    seen, the more points it gets.
    """
    raise NotImplementedError
