# fails: test_compile_model_optimizer, test_compile_model_name
# says: compiled with another optimizer than the one that was given
# says: than the one whose name was given
def compile_model(model, optimizer):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
