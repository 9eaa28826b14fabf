def dense_parameter_count(inputs: int, units: int) -> int:
    return sum(inputs + 1 for _ in range(units))


def model_parameter_count(layer_sizes: list[int]) -> int:
    match list(layer_sizes):
        case [inputs, units, *rest]:
            return dense_parameter_count(inputs, units) + model_parameter_count([units, *rest])
        case _:
            return 0


def layer_output_shapes(layer_sizes):
    shapes = []
    for position, units in enumerate(layer_sizes):
        if position:
            shapes.append((None, units))
    return shapes


def batches_per_epoch(samples, batch_size=32):
    full, rest = divmod(samples, batch_size)
    return full + (rest > 0)
