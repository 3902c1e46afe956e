"""The filters of the API as options of a command."""

from collections.abc import Mapping
from typing import Final

from feedback.errors import InvalidQuery, StartError
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
        t = Words(("en",)).translate("en")
        sentences = [
            f"--{_OPTIONS.get(fault.field, fault.field)} {rule_sentence(t, fault)}."
            for fault in problem.faults
        ]
    raise StartError(" ".join(sentences))
