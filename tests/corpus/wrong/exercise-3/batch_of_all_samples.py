# fails: test_layer_output_shapes_batch
# says: The batch dimension is given as 48000
def layer_output_shapes(layer_sizes):
    return [(48000, units) for units in layer_sizes[1:]]
