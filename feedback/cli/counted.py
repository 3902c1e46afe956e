"""How many submissions, as one says it."""


def submissions(many: int) -> str:
    """`1 submission`, `2 submissions`, `12,345 submissions`."""
    return f"{many:,} submission{'' if many == 1 else 's'}"
