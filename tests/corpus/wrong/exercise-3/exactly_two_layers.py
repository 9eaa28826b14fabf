# fails: test_model_parameter_count_other_depths, test_model_parameter_count_one_layer
# says: any number of layers
def model_parameter_count(layer_sizes):
    inputs, hidden, output = layer_sizes[0], layer_sizes[1], layer_sizes[2]
    return inputs * hidden + hidden + hidden * output + output
