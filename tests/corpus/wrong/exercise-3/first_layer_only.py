# fails: test_model_parameter_count_chapter
# says: Only one layer is counted
def model_parameter_count(layer_sizes):
    for i in range(len(layer_sizes) - 1):
        return layer_sizes[i] * layer_sizes[i + 1] + layer_sizes[i + 1]
