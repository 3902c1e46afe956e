"""Libraries that redact personal numbers, each as one function from a text to what it found.

Every maker imports its library inside, so that one that is not installed is only reported.
"""

# The libraries are not part of the runtime and carry no types.
# mypy: disable-error-code="import-not-found, import-untyped"

import json
import logging
import shutil
import subprocess
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
    """redact-pii, which runs in Node: `npm install --prefix bench/node redact-pii` puts it in place."""
    if not shutil.which("node") or not (NODE / "node_modules" / "redact-pii").is_dir():
        raise ModuleNotFoundError("npm install --ignore-scripts --prefix bench/node redact-pii")
    program = (
        "const {SyncRedactor} = require('redact-pii'); const redactor = new SyncRedactor();"
        "require('readline').createInterface({input: process.stdin}).on('line', line =>"
        "  console.log(JSON.stringify(redactor.redact(JSON.parse(line)))))"
    )
    process = subprocess.Popen(
        ["node", "-e", program], cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )

    def scrub(text: str) -> Outcome:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(text) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline()), None

    return scrub
