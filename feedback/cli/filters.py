"""The filters of the API as options of a command."""

from collections.abc import Mapping
from typing import Final

from feedback.errors import Fault, InvalidQuery, Problem, StartError
from feedback.http.problems import rule_sentence
from feedback.model import Filters, Status
from feedback.review.filters import parse_filters
from feedback.words import Words

# What the options are called where it is not as in the API.
_OPTIONS: Final = {"q": "search"}
_CHOICES: Final = {"status": tuple(Status), "useful": ("yes", "no")}


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
        f"{names.get(fault.field, fault.field)} {rule_sentence(t, fault)}{_choices(fault)}."
        for fault in problem.faults
    )


def _choices(fault: Fault) -> str:
    """Which choices there are, where that is the rule: no page shows them beside a command."""
    choices = _CHOICES.get(fault.field) if fault.rule == "not_choice" else None
    return f": {', '.join(choices)}" if choices else ""
