"""Every exception of the grader, in one tree that says who is to blame.

GraderError                     anything this program raises on purpose
├── UsageError                  the command or its input cannot be used (exit code 2)
│   ├── CourseError             a course folder that cannot be read
│   └── SubmissionError         a submission that cannot be found or read at all
├── InternalError               the grader's own fault: no grade is given (exit code 3)
│   ├── SandboxError            a subject could not be started
│   │   └── ConfinementError    full confinement was required and is not to be had here
│   └── TrainingError           the trainer failed, not the model that it trained
└── SubmissionFault             the submission's fault: the check that asked has failed
    ├── StudentError            the student's own code raised
    ├── LimitError              a limit was exceeded and the subject killed
    ├── SubjectDied             the subject ended by itself (`os._exit`, a segmentation fault)
    ├── ProtocolError           the subject sent something that is not an answer
    ├── AnswerError             an answer that may not cross, for example a class of the student's own
    └── ModelError              a model that cannot be rebuilt or trained as it is
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.language import Text
    from grader.records import Location


class GraderError(Exception):
    """The root of the tree. `message` is a translatable sentence for whoever reads it."""

    def __init__(self, message: Text | str) -> None:
        super().__init__(str(message))
        self.message = message


class UsageError(GraderError):
    """The command or its input cannot be used; the message says what to do."""


class CourseError(UsageError):
    """A course folder that cannot be read; the message names the file and the remedy."""


class SubmissionError(UsageError):
    """A submission that cannot be found or read at all."""


class InternalError(GraderError):
    """The grader failed; nothing is held against the submission."""


class SandboxError(InternalError):
    """A subject could not be started or asked, through no fault of the submission."""


class ConfinementError(SandboxError):
    """Full confinement was required and cannot be had on this machine."""


class TrainingError(InternalError):
    """The trainer failed by itself."""


class SubmissionFault(GraderError):  # noqa: N818 - a fault of the submission, not an error of the program
    """Something the submission did; the check that met it has failed.

    `location` is the student's own line, `printed` what the student's code wrote in that call.
    """

    def __init__(
        self,
        message: Text | str,
        *,
        hint: Text | str | None = None,
        location: Location | None = None,
        observed: Text | str | None = None,
        expected: Text | str | None = None,
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.location = location
        self.observed = observed
        self.expected = expected


class StudentError(SubmissionFault):
    """The student's own code raised an exception: `exception` is the name of its class, `text` what it said."""

    def __init__(
        self,
        message: Text | str,
        *,
        exception: str = "",
        text: str = "",
        hint: Text | str | None = None,
        location: Location | None = None,
    ) -> None:
        super().__init__(message, hint=hint, location=location)
        self.exception = exception
        self.text = text


class LimitError(SubmissionFault):
    """A limit was exceeded and the subject killed. `timed_out` tells time limits from the others."""

    def __init__(self, message: Text | str, *, timed_out: bool, hint: Text | str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.timed_out = timed_out


class SubjectDied(SubmissionFault):
    """The subject ended by itself."""


class ProtocolError(SubmissionFault):
    """Bytes from a subject that are no frame, no value, or no answer to what was asked."""


class AnswerError(SubmissionFault):
    """An answer of a kind that may not leave the subject, or too large for it."""


class ModelError(SubmissionFault):
    """A Keras object from a subject that cannot be rebuilt, compiled or trained."""
