# fails: test_model_parameter_count_chapter
# says: The biases are multiplied where they must be added
# says: add them once, for the biases
def model_parameter_count(layer_sizes):
    first = layer_sizes[0] * layer_sizes[1] + layer_sizes[1]
    rest = sum(a * b * b for a, b in zip(layer_sizes[1:], layer_sizes[2:]))
    return first + rest
