# fails: test_dense_parameter_count_chapter
# says: truth value
def dense_parameter_count(inputs, units):
    return inputs * units + units == 78500
