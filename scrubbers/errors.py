"""What can go wrong; no message ever holds a word of the text."""


class ScrubError(Exception):
    """The text could not be scrubbed and must not be kept; raised in place of whatever went wrong.

    It names no cause on purpose: a cause may quote the text.
    """

    def __init__(self) -> None:
        super().__init__("the text could not be scrubbed")


class UnknownKindError(ValueError):
    """A kind was asked for that no recognizer finds."""
