"""The filters of the API as options of a command."""

from collections.abc import Mapping
from typing import Final

from feedback.errors import InvalidQuery, Problem, StartError
from feedback.http.problems import rule_sentence
from feedback.model import Filters
from feedback.review.filters import parse_filters
from feedback.words import Words

# What the options are called where it is not as in the API.
_OPTIONS: Final = {"q": "search"}


def read_filters(asked: Mapping[str, str]) -> Filters:
    """Read the filters; raises StartError with the API's rules, told in the names of the options."""
    try:
        return parse_filters(asked)
    except InvalidQuery as problem:
        names = {fault.field: f"--{_OPTIONS.get(fault.field, fault.field)}" for fault in problem.faults}
        refused = StartError(sentences(problem, names))
    raise refused


def sentences(problem: Problem, names: Mapping[str, str]) -> str:
    """The rules that fields break, one sentence each, by the names that the command has for the fields."""
    t = Words(("en",)).translate("en")
    return " ".join(
        f"{names.get(fault.field, fault.field)} {rule_sentence(t, fault)}." for fault in problem.faults
    )
