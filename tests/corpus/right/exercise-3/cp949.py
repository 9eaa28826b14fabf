# -*- coding: cp949 -*-
# note: saved in the code page of Korean Windows, with its coding line
# 파라미터와 배치 차원
이름 = "연습 문제 3"

from collections.abc import Sequence
from itertools import pairwise


def dense_parameter_count(inputs: int, units: int) -> int:
    """Return how many parameters a dense layer of `units` units has on `inputs` inputs.

    Each unit has one weight for each input, and one bias. For example, 784 inputs and 100 units make 78,500.
    """
    return inputs * units + units


def model_parameter_count(layer_sizes: Sequence[int]) -> int:
    """Return how many parameters a chain of dense layers has.

    `layer_sizes` gives the number of inputs first, then the units of each layer: `[784, 100, 10]` makes 79,510.
    There may be any number of layers.
    """
    return sum(dense_parameter_count(inputs, units) for inputs, units in pairwise(layer_sizes))


def layer_output_shapes(layer_sizes: Sequence[int]) -> list[tuple[int | None, ...]]:
    """Return the output shape of each dense layer, as a list of tuples.

    The first dimension is the batch dimension. The model does not know it beforehand, so it is `None`:
    `[784, 100, 10]` makes `[(None, 100), (None, 10)]`. The inputs are no layer.
    """
    return [(None, units) for units in layer_sizes[1:]]


def batches_per_epoch(samples: int, batch_size: int = 32) -> int:
    """Return how many mini-batches of `batch_size` samples one epoch has.

    The last one may be smaller than the others, and it counts: 48,000 samples make 1,500 batches, 48,001 make 1,501,
    and no samples make none.
    """
    return -(-samples // batch_size)
