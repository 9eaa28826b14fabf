"""One run: from a submission to its report."""

from grader.grading.session import GradingOptions, Session, Trial, grade_submission
from grader.grading.withholding import as_shown

__all__ = ["GradingOptions", "Session", "Trial", "as_shown", "grade_submission"]
