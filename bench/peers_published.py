"""Detectors written again in Python from the patterns that public services and old libraries publish.

Each is what its source says and no more: the pattern and what happens on a match. Where a source answers only
whether a text holds a number, the whole text counts as taken out, because that is what its readers then see.
"""

import re

from scrubbers.corpus.score import Found, Outcome

# alphagov/govuk_publishing_components, analytics-ga4/pii-remover.js: two letters, three pairs of digits, a
# letter from A to D, spaces or plus signs between them.
ANALYTICS_NINO = re.compile(r"[A-CEGHJ-OPR-TW-Z]{2}(\s+|\++)?(\d{2}(\s+|\++)?){3}[A-D]", re.IGNORECASE)
ANALYTICS_EMAIL = re.compile(r"[^\s=/?&#+]+(?:@|%40)[^\s=/?&+]+")
# alphagov/support-api, lib/field_which_may_contain_personal_information.rb: looked for without white space.
SUPPORT_NINO = re.compile(r"[a-zA-Z]{2}[0-9]{6}[a-zA-Z]")
# alphagov/classifyintentspipe, piiremover.py: six digits with any white space, the last letter optional.
INTENTS_NINO = re.compile(r"[a-zA-Z]{2}(?:\s*\d\s*){6}[a-zA-Z]?")
# alphagov/govuk-mobile-android-app, StringExtension.kt.
ANDROID_NINO = re.compile(r"[A-Za-z]{2} *[0-9]{2} *[0-9]{2} *[0-9]{2} *[A-Za-z]")
ANDROID_EMAIL = re.compile(r"[A-Za-z0-9+_.-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")

# madisonmay/CommonRegex and Poogles/piiregex: sixteen digits in fours, or fifteen or sixteen in a row.
COMMON_CARD = re.compile(r"(?:(?:\d{4}[- ]?){3}\d{4}|\d{15,16})(?!\d)")


def outcome(text: str, found: list[Found]) -> Outcome:
    """Return the redacted text and the findings, the first of two that overlap."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    redacted = text
    for item in reversed(kept):
        redacted = f"{redacted[: item.start]}[{item.kind}]{redacted[item.end :]}"
    return redacted, kept


def matches(kind: str, pattern: re.Pattern[str], text: str) -> list[Found]:
    """Return a finding for each match of a pattern."""
    return [Found(kind, match.start(), match.end()) for match in pattern.finditer(text)]


def govuk_analytics(text: str) -> Outcome:
    """GOV.UK's analytics remover, with its National Insurance and e-mail patterns."""
    return outcome(
        text, matches("EMAIL_ADDRESS", ANALYTICS_EMAIL, text) + matches("UK_NINO", ANALYTICS_NINO, text)
    )


def govuk_support(text: str) -> Outcome:
    """GOV.UK's detector for anonymous feedback: a match hides the whole comment."""
    if SUPPORT_NINO.search(re.sub(r"\s", "", text)):
        return outcome(text, [Found("UK_NINO", 0, len(text))])
    return text, []


def govuk_intents(text: str) -> Outcome:
    """GOV.UK's remover for survey answers, its National Insurance pattern."""
    return outcome(text, matches("UK_NINO", INTENTS_NINO, text))


def govuk_android(text: str) -> Outcome:
    """The GOV.UK app's redaction, its National Insurance and e-mail patterns."""
    return outcome(
        text, matches("EMAIL_ADDRESS", ANDROID_EMAIL, text) + matches("UK_NINO", ANDROID_NINO, text)
    )


def commonregex(text: str) -> Outcome:
    """CommonRegex, its card pattern; piiregex has the same."""
    return outcome(text, matches("CREDIT_CARD", COMMON_CARD, text))
