# fails: dense_parameter_count
# says: ValueError: xxx


def dense_parameter_count(inputs, units):
    raise ValueError("x" * 10_000_000)
