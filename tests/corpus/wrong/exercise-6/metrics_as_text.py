# fails: test_compile_model_returns
# says: Keras 3 takes a list
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics="accuracy")
    return model
