"""What a terminal shows and does not obey."""


def printable(text: str) -> str:
    """The text with `?` for each character that speaks to terminals, as pages and names of files may hold."""
    return "".join(each if each.isprintable() else "?" for each in text)
