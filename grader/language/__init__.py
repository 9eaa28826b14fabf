"""Sentences that are written once in English and read in any language of the program or the course."""

from grader.language.likeness import nearest
from grader.language.particles import with_particle
from grader.language.reasons import reason_of
from grader.language.texts import PROGRAM_CATALOGS, Text, Translator, _

__all__ = ["PROGRAM_CATALOGS", "Text", "Translator", "_", "nearest", "reason_of", "with_particle"]
