"""What can go wrong; no message ever holds a word of the text."""


class ScrubError(Exception):
    """The text could not be scrubbed and must not be kept; raised in place of whatever went wrong.

    It names no cause on purpose: a cause may quote the text.
    """

    def __init__(self) -> None:
        super().__init__("the text could not be scrubbed")


class UnknownKindError(ValueError):
    """A kind was asked for that no recognizer finds."""


class MissingModelError(UnknownKindError):
    """Names are to be found, and the language model that finds them is not there."""

    def __init__(self) -> None:
        super().__init__(
            "PERSON and LOCATION need a spaCy model: install page-feedback[ner] and a model of your choice, "
            "such as en_core_web_lg"
        )


class InputError(ValueError):
    """A file is not what it was said to be; the message names the place and the rule, nothing of the file."""
