# fails: test_compile_model_loss
# says: from_logits=True tells the loss that there is no softmax
import keras


def compile_model(model, optimizer):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model
