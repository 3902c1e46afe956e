"""The dashboard and the alert rules ask for figures that the service really gives."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from feedback.watching.metrics import OUTCOMES, Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((DEPLOY / "dashboard.json").read_text())["panels"]
QUERIES = [
    *(rule["expr"] for rule in RULES),
    *(target["expr"] for panel in PANELS for target in panel["targets"]),
]


@pytest.fixture(scope="module")
def names() -> set[str]:
    families = text_string_to_metric_families(Metrics(("UK_NINO",)).text().decode())
    return {sample.name for family in families for sample in family.samples}


def asked(query: str) -> set[str]:
    return set(re.findall(r"\b(?:feedback|process)_[a-z_]+", query))


def test_every_figure_that_is_asked_for_is_given(names: set[str]):
    assert all(asked(query) <= names for query in QUERIES if query.partition("{")[0] != "up")
    assert len(PANELS) == 11


def test_every_figure_that_is_given_is_shown(names: set[str]):
    shown = set().union(*map(asked, QUERIES))
    ours = {
        re.sub(r"_(bucket|count|sum|created)\Z", "", name) for name in names if name.startswith("feedback_")
    }
    assert ours <= {re.sub(r"_(bucket|count|sum)\Z", "", name) for name in shown} | {
        name.removesuffix("_total") for name in shown
    }


def test_every_outcome_that_a_rule_names_exists():
    outcomes = {name for query in QUERIES for name in re.findall(r'outcome="([^"]+)"', query)}
    assert outcomes
    assert outcomes <= set(OUTCOMES)


def test_every_rule_says_what_to_do_first():
    for rule in RULES:
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")
