# fails: dense_parameter_count
# says: EOFError


def dense_parameter_count(inputs, units):
    return int(input("units? "))
