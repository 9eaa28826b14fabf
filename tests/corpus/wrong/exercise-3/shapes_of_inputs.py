# fails: test_layer_output_shapes_units
# says: Each shape has the inputs of its layer
def layer_output_shapes(layer_sizes):
    return [(None, size) for size in layer_sizes[:-1]]
