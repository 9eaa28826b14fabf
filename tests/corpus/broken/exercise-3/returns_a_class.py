# fails: dense_parameter_count
# says: class


def dense_parameter_count(inputs, units):
    return int
