# fails: test_dense_parameter_count_chapter
# says: one bias for a whole layer
def dense_parameter_count(inputs, units):
    return inputs * units + 1
