"""A grader for deep-learning exercises: submissions answer questions, they never judge themselves."""

__version__ = "0.1.0"
