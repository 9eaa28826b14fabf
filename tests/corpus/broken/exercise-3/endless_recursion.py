# fails: dense_parameter_count
# says: RecursionError


def dense_parameter_count(inputs, units):
    return dense_parameter_count(inputs, units)
