# fails: test_dense_parameter_count_chapter
# says: one bias for each input
def dense_parameter_count(inputs, units):
    return inputs * units + inputs
