# fails: test_dense_parameter_count_chapter
# says: Inputs and units are added
def dense_parameter_count(inputs, units):
    return inputs + units
