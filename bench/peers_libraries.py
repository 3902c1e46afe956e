"""Libraries that redact personal numbers, each as one function from a text to what it found.

Every maker imports its library inside, so that one that is not installed is only reported.
"""

# The libraries are not part of the runtime and carry no types.
# mypy: disable-error-code="import-not-found, import-untyped"

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.peers_published import outcome
from scrubbers import Scrubber
from scrubbers.corpus.score import Found, Outcome, Scrub

BOTH = ("UK_NINO", "CREDIT_CARD")
NODE = Path(__file__).parent / "node"


def ours(*kinds: str) -> Scrub:
    """Our scrubber with the kinds given, or with its default ones."""
    scrubber = Scrubber(kinds=list(kinds) or None)

    def scrub(text: str) -> Outcome:
        result = scrubber.scrub(text)
        return result.text, [Found(each.kind, each.start, each.end) for each in result.findings]

    return scrub


def presidio(every: bool) -> Scrub:
    """Stock Presidio without a model: its NINO and card recognizers, or all that serve British text."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    names = ["UkNinoRecognizer", "CreditCardRecognizer"]
    if every:
        names += ["EmailRecognizer", "PhoneRecognizer", "IbanRecognizer", "IpRecognizer", "NhsRecognizer"]
        names += ["UkDrivingLicenceRecognizer", "UkPassportRecognizer", "UkPostcodeRecognizer"]
        names += ["UkVehicleRegistrationRecognizer"]
    nlp_engine = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}])
    nlp_engine.load()
    recognizers = [getattr(predefined_recognizers, name)() for name in names]
    registry = RecognizerRegistry(recognizers=recognizers)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=["en"])
    # The e-mail recognizer looks for a newer list of domains on the net and reports when it cannot.
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)

    def scrub(text: str) -> Outcome:
        found = [Found(each.entity_type, each.start, each.end) for each in analyzer.analyze(text, "en")]
        return outcome(text, found)

    return scrub


def scrubadub(every: bool) -> Scrub:
    """Scrubadub for Britain: its National Insurance and card detectors, or its default ones."""
    from scrubadub import Scrubber as Scrubadub

    names = {
        "national_insurance_number": "UK_NINO",
        "credit_card": "CREDIT_CARD",
        "email": "EMAIL_ADDRESS",
        "phone": "PHONE_NUMBER",
        "postalcode": "UK_POSTCODE",
        "drivers_licence": "UK_DRIVING_LICENCE",
        "vehicle_licence_plate": "UK_VEHICLE_REGISTRATION",
        "tax_reference_number": "UK_UTR",
    }
    scrubber = Scrubadub(locale="en_GB")
    if not every:
        for name in set(scrubber._detectors) - {"national_insurance_number", "credit_card"}:
            scrubber.remove_detector(name)

    def scrub(text: str) -> Outcome:
        filths = [each for filth in scrubber.iter_filth(text) for each in getattr(filth, "filths", [filth])]
        return outcome(
            text, [Found(names.get(each.type, each.type.upper()), each.beg, each.end) for each in filths]
        )

    return scrub


def datafog() -> Scrub:
    """DataFog's pattern engine, all its kinds."""
    from datafog import scan

    names = {"EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER", "DOB": "DATE_OF_BIRTH"}

    def scrub(text: str) -> Outcome:
        found = [Found(names.get(each.type, each.type), each.start, each.end) for each in scan(text).entities]
        return outcome(text, found)

    return scrub


def piicleaner() -> Scrub:
    """piicleaner's patterns in Rust, all its kinds; it has no card number."""
    from piicleaner import Cleaner

    names = {
        "nino": "UK_NINO",
        "email": "EMAIL_ADDRESS",
        "postcode": "UK_POSTCODE",
        "telephone": "PHONE_NUMBER",
    }
    cleaner = Cleaner()

    def scrub(text: str) -> Outcome:
        found = [
            Found(names.get(each["type"], each["type"].upper()), each["start"], each["end"])
            for each in cleaner.detect_pii(text)
        ]
        return outcome(text, found)

    return scrub


def pii_guard() -> Scrub:
    """pii-guard, all its kinds."""
    from pii_guard import PIIDetector

    names = {"EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER", "IBAN": "IBAN_CODE"}
    detector = PIIDetector()

    def scrub(text: str) -> Outcome:
        found = [
            Found(names.get(each.label, each.label), each.start, each.end) for each in detector.detect(text)
        ]
        return outcome(text, found)

    return scrub


def piigex() -> Scrub:
    """piigex, all its kinds; it has no National Insurance number."""
    from piigex import scan

    names = {"EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER", "IBAN": "IBAN_CODE"}

    def scrub(text: str) -> Outcome:
        return outcome(
            text, [Found(names.get(each.token, each.token), each.start, each.end) for each in scan(text)]
        )

    return scrub


def sentry_relay() -> Scrub:
    """Sentry Relay's common scrubbing rules, which have no National Insurance number."""
    from sentry_relay.processing import pii_strip_event

    config = {"applications": {"$string": ["@common"]}}

    def scrub(text: str) -> Outcome:
        event: dict[str, Any] = {"event_id": "0" * 31 + "1", "logentry": {"formatted": text}}
        after = pii_strip_event(config, event)["logentry"]["formatted"]
        return (after if isinstance(after, str) else ""), None

    return scrub


def redact_pii() -> Scrub:
    """redact-pii, which runs in Node, a line of JSON there and back for each text."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if not node or not (NODE / "node_modules" / "redact-pii").is_dir():
        raise ModuleNotFoundError("npm ci --prefix bench/node")
    program = (
        "const {SyncRedactor} = require('redact-pii'); const redactor = new SyncRedactor();"
        "require('readline').createInterface({input: process.stdin}).on('line', line =>"
        "  console.log(JSON.stringify(redactor.redact(JSON.parse(line)))))"
    )
    process = subprocess.Popen(
        [node, "-e", program], cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )

    def scrub(text: str) -> Outcome:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(text) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline()), None

    return scrub
