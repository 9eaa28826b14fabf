"""Sentences that are written once in English and read in any language of the program or the course."""

from grader.language.particles import with_particle
from grader.language.texts import Text, Translator, _

__all__ = ["Text", "Translator", "_", "with_particle"]
