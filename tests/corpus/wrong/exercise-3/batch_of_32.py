# fails: test_layer_output_shapes_batch
# says: The batch dimension is given as 32
def layer_output_shapes(layer_sizes):
    return [(32, units) for units in layer_sizes[1:]]
