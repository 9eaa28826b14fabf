# fails: test_layer_output_shapes_kind
# says: Each item of the list must be a shape
def layer_output_shapes(layer_sizes):
    return layer_sizes[1:]
