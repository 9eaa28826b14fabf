# fails: dense_parameter_count
# says: A function or a class stands where a number
def dense_parameter_count(inputs, units):
    return input * units + units
