# fails: dense_parameter_count
# says: MemoryError


def dense_parameter_count(inputs, units):
    return bytearray(3 * 1024**3)
