"""Finds and redacts personal numbers in text; knows nothing of the web or of databases."""

from scrubbers.catalogue import RULES_VERSION, Kind
from scrubbers.errors import MissingModelError, ScrubError, UnknownKindError
from scrubbers.findings import Finding, Scrubbed
from scrubbers.scrubber import Scrubber

__all__ = [
    "RULES_VERSION",
    "Finding",
    "Kind",
    "MissingModelError",
    "ScrubError",
    "Scrubbed",
    "Scrubber",
    "UnknownKindError",
]
