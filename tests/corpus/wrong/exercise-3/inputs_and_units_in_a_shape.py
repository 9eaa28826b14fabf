# fails: test_layer_output_shapes_units
# says: too many dimensions
def layer_output_shapes(layer_sizes):
    return [(None, a, b) for a, b in zip(layer_sizes, layer_sizes[1:])]
