"""One run: from a submission to its report."""

from grader.grading.session import GradingOptions, Session, grade_submission

__all__ = ["GradingOptions", "Session", "grade_submission"]
