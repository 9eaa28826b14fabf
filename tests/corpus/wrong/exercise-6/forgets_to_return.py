# fails: test_compile_model_returns
# says: compile_model returned nothing
def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
