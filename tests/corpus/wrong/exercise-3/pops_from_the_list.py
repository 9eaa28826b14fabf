# fails: test_model_parameter_count_tuple
# says: lists can do more than tuples
def model_parameter_count(layer_sizes):
    sizes = layer_sizes
    inputs = sizes.pop(0)
    total = 0
    for units in sizes:
        total += inputs * units + units
        inputs = units
    return total
