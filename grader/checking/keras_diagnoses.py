"""What Keras 3 (3.15) says when code was written for Keras 2, or almost right, and what to write instead."""

from __future__ import annotations

from typing import Final

from grader.checking.diagnosis import Diagnosis
from grader.language import _

KERAS_DIAGNOSES: Final = (
    Diagnosis(
        r"Expected `metrics` argument to be a list",
        _("compile() was given metrics as a string; Keras 3 takes a list."),
        _('Write `metrics=["accuracy"]`.'),
    ),
    Diagnosis(
        r"Argument\(s\) not recognized: \{'(?P<name>lr|learning|learningrate|learn_rate|eta|alpha)'",
        _("Keras 3 calls this argument learning_rate, not {name}."),
        _("Write `learning_rate=...`."),
    ),
    Diagnosis(
        r"Argument\(s\) not recognized: \{'(?P<name>[^']*)'",
        _("The optimizer has no argument {name}."),
        _("Look at the spelling: `learning_rate`, `momentum`, `nesterov`, `rho`, `beta_1`, `beta_2`."),
    ),
    Diagnosis(
        r"Argument `learning_rate` should be float",
        _("The learning rate must be a number."),
        _("Write it without quotation marks, for example `learning_rate=0.1`."),
    ),
    Diagnosis(
        r"Dense\.__init__\(\) missing 1 required positional argument: 'units'",
        _("A Dense layer needs its number of units; Keras 2's output_dim is called units now."),
        _("`Dense(..., activation=...)`: the number of units comes first, without a name."),
    ),
    Diagnosis(
        r"Unrecognized keyword arguments passed to \w+: \{'(?P<name>init|W_regularizer|b_regularizer|batch_input_shape|"
        r"input_length|border_mode|subsample|nb_filter|weights)'",
        _("{name} was an argument of layers in older versions of Keras; Keras 3 has it no more."),
        _("Give the input shape with `keras.Input((784,))`, and initializers as `kernel_initializer=`."),
    ),
    Diagnosis(
        r"Unrecognized keyword arguments passed to (?P<kind>\w+): \{'(?P<name>[^']*)'",
        _("A {kind} layer has no argument {name}."),
        _("Look at the spelling of {name}."),
    ),
    Diagnosis(
        r"Could not interpret activation function identifier: (?P<units>\d+)|"
        r"Dense\.__init__\(\) got multiple values for argument 'activation'",
        _("A number stands where Dense takes its activation: the second argument is activation, not units."),
        _("Dense takes only its own number of units; the inputs come from the layer before, or from `keras.Input`."),
    ),
    Diagnosis(
        r"Could not interpret activation function identifier: (?P<name>\S+)",
        _("Keras knows no activation named {name}."),
        _("Names of activations are lower-case words: `relu`, `sigmoid`, `softmax`, `tanh`."),
    ),
    Diagnosis(
        r"Could not interpret optimizer identifier: <class",
        _("compile() was given an optimizer's class, not an optimizer."),
        _("Write parentheses behind the class: `keras.optimizers.Adam()`."),
    ),
    Diagnosis(
        r"Could not interpret optimizer identifier: (?P<name>[^\s,]+)",
        _("Keras knows no optimizer named {name}."),
        _("Names of optimizers are lower-case words: `sgd`, `adagrad`, `rmsprop`, `adam`."),
    ),
    Diagnosis(
        r"Could not interpret loss identifier: (?P<name>[^\s,]+)",
        _("Keras knows no loss named {name}."),
        _("Look at the spelling: `sparse_categorical_crossentropy`."),
    ),
    Diagnosis(
        r"Could not interpret (?P<what>\w+) identifier: (?P<name>[^\s,]+)",
        _("Keras knows no {what} named {name}."),
        _("Look at the spelling."),
    ),
    Diagnosis(
        r"invalid value for `units`, expected a positive integer.*Received: units=[\[(]",
        _("A Dense layer was given a whole list of numbers as its units; it takes one number."),
        _("Go through the list in a loop, and make one layer for each number."),
    ),
    Diagnosis(
        r"invalid value for `units`, expected a positive integer.*Received: units=(?P<units>\S+)",
        _("The number of units must be a positive integer, which {units} is not here."),
        _("Write it without quotation marks and without a decimal point."),
    ),
    Diagnosis(
        r"Expected `trainable` to be a boolean.*Received: trainable=(?P<name>.*) \(of type <class 'str'>\)",
        _("The second positional argument of Sequential is trainable, not name."),
        _('Name the argument: `keras.Sequential([...], name="{name}")`.'),
    ),
    Diagnosis(
        r"Expected `trainable` to be a boolean|Argument `name` must be a string.*Received: name=<\w+ name=",
        _("Sequential was given its layers one by one; it takes one list of layers."),
        _("Put square brackets around the layers: `keras.Sequential([..., ...])`."),
    ),
    Diagnosis(
        r"Only instances of `keras\.Layer` can be added to a Sequential model\. Received: <class",
        _("A layer's class stands where a layer belongs."),
        _("Write parentheses behind the class, with its arguments: `keras.layers.Dense(100)`."),
    ),
    Diagnosis(
        r"Only instances of `keras\.Layer` can be added to a Sequential model\. Received: \[",
        _("A list of layers stands where one layer belongs."),
        _("`add()` takes one layer at a time; `keras.Sequential([...])` takes a list."),
    ),
    Diagnosis(
        r"Only instances of `keras\.Layer` can be added to a Sequential model\. Received: None",
        _("None stands where a layer belongs."),
        _("A function that makes a layer must hand it on: `return keras.layers.Dense(...)`."),
    ),
    Diagnosis(
        r"Only instances of `keras\.Layer` can be added to a Sequential model\. Received: <(?:function|bound method)",
        _("A function stands where a layer belongs."),
        _("Call a function that makes a layer, with parentheses; an activation goes into its layer, `activation=...`."),
    ),
    Diagnosis(
        r"Only instances of `keras\.Layer` can be added to a Sequential model",
        _("Something that is no layer of keras was put into a Sequential model."),
        _("Take all layers from `keras.layers` (or `tf.keras.layers`), and none from `tensorflow.python.keras`."),
    ),
    Diagnosis(
        r"All layers added to a Sequential model should have unique names.*Name '(?P<name>[^']*)'",
        _("Two layers of the model have the same name, {name}."),
        _("Give each layer a name of its own."),
    ),
    Diagnosis(
        r"Argument `name` must be a string and cannot contain character `/`",
        _("The name of a layer or model must be a string without a slash."),
    ),
    Diagnosis(
        r"Cannot convert '(?P<number>\d+)' to a shape",
        _("A number stands where a shape belongs."),
        _("A shape is a tuple; one of one number ends with a comma: `keras.Input(({number},))`."),
    ),
    Diagnosis(
        r"Input\(\) got an unexpected keyword argument 'input_shape'",
        _("keras.Input calls this argument shape."),
        _("Write `keras.Input(shape=(784,))`."),
    ),
    Diagnosis(
        r"The `data_format` argument must be one of|Flatten\.__init__\(\) takes",
        _("Flatten takes no shape as its first argument."),
        _("Give the shape before it: `keras.Input((28, 28))`, then `keras.layers.Flatten()`."),
    ),
    Diagnosis(
        r"\bcompile\(\) got an unexpected keyword argument '(?P<name>optimiser|metric|losses|optimizers)'",
        _("compile() has no argument {name}."),
        _("Its arguments are `optimizer`, `loss` and `metrics`."),
    ),
    Diagnosis(
        r"has no defined (?:input|output) shape yet|isn't built|You must build the layer|has never been called",
        _("The model or layer was never built, so it has no shapes and no weights yet."),
        _("Begin the model with `keras.Input((784,))`."),
    ),
    Diagnosis(
        r"of layer '(?P<name>[^']*)' is incompatible with the layer: expected (?:min_)?ndim=4, found ndim=3",
        _("The layer {name} takes images with a channel dimension, (28, 28, 1), and gets them without."),
        _("`keras.layers.Reshape((28, 28, 1))` before it adds the dimension; the grader's images are (28, 28)."),
    ),
    Diagnosis(
        r"must be fully-defined",
        _("A length of the inputs is unknown (None), so the layer cannot tell how many weights it has."),
        _("`keras.Input` takes the shape of one sample, `(784,)` or `(28, 28)`; it adds the batch dimension itself."),
    ),
    Diagnosis(
        r"[Ii]nvalid input shape for input|is incompatible with the layer|expected axis -?\d+ of input shape",
        _("The data do not have the shape that the model takes."),
        _("Compare the shape of the data with `model.input_shape`."),
    ),
    Diagnosis(
        r"You must call `compile\(\)`",
        _("The model was not compiled yet."),
        _("Call `model.compile(...)` first. The exercises need no training: the grader trains your model."),
    ),
    Diagnosis(
        r"KerasTensor (?:is symbolic|cannot be used)",
        _("A symbolic tensor of Keras was used as if it held numbers."),
        _("Inside a model use Keras's layers and `keras.ops` only, no NumPy and no `tf` functions."),
    ),
    Diagnosis(
        r"(?:cannot import name|No module named|has no attribute) '(?:[\w.]*\.)?np_utils",
        _("np_utils is gone from Keras 3."),
        _("What was in it stands in `keras.utils`, for example `keras.utils.to_categorical`."),
    ),
    Diagnosis(
        r"keras\.optimizers\.legacy",
        _("The legacy optimizers are gone from Keras 3."),
        _("Take the optimizer from `keras.optimizers`."),
    ),
    Diagnosis(
        r"(?:cannot import name|has no attribute) '(?P<name>sgd|adam|adagrad|rmsprop|RMSProp|Rmsprop|ADAM|AdaGrad|"
        r"adadelta|nadam|Sgd)'",
        _("Keras has no optimizer class named {name}; capitals matter."),
        _("The classes are `SGD`, `Adagrad`, `RMSprop` and `Adam`, all in `keras.optimizers`."),
    ),
    Diagnosis(
        r"No module named '(?P<name>(?:tensorflow\.)?(?:python\.)?keras\.(?:wrappers|engine|layers\.core|"
        r"layers\.normalization|layers\.advanced_activations|layers\.experimental|backend\.tensorflow_backend)[\w.]*)'",
        _("{name} belongs to an older version of Keras and is gone from Keras 3."),
        _("Layers stand in `keras.layers`, models in `keras`, optimizers in `keras.optimizers`."),
    ),
    Diagnosis(
        r"No module named '(?P<name>tensorflow\.(?:contrib|examples|python\.keras)[\w.]*)'",
        _("{name} is no part of TensorFlow 2.21."),
        _("Use `keras`; Fashion-MNIST comes from `keras.datasets.fashion_mnist.load_data()`."),
    ),
    Diagnosis(
        r"module 'tensorflow' has no attribute '(?P<name>Session|placeholder|global_variables_initializer|log|"
        r"get_variable|set_random_seed|InteractiveSession|ConfigProto|app|flags|layers|contrib)'",
        _("tf.{name} belongs to TensorFlow 1 and is gone."),
        _("TensorFlow 2 computes at once, without sessions and placeholders."),
    ),
    Diagnosis(
        r"'(?:Sequential|Functional)' object has no attribute '(?P<name>predict_classes|predict_proba|fit_generator)'",
        _("{name} is gone from Keras 3's models."),
        _("Use `model.predict(...)`, and `np.argmax(..., axis=-1)` on what it gives."),
    ),
    Diagnosis(
        r"module '(?:keras\._tf_keras\.)?(?P<module>keras[\w.]*)' has no attribute '(?P<name>\w+)'",
        _("{module} has nothing named {name}."),
        _("Look at the spelling: `keras.layers.Dense`, `keras.Sequential`, `keras.optimizers.SGD`."),
    ),
    Diagnosis(
        r"cannot import name '(?P<name>\w+)' from '(?P<module>(?:tensorflow\.)?keras[\w.]*)'",
        _("{module} has nothing named {name}."),
        _("Look at the spelling; capitals matter."),
    ),
    Diagnosis(
        r"URL fetch failure|Network is unreachable|Name or service not known|[Nn]ame resolution|Connection refused",
        _("The code tried to reach the network, and there is none while a submission is graded."),
        _("`keras.datasets.fashion_mnist.load_data()` works without it; other data are not needed."),
    ),
)
