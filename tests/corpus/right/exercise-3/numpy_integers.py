import numpy as np


def dense_parameter_count(inputs, units):
    return np.int64(inputs) * units + units


def model_parameter_count(layer_sizes):
    sizes = np.array(layer_sizes, dtype=np.int64)
    return np.sum((sizes[:-1] + 1) * sizes[1:])


def layer_output_shapes(layer_sizes):
    return tuple([None, int(units)] for units in layer_sizes[1:])


def batches_per_epoch(samples, batch_size=32):
    return np.ceil(samples / batch_size).astype(int)
