# fails: test_compile_model_returns
# says: metrics of compile() is a function of your own
import keras


def accuracy(targets, outputs):
    return keras.ops.mean(keras.ops.equal(targets, outputs))


def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=[accuracy])
    return model
