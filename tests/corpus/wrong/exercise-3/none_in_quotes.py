# fails: test_layer_output_shapes_batch
# says: write None without quotation marks
def layer_output_shapes(layer_sizes):
    return [("None", units) for units in layer_sizes[1:]]
