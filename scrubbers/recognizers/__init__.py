"""Presidio recognizers for numbers that identify a person; each works in anybody's AnalyzerEngine."""

from scrubbers.recognizers.credit_card import CreditCardRecognizer
from scrubbers.recognizers.uk_nino import UkNinoRecognizer

RECOGNIZERS = (UkNinoRecognizer, CreditCardRecognizer)
"""All of them, in the order in which our engine asks them."""

__all__ = ["RECOGNIZERS", "CreditCardRecognizer", "UkNinoRecognizer"]
