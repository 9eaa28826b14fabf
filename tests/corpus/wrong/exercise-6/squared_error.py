# fails: test_compile_model_loss
# says: classes need a cross-entropy
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="mse", metrics=["accuracy"])
    return model
