# fails: test_model_parameter_count_chapter
# says: Only the output layer's biases
def model_parameter_count(layer_sizes):
    return sum(a * b for a, b in zip(layer_sizes, layer_sizes[1:])) + layer_sizes[-1]
