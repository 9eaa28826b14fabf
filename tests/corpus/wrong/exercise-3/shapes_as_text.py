# fails: test_layer_output_shapes_kind
# says: The result must be a list
def layer_output_shapes(layer_sizes):
    return str([(None, units) for units in layer_sizes[1:]])
