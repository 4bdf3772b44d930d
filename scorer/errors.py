"""The errors that the library raises on purpose, each with what is wrong, where, and the remedy."""

from __future__ import annotations


class ScorerError(Exception):
    """Anything that is wrong with the data, the lexicons or the model; the command line prints it in one line."""


class InputError(ScorerError):
    """Input that cannot be read: its message names file, row and column where they are known, and the remedy."""


class LexiconError(ScorerError):
    """A lexicon file breaks its format: its message names the file and the line."""


class ModelError(ScorerError):
    """A model bundle is missing, altered, or of another version: its message says how to mend it."""
