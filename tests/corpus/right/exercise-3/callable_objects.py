import math
from functools import reduce


class Counter:
    def __call__(self, inputs, units):
        return (inputs + 1) * units


dense_parameter_count = Counter()


def model_parameter_count(sizes):
    pairs = zip(sizes, sizes[1:])
    return reduce(lambda total, pair: total + dense_parameter_count(*pair), pairs, 0)


def batches_per_epoch(n, size=32):
    return math.ceil(n / size)
