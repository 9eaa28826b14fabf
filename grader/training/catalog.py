"""Which of Keras's own classes and functions may be named by a configuration, written out one by one.

The table is frozen on purpose. A configuration names code to run; what Keras will gain in a later version is not
trusted because it is Keras's, and what is left out (`REFUSED`, and every class that holds a callable, reads a file or
loops as often as a number in its settings says) stays out. Modules and names are those that
`keras.saving.serialize_keras_object` writes in Keras 3.
"""

from __future__ import annotations

import enum
from typing import Final


class Category(enum.Enum):
    """What a class is for; decides where in a configuration it may stand."""

    MODEL = "model"
    LAYER = "layer"
    OPTIMIZER = "optimizer"
    LOSS = "loss"
    METRIC = "metric"
    SETTING = "setting"


_LAYERS: Final = """
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D Cropping1D Cropping2D
    Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Flatten GRU
    GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity
    InputLayer LSTM LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum
    Minimum MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN RandomBrightness
    RandomContrast RandomCrop RandomErasing RandomFlip RandomRotation RandomTranslation RandomZoom ReLU
    RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract TimeDistributed
    UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""

# What `x / 255.0`, `x[:, 1:]` or `keras.ops.relu(x)` leave behind in a functional model.
_OPERATIONS: Final = {
    "keras.src.ops.nn": """
        Relu Relu6 Sigmoid Softplus Softsign Silu LogSigmoid LeakyRelu HardSigmoid HardSilu Elu Selu Gelu Celu Softmax
        LogSoftmax MaxPool AveragePool OneHot Normalize
    """,
    "keras.src.ops.numpy": """
        Absolute Add Amax Amin Average Ceil Clip Concatenate Cos Divide Exp ExpandDims Flip Floor FloorDivide GetItem
        Log Log10 Log1p Log2 Matmul Max Maximum Mean Min Minimum Mod Moveaxis Multiply Negative Pad Power Prod Ravel
        Reciprocal Reshape Round Sign Sin Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Tanh Transpose
        TrueDivide Var
    """,
    "keras.src.ops.math": "Erf Logsumexp Rsqrt",
    "keras.src.ops.core": "Cast StopGradient",
}

_OPTIMIZERS: Final = """
    Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Nadam RMSprop SGD
"""

_SCHEDULES: Final = """
    CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay
"""

_LOSSES: Final = """
    BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
    CategoricalGeneralizedCrossEntropy CategoricalHinge CosineSimilarity Dice Hinge Huber KLDivergence LogCosh
    MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
    SparseCategoricalCrossentropy SquaredHinge Tversky
"""

_METRICS: Final = """
    AUC Accuracy BinaryAccuracy BinaryCrossentropy BinaryIoU CategoricalAccuracy CategoricalCrossentropy
    CategoricalHinge CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives Hinge IoU KLDivergence
    LogCoshError Mean MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError
    MeanSquaredLogarithmicError OneHotIoU OneHotMeanIoU Poisson Precision PrecisionAtRecall R2Score Recall
    RecallAtPrecision RootMeanSquaredError SensitivityAtSpecificity SparseCategoricalAccuracy
    SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum
    TopKCategoricalAccuracy TrueNegatives TruePositives
"""

_SETTINGS: Final = {
    "keras": "DTypePolicy",
    "keras.initializers": """
        Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
        RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
    """,
    "keras.regularizers": "L1 L1L2 L2 OrthogonalRegularizer",
    "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "keras.optimizers.schedules": _SCHEDULES,
}


def _table() -> dict[tuple[str, str], Category]:
    rows = [
        ("keras", "Sequential", Category.MODEL),
        ("keras.src.models.functional", "Functional", Category.MODEL),
        ("keras.layers", _LAYERS, Category.LAYER),
        *((module, names, Category.LAYER) for module, names in _OPERATIONS.items()),
        ("keras.optimizers", _OPTIMIZERS, Category.OPTIMIZER),
        ("keras.losses", _LOSSES, Category.LOSS),
        ("keras.metrics", _METRICS, Category.METRIC),
        *((module, names, Category.SETTING) for module, names in _SETTINGS.items()),
    ]
    return {(module, name): category for module, names, category in rows for name in names.split()}


CLASSES: Final = _table()
"""`(module, class_name)` of every class that may be rebuilt."""

ACTIVATIONS: Final = frozenset(
    """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
    sparsemax squareplus tanh tanh_shrink threshold
    """.split()
)

_LOSS_FUNCTIONS: Final = frozenset(
    """
    binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy
    categorical_generalized_cross_entropy categorical_hinge cosine_similarity dice hinge huber kl_divergence log_cosh
    mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error poisson
    sparse_categorical_crossentropy squared_hinge tversky
    """.split()
)

_METRIC_FUNCTIONS: Final = frozenset(
    """
    binary_accuracy categorical_accuracy sparse_categorical_accuracy sparse_top_k_categorical_accuracy
    top_k_categorical_accuracy
    """.split()
)

FUNCTIONS: Final = ACTIVATIONS | _LOSS_FUNCTIONS | _METRIC_FUNCTIONS
"""Functions that a configuration may give by name."""

FUNCTION_MODULES: Final = frozenset({"builtins", "keras.activations", "keras.losses", "keras.metrics", "keras.ops"})
"""`builtins` is what Keras itself writes for a function it knows, and for any other."""

SAME_FUNCTION: Final = {
    "hard_swish": "hard_silu",
    "identity": "linear",
    "log_softmax_v2": "log_softmax",
    "softmax_v2": "softmax",
    "swish": "silu",
}
"""TensorFlow's `__name__` of a function (`tf.nn.softmax`, `tf.identity`) to Keras's name of the same."""

REFUSED: Final = frozenset(
    """
    FlaxLayer HashedCrossing Hashing IntegerLookup JaxLayer StringLookup TFSMLayer TextVectorization
    TorchModuleWrapper
    """.split()
)
"""Layers that read files or run code of other libraries: the subject of CVE-2025-49655 and CVE-2025-12058."""

DTYPES: Final = frozenset(
    """
    bfloat16 bool float float16 float32 float64 int int8 int16 int32 int64 uint8 uint16 uint32 uint64 mixed_bfloat16
    mixed_float16
    """.split()
)
"""Element types and policies by name. Any other string would reach NumPy's parser of types, which can be made to
reserve memory by the gigabyte."""
