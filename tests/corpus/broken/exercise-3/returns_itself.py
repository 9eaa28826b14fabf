# fails: dense_parameter_count
# says: function


def dense_parameter_count(inputs, units):
    return dense_parameter_count
