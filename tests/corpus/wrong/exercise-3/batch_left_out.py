# fails: test_layer_output_shapes_batch
# says: The batch dimension is left out
def layer_output_shapes(layer_sizes):
    return [(units,) for units in layer_sizes[1:]]
