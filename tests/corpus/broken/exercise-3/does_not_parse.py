# fails: *
# says: line 4

def dense_parameter_count(inputs, units)
    return inputs * units + units
