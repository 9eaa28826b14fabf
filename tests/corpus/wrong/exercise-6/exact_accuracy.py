# fails: test_compile_model_metrics
# says: asks whether two numbers are equal
import keras


def compile_model(model, optimizer):
    model.compile(
        optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=[keras.metrics.Accuracy()]
    )
    return model
