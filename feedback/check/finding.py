"""What the doctor says of one thing: how bad it is, what it is about, and one sentence with the remedy."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; in words, since a colour alone says nothing to some."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's; it holds no secret and nothing that visitors wrote."""

    level: Level
    subject: str
    sentence: str


def ok(subject: str, sentence: str) -> Finding:
    """What is as it should be."""
    return Finding(Level.OK, subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    """What works, but may be meant otherwise or break later."""
    return Finding(Level.WARNING, subject, sentence)


def problem(subject: str, sentence: str) -> Finding:
    """What keeps the service or the widget from working, or words from being safe."""
    return Finding(Level.PROBLEM, subject, sentence)
