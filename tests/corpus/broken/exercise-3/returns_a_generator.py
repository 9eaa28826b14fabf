# fails: dense_parameter_count
# says: list


def dense_parameter_count(inputs, units):
    yield inputs * units + units
