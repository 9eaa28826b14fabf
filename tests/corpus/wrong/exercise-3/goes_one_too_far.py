# fails: model_parameter_count
# says: one step too far
def model_parameter_count(layer_sizes):
    total = 0
    for i in range(len(layer_sizes)):
        total += layer_sizes[i] * layer_sizes[i + 1] + layer_sizes[i + 1]
    return total
