# fails: test_model_parameter_count_chapter, test_layer_output_shapes_number
# says: The inputs are counted as a layer
# says: There is one shape too many
def model_parameter_count(layer_sizes):
    total = layer_sizes[0]
    for inputs, units in zip(layer_sizes, layer_sizes[1:]):
        total += inputs * units + units
    return total


def layer_output_shapes(layer_sizes):
    return [(None, size) for size in layer_sizes]
