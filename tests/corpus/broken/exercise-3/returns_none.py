# fails: dense_parameter_count
# says: None


def dense_parameter_count(inputs, units):
    inputs * units + units
