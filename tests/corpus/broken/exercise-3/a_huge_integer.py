# fails: dense_parameter_count
# says: too large


def dense_parameter_count(inputs, units):
    return 1 << 100_000
