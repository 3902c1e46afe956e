"""Months by name, and makers of dates and times that are nobody's date of birth."""

from random import Random

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WELSH_MONTHS = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)


def date(rng: Random) -> str:
    """Return a date of these years, as people write it."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2019, 2026)
    name = MONTHS[month - 1]
    return rng.choice(
        (
            f"{day:02}/{month:02}/{year}",
            f"{day}/{month}/{year % 100}",
            f"{day} {name}",
            f"{day} {name} {year}",
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
            f"{day:02}-{month:02}-{year}",
            f"{name} {day}",
        )
    )


def time(rng: Random) -> str:
    """Return a time of day."""
    hour, minute = rng.randint(0, 23), rng.choice((0, 5, 15, 30, 45, 59))
    return rng.choice(
        (
            f"{hour:02}:{minute:02}",
            f"{hour % 12 + 1}.{minute:02}pm",
            f"{hour % 12 + 1}am",
            f"{hour:02}{minute:02}",
            f"{hour:02}:{minute:02}:{rng.randint(0, 59):02}",
        )
    )


def years(rng: Random) -> str:
    """Return a list of years."""
    first, count = rng.randint(1990, 2016), rng.randint(3, 8)
    return rng.choice((" ", ", ", "/", " & ", "\n")).join(str(first + i) for i in range(count))


def timestamp(rng: Random) -> str:
    """Return a time stamp in one of the forms that pages and logs print."""
    month, day, hour, minute, second = (
        rng.randint(1, 12),
        rng.randint(1, 28),
        rng.randint(0, 23),
        rng.randint(0, 59),
        rng.randint(0, 59),
    )
    year = rng.randint(2022, 2026)
    return rng.choice(
        (
            f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
            f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{rng.randint(0, 999999):06}",
            f"{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}",
            str(1_600_000_000 + rng.randrange(160_000_000)),
            str(1_600_000_000_000 + rng.randrange(160_000_000_000)),
            f"{day:02}/{month:02}/{year} {hour:02}:{minute:02}:{second:02}",
        )
    )
