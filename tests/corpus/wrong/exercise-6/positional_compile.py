# fails: test_compile_model_metrics
# says: third positional argument of compile() is loss_weights
def compile_model(model, optimizer):
    model.compile(optimizer, "sparse_categorical_crossentropy", ["accuracy"])
    return model
