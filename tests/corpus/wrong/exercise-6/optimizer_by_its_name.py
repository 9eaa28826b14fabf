# fails: test_compile_model_optimizer
# says: a new one with default settings was made in its place
def compile_model(model, optimizer):
    name = optimizer if isinstance(optimizer, str) else optimizer.name
    model.compile(optimizer=name, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
