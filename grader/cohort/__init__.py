"""Finding the submissions of a cohort: whoever handed in what, in whatever layout. Nothing is executed here."""

from grader.cohort.finding import find_cohort
from grader.cohort.records import Cohort, Layout, Problem
from grader.cohort.roster import read_roster
from grader.cohort.sources import Survey, imports_for, survey
from grader.cohort.trees import not_there

__all__ = ["Cohort", "Layout", "Problem", "Survey", "find_cohort", "imports_for", "not_there", "read_roster", "survey"]
