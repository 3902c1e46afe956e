"""Whatever goes wrong inside, no text gets through and no error quotes it."""

import io
import logging
import random
import time
import traceback
from collections.abc import Callable

import pytest
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from scrubbers import Scrubber, ScrubError

SECRET = "CE123456C"
TEXT = f"my number is {SECRET}"


def _recurse(text: str) -> None:
    _recurse(text)


def _raise(error: type[BaseException]) -> Callable[[str], None]:
    def fault(text: str) -> None:
        raise error(text)

    return fault


FAULTS: dict[str, Callable[[str], None]] = {
    "raises": _raise(ValueError),
    "runs out of memory": _raise(MemoryError),
    "recurses": _recurse,
    "takes too long": lambda text: time.sleep(0.002),
    "stops": _raise(StopIteration),
    "breaks a codec": _raise(UnicodeError),
    "asserts": _raise(AssertionError),
    "times out": _raise(TimeoutError),
}


class Faulty(EntityRecognizer):
    """Fails in the given manner at every text."""

    def __init__(self, fault: Callable[[str], None]) -> None:
        super().__init__(["FAULTY"])
        self.fault = fault

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Fail."""
        self.fault(text)
        return []


class Misplaced(Faulty):
    """Reports places that are not in the text."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """A place outside the text."""
        return [RecognizerResult("FAULTY", -5, len(text) + 9, 1.0)]


def test_of_a_thousand_faults_none_lets_a_text_through() -> None:
    choice = random.Random(3)
    scrubbers = [Scrubber(recognizers=[Faulty(fault)], time_limit=0.001) for fault in FAULTS.values()]
    refused = 0
    for turn in range(1000):
        text = choice.choice(["", "words ", "\ud800"]) + SECRET * choice.randrange(1, 4)
        try:
            scrubbers[turn % len(scrubbers)].scrub(text)
        except ScrubError:
            refused += 1
    assert refused == 1000


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_error_log_or_traceback_quotes_the_text(
    fault: Callable[[str], None], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    scrubber = Scrubber(recognizers=[Faulty(fault)], time_limit=0.001)
    with pytest.raises(ScrubError) as caught:
        scrubber.scrub(TEXT)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    told = io.StringIO()
    traceback.print_exception(caught.value, file=told)
    ours = [entry.frame.f_locals for entry in caught.traceback if "scrubbers/scrubber.py" in str(entry.path)]
    assert ours
    assert SECRET not in repr(caught.value) + told.getvalue() + repr(ours)
    assert SECRET not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())


def test_a_place_outside_the_text_refuses_the_text() -> None:
    scrubber = Scrubber(recognizers=[Misplaced(_raise(ValueError))])
    with pytest.raises(ScrubError):
        scrubber.scrub("my number is 12")


def test_a_recognizer_that_finds_something_again_and_again_refuses_the_text() -> None:
    class Insatiable(Faulty):
        def analyze(
            self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
        ) -> list[RecognizerResult]:
            at = text.find("a")
            return [RecognizerResult("FAULTY", at, at + 1, 1.0)] if at >= 0 else []

    with pytest.raises(ScrubError):
        Scrubber(recognizers=[Insatiable(_raise(ValueError))]).scrub("a" * 50)
