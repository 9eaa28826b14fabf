# fails: test_compile_model_loss
# says: Binary cross-entropy is for two classes
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model
