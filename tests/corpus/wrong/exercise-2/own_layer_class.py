# fails: test_build_hidden_layer_kind
# says: SigmoidDense
import keras


class SigmoidDense(keras.layers.Layer):
    def __init__(self, units=100):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))

    def call(self, inputs):
        return keras.activations.sigmoid(inputs @ self.kernel)


def build_hidden_layer():
    return SigmoidDense()
