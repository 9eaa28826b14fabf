# note: NumPy integers as counts, lists for tuples
import numpy as np


def dense_parameter_count(inputs, units):
    return np.prod([inputs + 1, units])


def model_parameter_count(layer_sizes):
    sizes = np.array(layer_sizes)
    return ((sizes[:-1] + 1) * sizes[1:]).sum()


def layer_output_shapes(layer_sizes):
    return [[None, size] for size in np.array(layer_sizes)[1:]]


def batches_per_epoch(samples, batch_size=32):
    return np.int64(np.ceil(samples / batch_size))
