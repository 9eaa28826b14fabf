# fails: test_compile_model_metrics
# says: Categorical accuracy wants one-hot targets
def compile_model(model, optimizer):
    model.compile(
        optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["categorical_accuracy"]
    )
    return model
