"""Many runs: every submission of a cohort, in whatever layout it comes, on all cores or a cluster, and nothing lost."""

from grader.batch.finding import find_cohort
from grader.batch.holding import held_out
from grader.batch.keeping import Keeper
from grader.batch.machine import cores
from grader.batch.preparing import Plan, Settings, prepare
from grader.batch.records import Cohort, Layout, Problem
from grader.batch.roster import read_roster
from grader.batch.running import Hire, Observer, on_this_machine, run_batch
from grader.batch.summary import BatchSummary, PlannedFacts, ProblemFacts, summarize, verdicts_of

__all__ = [
    "BatchSummary",
    "Cohort",
    "Hire",
    "Keeper",
    "Layout",
    "Observer",
    "Plan",
    "PlannedFacts",
    "Problem",
    "ProblemFacts",
    "Settings",
    "cores",
    "find_cohort",
    "held_out",
    "on_this_machine",
    "prepare",
    "read_roster",
    "run_batch",
    "summarize",
    "verdicts_of",
]
