# fails: dense_parameter_count
# says: printed more


def dense_parameter_count(inputs, units):
    for _ in range(200_000):
        print("x" * 1000)
    return inputs * units + units
