# note: a training at top level, short enough to end in time
from tensorflow import keras
from sklearn.model_selection import train_test_split

(train_input, train_target), (test_input, test_target) = keras.datasets.fashion_mnist.load_data()
train_scaled = train_input.reshape(-1, 784) / 255.0
train_scaled, val_scaled, train_target, val_target = train_test_split(
    train_scaled, train_target, test_size=0.2, random_state=42
)


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmoid")


def build_output_layer():
    return keras.layers.Dense(10, activation="softmax")


def build_model():
    return keras.Sequential([keras.layers.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])


model = build_model()
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(train_scaled[:640], train_target[:640], epochs=1)
print(model.evaluate(val_scaled[:320], val_target[:320]))
