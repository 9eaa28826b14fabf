# fails: test_dense_parameter_count_chapter
# says: nested too deep
def dense_parameter_count(inputs, units):
    nested = inputs * units + units
    for _ in range(500):
        nested = [nested]
    return nested
