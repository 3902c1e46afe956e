"""The labelled texts: reproducible, valid by their own rules, varied, safe to publish."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum import iban, luhn
from stdnum.gb import nhs, utr

from scrubbers import catalogue
from scrubbers.corpus import generate, sentences
from scrubbers.corpus.reading import letters_and_digits, only_digits
from scrubbers.corpus.record import FAMILIES, FOLDER, Record, Span, parse, read
from scrubbers.recognizers import names

RECORDS = tuple(read())
# HMRC NIM39110, written here a second time so that the corpus does not vouch for itself.
NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?")
OTHER_NINO = {
    "nino: temporary number": re.compile(r"TN\d{6}[MF]"),
    "nino: temporary reference": re.compile(r"\d\d[A-Z]\d{5}"),
    "nino: administrative prefix": re.compile(r"(OO|CR|FY|MW|NC|PP|PY|PZ)\d{6}[A-D]"),
}
CARD = re.compile(
    r"4\d{12}(\d{3}|\d{5}|\d{6})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(0|6|8|9)\d{12}(\d\d)?|6\d{11,18}|35\d{14}|(2131|1800)\d{11}|81\d{14}|5\d{11,18}|220\d{13}"
)
KINDS = {kind.name for kind in catalogue.KINDS} - {*names.KINDS}
OTHER_CARD = {"card: one wrong digit", "card: unionpay without check digit"}


def spans(*kinds: str) -> list[tuple[Record, Span]]:
    return [(record, span) for record in RECORDS for span in record.spans if span.kind in kinds]


def test_the_generator_writes_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    generate.write(tmp_path)
    committed = {path.name: path.read_bytes() for path in FOLDER.glob("*.jsonl")}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == committed


def test_each_line_reads_back_as_it_was_written() -> None:
    assert all(parse(record.line()) == record for record in RECORDS)


def test_no_text_and_no_id_stands_twice() -> None:
    assert Counter(record.text for record in RECORDS).most_common(1)[0][1] == 1
    assert Counter(record.id for record in RECORDS).most_common(1)[0][1] == 1


def test_each_class_and_each_family_has_at_least_twenty_texts() -> None:
    assert min(Counter(record.name for record in RECORDS).values()) >= 20
    assert set(FAMILIES) == {record.family for record in RECORDS}


def test_the_corpus_is_as_large_and_as_varied_as_it_says() -> None:
    classes = {record.name for record in RECORDS}
    assert len(classes) >= 150
    assert sum(record.family == "clean" for record in RECORDS) >= 2500
    assert sum(record.lang == "cy" for record in RECORDS) >= 2000
    written = {
        frame
        for name in ("positive", "negative", "feedback")
        for lang in ("en", "cy")
        for frames in sentences.sections(f"{name}.{lang}").values()
        for frame in frames
    }
    assert len(written) >= 600


def test_every_kind_of_the_catalogue_that_needs_no_model_is_there() -> None:
    kinds = Counter(span.kind for record in RECORDS for span in record.spans)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 40


def test_spans_lie_in_the_text_in_order_and_apart() -> None:
    for record in RECORDS:
        ends = [0, *(span.end for span in record.spans)]
        assert all(end <= span.start for end, span in zip(ends, record.spans, strict=False)), record.id
        assert ends[-1] <= len(record.text)


def test_every_span_reads_as_its_value() -> None:
    for record, span in spans(*KINDS):
        value = letters_and_digits(span.value)
        reading = letters_and_digits(record.text[span.start : span.end])
        if span.kind == "CREDIT_CARD":
            assert only_digits(reading) == value, record.id
        elif record.name == "email: at and dot in words":
            assert value == reading.replace("AT", "").replace("D0T", ""), record.id
        elif span.kind == "PHONE_NUMBER":
            assert reading.endswith(value[1:]), record.id
        else:
            assert reading == value, record.id


def test_every_national_insurance_number_is_of_a_form_in_use() -> None:
    for record, span in spans("UK_NINO"):
        assert OTHER_NINO.get(record.name, NINO).fullmatch(span.value), record.id


def test_no_text_holds_the_number_of_a_real_person() -> None:
    assert not any("AB123456" in span.value for _, span in spans("UK_NINO"))


def test_every_card_is_of_a_network_and_passes_luhn_unless_its_class_says_otherwise() -> None:
    for record, span in spans("CREDIT_CARD"):
        if "*" not in span.value:
            assert CARD.fullmatch(span.value), record.id
            assert luhn.is_valid(span.value) != (record.name in OTHER_CARD), record.id


@pytest.mark.parametrize(
    ("kind", "valid"), [("UK_NHS", nhs.is_valid), ("UK_UTR", utr.is_valid), ("IBAN_CODE", iban.is_valid)]
)
def test_numbers_with_a_check_digit_pass_it(kind: str, valid: Callable[[str], bool]) -> None:
    assert all(valid(span.value) for _, span in spans(kind))


def test_telephone_numbers_are_of_the_ranges_that_ofcom_keeps_for_drama() -> None:
    drama = re.compile(r"07700900\d{3}|01632960\d{3}|02079460\d{3}|02920180\d{3}|01614960\d{3}")
    assert all(drama.fullmatch(span.value) for _, span in spans("PHONE_NUMBER"))


def test_ip_addresses_are_of_the_ranges_kept_for_documentation() -> None:
    texts = {record.text[span.start : span.end] for record, span in spans("IP_ADDRESS")}
    assert all(
        text.lower().startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")) for text in texts
    )


def test_clean_texts_hold_no_number_of_a_kind_that_is_on_by_default() -> None:
    off = {"UK_POSTCODE", "UK_VEHICLE_REGISTRATION"}
    clean = [record for record in RECORDS if record.family == "clean"]
    assert all(record.kind is None for record in clean)
    assert {span.kind for record in clean for span in record.spans} == off


def test_a_class_draws_the_same_texts_whatever_other_classes_there_are() -> None:
    manner = generate.FILES["uk_nino"][5]
    alone = generate.Writer().records(manner.name, manner.kind, manner.family, 5, generate.positive(manner))
    assert [record.text for record in alone] == [r.text for r in RECORDS if r.name == manner.name][:5]
