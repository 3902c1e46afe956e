"""Scrubs what submissions about one page have in common: its address and its title."""

from typing import Final

from feedback.intake.sites import Address
from scrubbers import Scrubbed, Scrubber

# Texts that are remembered, and their longest: a few megabytes at most.
_MANY: Final = 8_192
_LONGEST: Final = 512  # characters


def scrub_address(page: Address, scrubber: Scrubber) -> tuple[Scrubbed, Scrubbed]:
    """Site and path, scrubbed; a number that runs from the port into the path takes the path with it."""
    whole = scrubber.scrub(page.site + page.path)
    border = len(page.site)
    across = next((finding for finding in whole.findings if finding.start < border < finding.end), None)
    if across is None:
        return scrubber.scrub(page.site), scrubber.scrub(page.path)
    return scrubber.scrub(page.site[: across.start].rstrip(":")), scrubber.scrub(f"/[{across.kind}]")


class PageScrubber:
    """Scrubs sites, paths and titles, and remembers those in which nothing was found.

    A page is the same for all who visit it, so that its address is scrubbed once and not each time. A text in
    which something was found is never kept: what is remembered is what the database holds anyway.
    """

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._clean: dict[str | Address, tuple[Scrubbed, ...]] = {}

    def address(self, page: Address) -> tuple[Scrubbed, Scrubbed]:
        """Site and path, scrubbed."""
        known = self._clean.get(page)
        if known:
            return known[0], known[1]
        texts = scrub_address(page, self._scrubber)
        self._remember(page, len(page.site) + len(page.path), texts)
        return texts

    def title(self, title: str) -> Scrubbed:
        """The title, scrubbed."""
        known = self._clean.get(title)
        if known:
            return known[0]
        text = self._scrubber.scrub(title)
        self._remember(title, len(title), (text,))
        return text

    def _remember(self, key: str | Address, length: int, texts: tuple[Scrubbed, ...]) -> None:
        if length > _LONGEST or any(text.findings for text in texts):
            return
        if len(self._clean) >= _MANY:
            # Rarely so: made-up addresses. Starting anew is simpler than an order to keep.
            self._clean.clear()
        self._clean[key] = texts
