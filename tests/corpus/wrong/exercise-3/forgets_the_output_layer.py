# fails: test_layer_output_shapes_number
# says: There is one shape too few
def layer_output_shapes(layer_sizes):
    return [(None, units) for units in layer_sizes[1:-1]]
