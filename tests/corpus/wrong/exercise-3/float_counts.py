# fails: test_dense_parameter_count_chapter, test_model_parameter_count_chapter
# says: The number is right, but it is a float
def dense_parameter_count(inputs, units):
    return float(inputs * units + units)


def model_parameter_count(layer_sizes):
    return sum(dense_parameter_count(a, b) for a, b in zip(layer_sizes, layer_sizes[1:]))
