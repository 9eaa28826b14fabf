# fails: dense_parameter_count
# says: string


def dense_parameter_count(inputs, units):
    return str(inputs * units + units)
