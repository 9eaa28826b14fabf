# fails: test_dense_parameter_count_chapter, test_model_parameter_count_chapter
# says: The biases are multiplied where they must be added
def dense_parameter_count(inputs, units):
    return inputs * units * units


def model_parameter_count(layer_sizes):
    total = 0
    for inputs, units in zip(layer_sizes, layer_sizes[1:]):
        total += dense_parameter_count(inputs, units)
    return total
