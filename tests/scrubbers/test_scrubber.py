"""The scrubber as a library: what it promises whatever the recognizers find."""

import ast
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import pytest
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from scrubbers import Finding, Scrubbed, Scrubber, ScrubError, UnknownKindError

TEXT = "my card is 4111 1111 1111 1111 and my NI number CE 12 34 56 C, thanks"
CLEAN = "my card is [CREDIT_CARD] and my NI number [UK_NINO], thanks"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber()


def test_findings_are_replaced_by_their_kind_in_brackets(scrubber: Scrubber) -> None:
    assert scrubber.scrub(TEXT).text == CLEAN


def test_findings_hold_offsets_into_the_original_and_never_the_value(scrubber: Scrubber) -> None:
    assert scrubber.scrub("my card is 4111 1111 1111 1111").findings == (Finding("CREDIT_CARD", 11, 30, 1.0),)


def test_scrubbing_again_changes_nothing(scrubber: Scrubber) -> None:
    assert scrubber.scrub(CLEAN) == scrubber.scrub(scrubber.scrub(CLEAN).text)
    assert scrubber.scrub(CLEAN).findings == ()


@pytest.mark.parametrize(
    "text", ["card [CREDIT_CARD] 1234 5678 9012 3456", "[UK_NINO] CE123456 [UK_NINO]", "CE[UK_NINO]123456C"]
)
def test_a_marker_is_no_word_and_nothing_reaches_across_it(scrubber: Scrubber, text: str) -> None:
    once = scrubber.scrub(text).text
    assert scrubber.scrub(once).text == once


def test_an_unknown_kind_refuses_to_start_and_names_the_known_ones() -> None:
    with pytest.raises(UnknownKindError, match="the kinds are UK_NINO, CREDIT_CARD") as caught:
        Scrubber(kinds=["UK_NIN0"])
    assert "UK_NIN0" not in str(caught.value)


def test_the_kinds_that_are_always_on_cannot_be_turned_off() -> None:
    assert Scrubber(kinds=[]).scrub(TEXT).text == CLEAN


def test_an_allowed_value_stays_however_it_is_written() -> None:
    scrubber = Scrubber(allow=["ce123456c"])
    for text in ("CE 12 34 56 C", "ce-12-34-56-c", "CE123456C"):
        assert scrubber.scrub(text).text == text
    assert scrubber.scrub("CE 12 34 57 C").text == "[UK_NINO]"


def test_the_example_of_the_design_system_is_allowed(scrubber: Scrubber) -> None:
    text = "your National Insurance number looks like QQ 12 34 56 C"
    assert scrubber.scrub(text).text == text


def test_a_scrubbed_text_is_made_by_the_scrubber_alone() -> None:
    with pytest.raises(TypeError):
        Scrubbed("CE 12 34 56 C", (), object())


def test_a_scrubbed_text_never_changes(scrubber: Scrubber) -> None:
    scrubbed = scrubber.scrub("hello")
    with pytest.raises(AttributeError):
        scrubbed.text = "other"
    with pytest.raises(AttributeError):
        del scrubbed.text


def names(path: Path) -> set[str]:
    """All names that a module reads, imports or takes from another."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        found |= {getattr(node, "id", ""), getattr(node, "attr", "")}
        found |= {alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias)}
    return found


def calls(path: Path) -> set[str]:
    """All names that a module calls."""
    called = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {getattr(each, "id", getattr(each, "attr", "")) for each in called}


def test_no_other_module_makes_a_scrubbed_text() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("feedback", "scrubbers")
        for path in (ROOT / folder).rglob("*.py")
        if "_seal" in names(path) or "Scrubbed" in calls(path)
    }
    assert makers == {"scrubbers/findings.py", "scrubbers/scrubber.py"}


def test_a_scrubber_and_its_results_can_be_pickled(scrubber: Scrubber) -> None:
    again = pickle.loads(pickle.dumps(scrubber))
    assert pickle.loads(pickle.dumps(again.scrub(TEXT))) == scrubber.scrub(TEXT)


def test_a_pool_of_processes_can_share_a_scrubber(scrubber: Scrubber) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert [each.text for each in pool.map(scrubber.scrub, [TEXT] * 4)] == [CLEAN] * 4


def test_a_stock_presidio_recognizer_can_be_added() -> None:
    bus = PatternRecognizer("BUS_ROUTE", patterns=[Pattern("bus", r"\bX\d\d\b", 0.6)])
    scrubber = Scrubber(recognizers=[bus])
    assert scrubber.kinds[-1] == "BUS_ROUTE"
    assert scrubber.scrub("the X12 and " + TEXT).text == "the [BUS_ROUTE] and " + CLEAN


class _Long(EntityRecognizer):
    """Finds the whole text, as a kind that scores less than a card."""

    def load(self) -> None:
        pass

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        return [RecognizerResult("WHOLE", 0, 20, 0.3)] if "[" not in text else []


def test_findings_that_overlap_become_one_of_the_better_kind() -> None:
    scrubbed = Scrubber(recognizers=[_Long(["WHOLE"])]).scrub("my card is 4111 1111 1111 1111")
    assert scrubbed.text == "[CREDIT_CARD]"
    assert scrubbed.findings == (Finding("CREDIT_CARD", 0, 30, 1.0),)


def test_an_error_holds_no_word_of_the_text() -> None:
    scrubber = Scrubber()
    with pytest.raises(ScrubError) as caught:
        scrubber.scrub(cast("str", 123))
    assert str(caught.value) == "the text could not be scrubbed"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_what_is_left_later_stays_but_never_a_kind_that_is_always_on():
    scrubber = Scrubber()
    scrubber.leave(["01632 960001", "4111 1111 1111 1111", "CE 12 34 56 C"])
    text = "call 01632 960 001, card 4111 1111 1111 1111, NI CE123456C"
    assert scrubber.scrub(text).text == "call 01632 960 001, card [CREDIT_CARD], NI [UK_NINO]"
    scrubber.leave([])
    assert scrubber.scrub("call 01632 960 001").text == "call [PHONE_NUMBER]"


def test_a_value_may_be_left_only_where_no_part_of_it_is_of_a_kind_that_is_always_on():
    scrubber = Scrubber()
    for value in ("01632 960001", "bins@example.gov.uk"):
        assert scrubber.may_leave(value)
    for value in ("CE123456C", "CE123456C@example.gov.uk", "4111111111111111@example.gov.uk"):
        assert not scrubber.may_leave(value)
    with pytest.raises(ScrubError) as caught:
        scrubber.may_leave(cast("str", 123))
    assert caught.value.__context__ is None
