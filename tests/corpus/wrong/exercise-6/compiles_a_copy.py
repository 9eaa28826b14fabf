# fails: test_compile_model_returns
# says: This is another model than the one that was given
# says: without `clone_model`
import keras


def compile_model(model, optimizer):
    copy = keras.models.clone_model(model)
    copy.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return copy
