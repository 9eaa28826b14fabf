"""Many runs: every submission of a cohort, on all cores or a cluster, and nothing lost."""

from grader.batch.holding import held_out
from grader.batch.keeping import Keeper, write_whole
from grader.batch.preparing import Plan, prepare
from grader.batch.running import Ended, Observer, run_batch
from grader.batch.summary import BatchSummary, PlannedFacts, ProblemFacts, others_in, summarize, verdicts_of

__all__ = [
    "BatchSummary",
    "Ended",
    "Keeper",
    "Observer",
    "Plan",
    "PlannedFacts",
    "ProblemFacts",
    "held_out",
    "others_in",
    "prepare",
    "run_batch",
    "summarize",
    "verdicts_of",
    "write_whole",
]
