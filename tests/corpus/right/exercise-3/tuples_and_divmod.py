# note: tuples for lists, divmod, recursion
def dense_parameter_count(n_in, n_out):
    weights = n_in * n_out
    biases = n_out
    return weights + biases


def model_parameter_count(sizes):
    if len(sizes) < 2:
        return 0
    return dense_parameter_count(sizes[0], sizes[1]) + model_parameter_count(sizes[1:])


def layer_output_shapes(sizes):
    _, *units = sizes
    return tuple((None, n) for n in units)


def batches_per_epoch(samples, batch_size=32):
    full, rest = divmod(samples, batch_size)
    return full + bool(rest)
