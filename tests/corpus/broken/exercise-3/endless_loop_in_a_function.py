# fails: dense_parameter_count
# says: longer than the limit


def dense_parameter_count(inputs, units):
    total = 0
    while total < 1:
        pass
    return total
