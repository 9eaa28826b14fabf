# fails: test_layer_output_shapes_batch
# says: None stands behind the units
def layer_output_shapes(layer_sizes):
    return [(units, None) for units in layer_sizes[1:]]
