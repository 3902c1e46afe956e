"""Speed of scrubbing National Insurance and card numbers, side by side in one run.

Ours through `Scrubber.scrub`, against a bare `re` scan of the two patterns of stock Presidio and against
stock Presidio's AnalyzerEngine with both its recognizers. Run: python -m bench.scrub_speed
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

from scrubbers import Scrubber

ROUNDS = 25
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


def medians(ways: dict[str, Callable[[str], object]], corpus: list[str]) -> dict[str, float]:
    """Median over the rounds of the microseconds a text takes, the ways taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            for text in corpus:
                way(text)
            taken[name].append((time.perf_counter() - start) / len(corpus) * 1e6)
    return {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    """Print the table."""
    ways = {
        "ours": Scrubber(kinds=[]).scrub,
        "ours, all default kinds": Scrubber().scrub,
        "bare re scan": bare_scan(),
        "stock Presidio": stock_presidio(),
    }
    print(f"{'clean texts':<40}{'way':<26}{'us a text':>12}{'MB/s':>10}{'to ours':>10}")
    for length, count, share in ((SHORT, 400, 0.05), (LONG, 10, 0.0)):
        corpus = texts(length, count, share)
        result = medians(ways, corpus)
        for name, taken in result.items():
            what = f"{length} characters, {share:.0%} with numbers"
            ratio = taken / result["ours"]
            print(f"{what:<40}{name:<26}{taken:>12.1f}{length / taken:>10.1f}{ratio:>10.2f}")


if __name__ == "__main__":
    main()
