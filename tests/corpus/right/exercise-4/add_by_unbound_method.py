# note: add() is called as a method of the class, in a loop and in a comprehension
import keras


def dense(units, activation, name):
    return keras.layers.Dense(units, activation=activation, name=name)


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    keras.Sequential.add(model, keras.Input(shape=(784,)))
    [model.add(dense(*each)) for each in [(100, "sigmoid", "hidden"), (10, "softmax", "output")]]
    return model
