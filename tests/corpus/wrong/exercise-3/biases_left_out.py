# fails: test_dense_parameter_count_chapter, test_model_parameter_count_chapter
# says: The biases are left out
def dense_parameter_count(inputs, units):
    return inputs * units


def model_parameter_count(layer_sizes):
    return sum(inputs * units for inputs, units in zip(layer_sizes, layer_sizes[1:]))
