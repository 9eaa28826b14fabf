"""A course that proves itself: its stubs, solutions, checks, texts and wrong answers, and mutants of the solutions."""

from grader.verification.findings import Finding, Mutation, Severity, Survivor, Verification
from grader.verification.mutants import Mutant, mutants_of
from grader.verification.mutation import MutationRun, run_mutants
from grader.verification.pages import verification_html
from grader.verification.proving import Depth
from grader.verification.verifying import verify

__all__ = [
    "Depth",
    "Finding",
    "Mutant",
    "Mutation",
    "MutationRun",
    "Severity",
    "Survivor",
    "Verification",
    "mutants_of",
    "run_mutants",
    "verification_html",
    "verify",
]
