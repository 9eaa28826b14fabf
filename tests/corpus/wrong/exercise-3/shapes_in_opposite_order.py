# fails: test_layer_output_shapes_units
# says: opposite order
def layer_output_shapes(layer_sizes):
    return [(None, units) for units in layer_sizes[:0:-1]]
