# fails: test_dense_parameter_count_chapter
# says: instead of 78500
def dense_parameter_count(inputs, units):
    return inputs * inputs + units
