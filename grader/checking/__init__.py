"""The vocabulary of checks: what an instructor imports to say what a submission must do.

    from grader.checking import check, expect
    from grader.language import _

    @check("build_model", points=2, title=_("The output layer has one unit for each class"))
    def test_output_units(student):
        model = student.build_model()
        expect(model.layers[-1].units, 10, hint=_("Fashion-MNIST has ten classes."))

`docs/writing-checks.md` has all of it with examples. pytest is imported when checks are run, and Keras when a model
crosses.
"""

from grader.checking.accuracies import diagnose_history, expect_accuracy, measured_accuracy
from grader.checking.arrays import expect_array
from grader.checking.calls import Call, CheckContext, SourceFacts, TrainedModel
from grader.checking.compiling import CompileSettings, compile_settings
from grader.checking.diagnosis import Diagnosis, diagnose_exception
from grader.checking.differences import LayerSpec, activation_name, layer
from grader.checking.display import show
from grader.checking.expectations import expect, expect_count, expect_shape, expect_unchanged
from grader.checking.failures import CheckFailed, award, fail, require
from grader.checking.kinds import expect_kind
from grader.checking.layers import expect_layers
from grader.checking.origins import origin, same_object, shares_weights
from grader.checking.recording import record_metric
from grader.checking.running import CheckRunner, collect_checks, run_checks
from grader.checking.runs import CheckRun, unasked_checks
from grader.checking.specs import CheckSpec, Mistake, check
from grader.checking.student import Student

__all__ = [
    "Call",
    "CheckContext",
    "CheckFailed",
    "CheckRun",
    "CheckRunner",
    "CheckSpec",
    "CompileSettings",
    "Diagnosis",
    "LayerSpec",
    "Mistake",
    "SourceFacts",
    "Student",
    "TrainedModel",
    "activation_name",
    "award",
    "check",
    "collect_checks",
    "compile_settings",
    "diagnose_exception",
    "diagnose_history",
    "expect",
    "expect_accuracy",
    "expect_array",
    "expect_count",
    "expect_kind",
    "expect_layers",
    "expect_shape",
    "expect_unchanged",
    "fail",
    "layer",
    "measured_accuracy",
    "origin",
    "record_metric",
    "require",
    "run_checks",
    "same_object",
    "shares_weights",
    "show",
    "unasked_checks",
]
