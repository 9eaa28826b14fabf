# fails: test_compile_model_loss
# says: compile() was given no loss
# says: None
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, metrics=["accuracy"])
    return model
