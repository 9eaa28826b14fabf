# fails: test_compile_model_returns
# says: AttributeError
# says: pass on what comes, whichever it is
def compile_model(model, optimizer):
    optimizer.learning_rate = optimizer.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
