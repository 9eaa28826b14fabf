# fails: test_compile_model_returns
# says: `compile()` itself returns nothing
def compile_model(model, optimizer):
    return model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
