"""Speed of scrubbing National Insurance and card numbers: ours, a bare `re` scan, stock Presidio, others.

Ours through `Scrubber.scrub`; the scan with the two patterns of stock Presidio, which redacts nothing; stock
Presidio's AnalyzerEngine with both its recognizers; of the others those two kinds where they can be asked for
alone.
"""

import random
import re
import statistics
import time
import warnings
from collections.abc import Callable

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, UkNinoRecognizer

from bench import peers_libraries as libraries
from bench.measure import Measure, NotRun, Size, Yielded
from scrubbers import Scrubber

TABLE = "Scrubbing, µs for a clean text"
ROUNDS = 5  # in each turn
SHORT = 120
LONG = 10_000
WORDS = re.findall(
    r"\w+",
    "I tried to renew my parking permit on the page but it kept asking me to sign in again and then lost "
    "the form so could someone tell me where the council has put the opening times for the library because "
    "nothing here says one word about it thank you very much for your help with this",
)


def texts(length: int, count: int, share_with_numbers: float) -> list[str]:
    """Clean texts of about so many characters; some hold a date, a reference or a telephone number."""
    choice = random.Random(7)
    made = []
    for _ in range(count):
        words: list[str] = []
        while sum(map(len, words)) + len(words) < length:
            words.append(choice.choice(WORDS))
        if choice.random() < share_with_numbers:
            words[len(words) // 2] = choice.choice(
                ["on 12/03/2024", "ref 23/01234/FUL", "01632 960123", "£120.50"]
            )
        made.append(" ".join(words)[:length])
    return made


def bare_scan() -> Callable[[str], object]:
    """A scan with the patterns of stock Presidio and Python's `re`, with the flags that Presidio sets."""
    patterns = [
        re.compile(each.regex, re.DOTALL | re.MULTILINE | re.IGNORECASE)
        for recognizer in (UkNinoRecognizer, CreditCardRecognizer)
        for each in recognizer.PATTERNS
    ]
    return lambda text: [pattern.search(text) for pattern in patterns]


def stock_presidio() -> Callable[[str], object]:
    """Stock Presidio's engine with its two recognizers and no language model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine = AnalyzerEngine(
            registry=RecognizerRegistry([UkNinoRecognizer(), CreditCardRecognizer()]),
            nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
        )
    return lambda text: engine.analyze(text, "en", entities=["UK_NINO", "CREDIT_CARD"])


LIBRARIES: dict[str, Callable[[], Callable[[str], object]]] = {
    "scrubadub": lambda: libraries.scrubadub(every=False),
    "DataFog": libraries.datafog,
    "Sentry Relay": libraries.sentry_relay,
    "pii-guard": libraries.pii_guard,
    "piicleaner": libraries.piicleaner,
    "piigex": libraries.piigex,
    "redact-pii (Node)": libraries.redact_pii,
}


def medians(ways: dict[str, Callable[[str], object]], corpus: list[str], rounds: int) -> dict[str, float]:
    """Median over the rounds of the microseconds a text takes, the ways taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            for text in corpus:
                way(text)
            taken[name].append((time.perf_counter() - start) / len(corpus) * 1e6)
    return {name: statistics.median(each) for name, each in taken.items()}


def measures(size: Size) -> Yielded:
    """All that are installed, on short texts and on long ones."""
    ways: dict[str, Callable[[str], object]] = {
        "ours, NINO and card": Scrubber(kinds=[]).scrub,
        "ours, default kinds": Scrubber().scrub,
        "a bare re scan": bare_scan(),
        "stock Presidio": stock_presidio(),
    }
    for name, make in LIBRARIES.items():
        try:
            ways[name] = make()
        except ImportError as fault:
            yield NotRun.of(f"{TABLE}: {name}", fault)
    for what, corpus in {
        f"{SHORT} characters, 5 % with numbers": texts(SHORT, 200, 0.05),
        f"{LONG:,} characters": texts(LONG, 3, 0.0),
    }.items():
        yield Measure(TABLE, what, medians(ways, corpus, size.turns * ROUNDS))
