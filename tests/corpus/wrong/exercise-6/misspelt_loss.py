# fails: test_compile_model_loss
# says: The loss is misspelt
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="sparse_categorical_cross_entropy", metrics=["accuracy"])
    return model
