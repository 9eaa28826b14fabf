# note: a dataclass with properties, match, a walrus
from dataclasses import dataclass
import math


@dataclass(frozen=True)
class Layer:
    inputs: int
    units: int

    @property
    def parameters(self) -> int:
        return self.inputs * self.units + self.units

    @property
    def shape(self) -> tuple[None, int]:
        return None, self.units


def layers_of(sizes):
    return [Layer(*pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]


def dense_parameter_count(inputs, units):
    return Layer(inputs, units).parameters


def model_parameter_count(layer_sizes):
    return sum(layer.parameters for layer in layers_of(layer_sizes))


def layer_output_shapes(layer_sizes):
    return [layer.shape for layer in layers_of(layer_sizes)]


def batches_per_epoch(samples, batch_size=32):
    match samples:
        case 0:
            return 0
        case _ if (rest := samples % batch_size) == 0:
            return samples // batch_size
        case _:
            return math.floor(samples / batch_size) + 1
