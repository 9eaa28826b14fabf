# fails: test_compile_model_loss
# says: ours are class numbers, and need the sparse one
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model
