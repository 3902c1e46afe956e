"""Submissions as honest people and as spammers send them, and what the judge makes of them, as a table.

python -m tests.spam.samples writes the table into docs/spam.md.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.intake.sites import Address
from feedback.intake.spam import SPAM_SCORE, SpamJudge
from feedback.intake.submission import Submission
from feedback.model import Spam

SITE: Final = "https://www.example.gov.uk"
PAGE: Final = "docs/spam.md"
BEGIN: Final = "<!-- samples -->\n"
END: Final = "<!-- end of samples -->\n"


@dataclass(frozen=True)
class Sample:
    """Words, and how they came: so often, about so many pages of one network, so fast."""

    words: str
    elapsed: float | None = 12.0  # seconds
    times: int = 1
    pages: int = 1
    honeypot: bool = False

    @property
    def manner(self) -> str:
        """What is unusual about how it came."""
        return ", ".join(
            said
            for said, holds in (
                (f"after {self.elapsed} s", self.elapsed is not None and self.elapsed < 5),
                (f"{self.times} times", self.times > 1),
                (f"about {self.pages} pages", self.pages > 1),
                ("hidden field filled in", self.honeypot),
            )
            if holds
        )


HONEST: Final = (
    Sample("", elapsed=0.8),
    Sample("Yes", elapsed=2.0),
    Sample("yes", times=50),
    Sample("No"),
    Sample("bins?"),
    Sample("??"),
    Sample("5"),
    Sample("👍"),
    Sample("N/A", elapsed=1.6),
    Sample("ok thx"),
    Sample("HELP!!!!!!!!"),
    Sample("noooooooooo"),
    Sample("pdf"),
    Sample("Knightsbridge"),
    Sample("catchphrase strengths"),
    Sample("NHS DWP HMRC PIP ESA UC"),
    Sample("it doesn't work", times=50),
    Sample("I can't find what I'm looking for", times=50),
    Sample("Do"),
    Sample("Ie"),
    Sample("Na"),
    Sample("biniau?"),
    Sample("cwrw cwm wrth fy ngŵr"),
    Sample("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"),
    Sample("gwrthgyferbyniad ysgrifenyddes"),
    Sample("Dydy'r dudalen ddim yn gweithio ar fy ffôn", times=3),
    Sample("Ble mae'r ffurflen Gymraeg?"),
    Sample("My number is [UK_NINO] and it says it is wrong"),
    Sample("the link to https://www.gov.uk/council-tax is broken"),
    Sample("these both fail: https://www.example.gov.uk/bins and https://www.example.gov.uk/waste"),
    Sample("Compare www.nhs.uk, which is clear"),
    Sample("Szczebrzeszyn"),
    Sample("Пожалуйста, добавьте карту"),
    Sample("كيف أدفع الفاتورة؟"),
    Sample("The days are wrong on this page, we are Tuesday", pages=9),
    Sample("Typed this in a hurry", elapsed=1.6),
)
SPAM: Final = (
    Sample("Great page", honeypot=True),
    Sample("Best casino https://casino.example https://slots.example https://win.example"),
    Sample("visit <a href=https://pills.example>cheap pills</a>"),
    Sample("[url=https://loans.example]quick loans[/url]"),
    Sample("Nice article! More at https://seo.example/page", elapsed=0.4),
    Sample("SEO https://rank.example and https://links.example", elapsed=1.0),
    Sample("asdfasdf"),
    Sample("qwertyuiop"),
    Sample("xkdjfhgskdjfh"),
    Sample("hJKlmnbvcxzqw wrtpsdfgh"),
    Sample("We offer website design at low prices, call us now or write to us today", times=6),
    Sample("Increase your traffic today with our proven service https://seo.example", times=3),
    Sample("I have read your page with great interest", pages=30),
    Sample("Earn money from home today, ask me how", elapsed=0.9, pages=12),
)


def submission(sample: Sample) -> Submission:
    """The submission of a sample, as far as the judge looks at it."""
    return Submission(
        page=Address(SITE, "/bins"),
        title=None,
        lang=None,
        id=None,
        useful=None,
        doing=None,
        comment=None,
        elapsed=sample.elapsed,
        honeypot=sample.honeypot,
    )


def judged(sample: Sample) -> Spam:
    """What the judge says of the last of the submissions of a sample, all within some minutes."""
    judge = SpamJudge()
    spam = Spam()
    for number in range(max(sample.times, sample.pages)):
        # Spread over networks unless it is about one network's many pages, and worded anew then.
        client = "203.0.113.9" if sample.pages > 1 else f"10.0.{number}.9"
        words = sample.words if sample.times > 1 else f"{sample.words}{'.' * number}"
        page, now = f"/page-{number % sample.pages}", 1_000_000 + number * 1000
        spam = judge.judge(submission(sample), page, words, client, now)
    return spam


def table() -> str:
    """All samples with their scores."""
    lines = ["| words | how they came | score | reasons |", "|---|---|---|---|"]
    for title, samples in (("honest", HONEST), ("spam", SPAM)):
        lines.append(f"| **{title}** | | | |")
        for sample in samples:
            spam = judged(sample)
            words = f"`{sample.words}`" if sample.words else "(a vote alone)"
            reasons = ", ".join(spam.reasons)
            lines.append(f"| {words} | {sample.manner} | {spam.score:.2f} | {reasons} |".replace("  ", " "))
    marked = [sum(judged(each).score >= SPAM_SCORE for each in samples) for samples in (HONEST, SPAM)]
    lines.append("")
    lines.append(
        f"Marked as spam: {marked[0]} of {len(HONEST)} honest samples, {marked[1]} of {len(SPAM)} of spam."
    )
    return "\n".join(lines) + "\n"


def page_with_table(text: str) -> str:
    """The page of the docs with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    path = Path(__file__).parents[2] / PAGE
    path.write_text(page_with_table(path.read_text()))
