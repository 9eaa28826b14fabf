"""What Python, NumPy and scikit-learn say of common mistakes, and what to do about them."""

from __future__ import annotations

from typing import Final

from grader.checking.diagnosis import Diagnosis
from grader.language import _

PYTHON_DIAGNOSES: Final = (
    Diagnosis(
        r"^NotImplementedError:",
        _("The line `raise NotImplementedError` of the exercise file still stands in the function."),
        _("Put your own code in its place."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>keras)' is not defined",
        _("keras is used, but not imported."),
        _("Write `import keras` at the top of the file."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>tf|tensorflow)' is not defined",
        _("{name} is used, but TensorFlow is not imported by that name."),
        _("Write `import tensorflow as tf` at the top of the file."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>np|numpy)' is not defined",
        _("{name} is used, but NumPy is not imported by that name."),
        _("Write `import numpy as np` at the top of the file."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>train_test_split)' is not defined",
        _("{name} is used, but not imported."),
        _("Write `from sklearn.model_selection import train_test_split` at the top of the file."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>Dense|Flatten|Input|Sequential|SGD|Adam|Adagrad|RMSprop)' is not defined",
        _("{name} is used, but not imported."),
        _("Write `import keras`, and the full name: `keras.layers.Dense`, `keras.Sequential`, `keras.optimizers.SGD`."),
    ),
    Diagnosis(
        r"^NameError: name '(?P<name>[^']*)' is not defined",
        _("The name {name} has no value at this point."),
        _("Look at its spelling, and whether it is imported or assigned in this file, above this line."),
    ),
    Diagnosis(
        r"^UnboundLocalError:.* variable '(?P<name>[^']*)'",
        _("The variable {name} is used before the function gives it a value."),
        _("Give it another name than the one outside the function, or pass it in as an argument."),
    ),
    Diagnosis(
        r"^TypeError: .*missing \d+ required positional arguments?:|"
        r"takes from (?:[2-9]|\d\d+) to \d+ positional arguments but [01] w",  # what NumPy says of its functions
        _("A function was called with fewer arguments than it has parameters without a default."),
        _(
            "Compare the call with what the function takes. The exercise's own functions take what the task says, in "
            "that order and with those defaults."
        ),
    ),
    Diagnosis(
        r"^TypeError: .*takes .*positional arguments? but \d+ (?:was|were) given",
        _("A function was called with more arguments than it has parameters."),
        _(
            "Compare the call with what the function takes. The exercise's own functions take what the task says, in "
            "that order and with those defaults."
        ),
    ),
    Diagnosis(
        r"^TypeError: .*unexpected keyword argument '(?P<name>[^']*)'",
        _("A function was called with an argument named {name}, which it does not have."),
        _("Look at the spelling of {name}, and at the function's own parameters."),
    ),
    Diagnosis(
        r"^(?:AttributeError|TypeError): 'NoneType' object",
        _("A value is None here that should be something else."),
        _("A function without `return` gives None; so do `compile()`, `add()` and `build()`."),
    ),
    Diagnosis(
        r"^TypeError: unsupported operand type\(s\) for .*'NoneType'",
        _("A value is None here that should be a number or an array."),
        _("A function without `return` gives None."),
    ),
    Diagnosis(
        r"^AttributeError: 'str' object has no attribute '(?P<name>[^']*)'",
        _("A string stands where an object is expected that has {name}."),
        _("Optimizers, losses and metrics may be given by their names too: pass on what comes, whichever it is."),
    ),
    Diagnosis(
        r"^TypeError: 'module' object is not callable",
        _("A module was called as if it were a function or a class."),
        _("Write the name of the function or class behind the module: `keras.layers.Dense(...)`."),
    ),
    Diagnosis(
        r"^TypeError: '(?P<name>\w+)' object is not callable",
        _("Parentheses stand behind a value that is no function ({name})."),
        _("Is a function's name used for a variable too, or is an operator missing before the parenthesis?"),
    ),
    Diagnosis(
        r"truth value of an array with more than one element is ambiguous",
        _("A whole array was asked whether it is true, as `if`, `and`, `max` and `min` of Python do."),
        _("Work on all elements at once: `np.maximum(0, z)` or `np.where(condition, a, b)`."),
    ),
    Diagnosis(
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        _("A whole array stands where one number is needed."),
        _("NumPy's functions work on all elements: `np.exp` rather than `math.exp`, `astype` rather than `float`."),
    ),
    Diagnosis(
        r"Cannot cast ufunc '\w+' output from dtype\('(?P<made>\w+)'\) to dtype\('(?P<kept>\w+)'\)",
        _("An operation in place (`/=`, `*=`) cannot keep {made} numbers in an array of {kept}."),
        _("Make a new array instead: `scaled = images / 255`."),
    ),
    Diagnosis(
        r"cannot reshape array of size (?P<size>\d+) into shape \((?P<row>\d+),?\)",
        _("{size} numbers cannot be cut into rows of {row}: some would be left over."),
        _("The lengths of one sample, multiplied, are the length of its row; an image has 28 x 28 pixels."),
    ),
    Diagnosis(
        r"cannot reshape array of size (?P<size>\d+) into shape (?P<shape>\([\d,]*(?:newaxis)?\))",
        _("An array of {size} numbers cannot have the shape {shape}."),
        _("Take the number of rows from the array itself, `len(images)`; each row has 28 x 28 numbers."),
    ),
    Diagnosis(
        r"inhomogeneous shape|setting an array element with a sequence",
        _("The rows have different lengths, so no array can be made of them."),
    ),
    Diagnosis(
        r"operands could not be broadcast together with shapes (?P<one>\([\d,]*\)) (?P<other>\([\d,]*\))",
        _("The shapes {one} and {other} do not fit together."),
    ),
    Diagnosis(
        r"Found input variables with inconsistent numbers of samples",
        _("train_test_split was given inputs and targets of different numbers of samples."),
    ),
    Diagnosis(
        r"Input should have at least 1 dimension.*got scalar",
        _("train_test_split was given a number among its arrays."),
        _("Name the settings, `test_size=0.2` and `random_state=42`: everything without a name is an array to split."),
    ),
    Diagnosis(
        r"^ValueError: (?:too many|not enough) values to unpack",
        _("The number of names on the left is not the number of values on the right."),
        _("`train_test_split(inputs, targets)` gives four arrays: two of inputs, then two of targets."),
    ),
    Diagnosis(
        r"^TypeError: unsupported operand type\(s\) for (?P<operator>\S+): 'list'",
        _("A list does not compute: the operator {operator} needs a NumPy array."),
        _("Make an array of it: `np.array(...)`."),
    ),
    Diagnosis(
        r"^TypeError: unsupported operand type\(s\) for .*'(?:builtin_function_or_method|function|type)'",
        _("A function or a class stands where a number or an array is needed."),
        _(
            "Is a name misspelled (`input` is a function of Python), or are the parentheses missing that call the "
            "function?"
        ),
    ),
    Diagnosis(
        r"^TypeError: 'list' object cannot be interpreted as an integer",
        _("A list stands where an integer is needed."),
        _("`for item in items:` goes through a list; `range` takes a number, such as `len(items)`."),
    ),
    Diagnosis(
        r"^TypeError: 'float' object cannot be interpreted as an integer",
        _("A float stands where an integer is needed."),
        _("`/` always gives a float; `//` divides integers."),
    ),
    Diagnosis(
        r"^TypeError: 'tuple' object does not support item assignment",
        _("A tuple cannot be changed."),
        _("Make a list first, or a new tuple."),
    ),
    Diagnosis(
        r"Tensor' object (?:does not support item assignment|has no attribute)",
        _("A TensorFlow tensor cannot be used like a NumPy array here."),
        _("Make a NumPy array of it: `.numpy()`."),
    ),
    Diagnosis(
        r"module 'numpy' has no attribute '(?P<name>float|int|bool|object|str)'",
        _("np.{name} is gone from NumPy."),
        _("Write `{name}` alone, or a dtype such as `np.float32`."),
    ),
    Diagnosis(
        r"^RecursionError:",
        _("The function calls itself again and again without coming to an end."),
        _("Look for a call of the function inside itself, perhaps through a helper of the same name."),
    ),
    Diagnosis(
        r"^(?:MemoryError|ResourceExhaustedError):|Unable to allocate",
        _("The memory that a submission may use did not suffice."),
        _("Look at the shapes: is an array far larger than it needs to be?"),
    ),
    Diagnosis(
        r"^ZeroDivisionError:",
        _("Something was divided by zero."),
        _("Which number can be 0 for the smallest input that the exercise allows?"),
    ),
    Diagnosis(
        r"^IndexError:",
        _("An index points past the end."),
        _(
            "Does a loop go one step too far, as with `[i + 1]`? Is a number of items taken for granted? A list may be "
            "empty or have only one item."
        ),
    ),
    Diagnosis(
        r"^ModuleNotFoundError: No module named '(?P<name>[^']*)'",
        _("There is no module {name} where submissions are graded."),
        _("NumPy, scikit-learn, TensorFlow and Keras are available; matplotlib and pandas mostly are."),
    ),
    Diagnosis(
        r"^ImportError: cannot import name '(?P<name>[^']*)' from '(?P<module>[^']*)'",
        _("{module} has nothing named {name}."),
        _("Look at the spelling; capitals matter."),
    ),
    Diagnosis(
        r"^FileNotFoundError:|No such file or directory",
        _("The code looks for a file, and a submission sees no files but its own."),
        _("Everything a function needs comes to it as arguments."),
    ),
    Diagnosis(
        r"^(?:PermissionError|BlockingIOError):|Operation not permitted",
        _("The code tried something that a submission may not do: files, the network or other programs."),
        _("Everything a function needs comes to it as arguments."),
    ),
    Diagnosis(
        r"^URLError:|^(?:gaierror|ConnectionError|HTTPError|ConnectionRefusedError|MaxRetryError):",
        _("The code tried to reach the network, and there is none while a submission is graded."),
        _("`keras.datasets.fashion_mnist.load_data()` works without it; other data are not needed."),
    ),
    Diagnosis(
        r"^EOFError:",
        _("The code waits for something to be typed (`input()`), and nobody is there to type."),
        _("Take values as arguments of the function instead."),
    ),
    Diagnosis(
        r"^SystemExit:",
        _("The code ended the program, with `exit()`, `quit()` or `sys.exit()`."),
        _("Return a value instead."),
    ),
    Diagnosis(
        r"^KeyboardInterrupt:",
        _("The code raised KeyboardInterrupt."),
    ),
)
