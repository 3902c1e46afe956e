"""Each of our recognizers in an engine that is not ours."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from stdnum.gb import nhs, utr

from scrubbers import Scrubber
from scrubbers.catalogue import KINDS
from scrubbers.recognizers import RECOGNIZERS, names

EXAMPLES = {
    "UK_NINO": ("my number is CE 12 34 56 C", 13),
    "CREDIT_CARD": ("my number is 4111.1111.1111.1111", 13),
    "CARD_EXPIRY": ("4111 1111 1111 1111 exp 12/27", 24),
    "CARD_SECURITY_CODE": ("4111 1111 1111 1111 cvv 123", 24),
    "EMAIL_ADDRESS": ("write to sian@example.com", 9),
    "PHONE_NUMBER": ("my number is 07700 900123", 13),
    "UK_BANK_ACCOUNT": ("refund to 30-90-70 12345668", 10),
    "IBAN_CODE": ("refund to GB82 WEST 1234 5698 7654 32", 10),
    "UK_NHS": ("my NHS number is 999 000 0018", 17),
    "UK_DRIVING_LICENCE": ("licence MORGA657054SM9IJ", 8),
    "UK_PASSPORT": ("passport number 533380006", 16),
    "UK_UTR": ("my UTR is 1955839661", 10),
    "DATE_OF_BIRTH": ("born on 12/03/1970", 8),
    "UK_POSTCODE": ("I live in SA1 1AA", 10),
    "UK_VEHICLE_REGISTRATION": ("my car is CE12 ABC", 10),
    "IP_ADDRESS": ("blocked 192.0.2.1", 8),
}


@pytest.mark.filterwarnings("ignore:LemmaContextAwareEnhancer")
@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_recognizer_works_in_anybodys_analyzer_engine(kind: str) -> None:
    text, start = EXAMPLES[kind]
    own = [make() for make in RECOGNIZERS if kind in make().supported_entities]
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(own),
        nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
    )
    found = engine.analyze(text, "en", entities=[kind])
    assert [(each.entity_type, each.start, each.end) for each in found] == [(kind, start, len(text))]


def test_every_kind_of_the_catalogue_has_a_recognizer_and_the_other_way_round() -> None:
    found = {kind for make in RECOGNIZERS for kind in make().supported_entities}
    assert found | set(names.KINDS) == {kind.name for kind in KINDS}
    assert found == EXAMPLES.keys()


def test_a_pool_of_processes_finds_every_kind() -> None:
    scrubber = Scrubber(kinds=EXAMPLES)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        scrubbed = list(pool.map(scrubber.scrub, [text for text, _ in EXAMPLES.values()]))
    for kind, result in zip(EXAMPLES, scrubbed, strict=True):
        assert kind in {each.kind for each in result.findings}


def test_where_kinds_look_alike_check_digit_and_nearest_word_decide() -> None:
    # Ten digits that pass the checks of NHS numbers and of taxpayer references.
    both = (
        each for each in map(str, range(9990000000, 9990009999)) if nhs.is_valid(each) and utr.is_valid(each)
    )
    number = next(both)
    scrub = Scrubber().scrub
    assert scrub(f"NHS number {number}").text == "NHS number [UK_NHS]"
    assert scrub(f"UTR {number}").text == "UTR [UK_UTR]"
    assert scrub(f"NHS number {number}, UTR {number}").text == "NHS number [UK_NHS], UTR [UK_UTR]"
    assert scrub(f"reference {number}").text == f"reference {number}"
    assert scrub("NHS helpline 01632 960001").text == "NHS helpline [PHONE_NUMBER]"
    beside = "card 4111 1111 1111 1111, sort code 30-90-70 account 12345668"
    assert scrub(beside).text == "card [CREDIT_CARD], sort code [UK_BANK_ACCOUNT] account [UK_BANK_ACCOUNT]"
