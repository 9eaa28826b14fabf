# note: builds a model and counts; slow, and right
import keras


def _model(sizes):
    model = keras.Sequential([keras.Input(shape=(sizes[0],))])
    for units in sizes[1:]:
        model.add(keras.layers.Dense(units))
    return model


def dense_parameter_count(inputs, units):
    return model_parameter_count([inputs, units])


def model_parameter_count(layer_sizes):
    return _model(layer_sizes).count_params()


def layer_output_shapes(layer_sizes):
    return [layer.output.shape for layer in _model(layer_sizes).layers]


def batches_per_epoch(samples, batch_size=32):
    return len(range(0, samples, batch_size))
