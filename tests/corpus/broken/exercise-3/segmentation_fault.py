# fails: dense_parameter_count
# says: crashed Python


def dense_parameter_count(inputs, units):
    import ctypes

    return ctypes.string_at(0)
