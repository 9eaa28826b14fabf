# fails: test_compile_model_returns
# says: The model was not compiled
def compile_model(model, optimizer):
    return model
