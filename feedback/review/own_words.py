"""What somebody on the web team types for keeping, scrubbed as a visitor's words are: people paste."""

from contextlib import suppress

from feedback.errors import Fault, Invalid, Unavailable
from scrubbers import Scrubbed, Scrubber


def scrub_own(field: str, text: object, limit: int, scrubber: Scrubber) -> Scrubbed:
    """The text of a form's field, at most `limit` characters, scrubbed.

    Raises Invalid for what is no text or too long, and Unavailable when the scrubber fails: nothing is kept.
    """
    if not isinstance(text, str) or not text.strip():
        raise Invalid(Fault(field, "required"))
    if len(text) > limit:
        raise Invalid(Fault(field, "too_long", limit))
    if "\0" in text:
        raise Invalid(Fault(field, "bad_character"))
    with suppress(Exception):  # whatever went wrong, the text must not get past this line
        return scrubber.scrub(text.strip())
    # Not raised while handling the other error: as its context that one would carry the text along.
    raise Unavailable
