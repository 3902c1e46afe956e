"""A browser by a name that its owner knows it by; the User-Agent itself is not kept."""

from typing import Final

# The first that is named wins: most browsers also name those that came before them.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Such as `Firefox, Windows`; empty for what is not known."""
    found = (
        next((name for sign, name in known if sign in user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
