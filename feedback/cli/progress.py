"""How far long work is: a bar on the terminal's standard error, and nothing at all anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

_LOOK_EVERY = 0.1  # seconds


@contextmanager
def shown(label: str, total: int | None, *, beside: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar of `total` steps (None: nobody knows how many); gives what tells it how many are done.

    `beside`: the work writes to standard output; where that is the terminal, too, there is no bar.
    """
    if not sys.stderr.isatty() or (beside and sys.stdout.isatty()):
        yield lambda _: None
        return
    # Only those who look at a bar wait for its library.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(label, total=total)
        yield lambda done: progress.update(bar, completed=done)


@contextmanager
def watched(label: str, total: int, done: Callable[[], int]) -> Iterator[None]:
    """A bar for work that tells nothing of itself: `done` is asked for how far it is, ten times a second."""
    ended = Event()
    with shown(label, total) as tell:

        def look() -> None:
            while not ended.wait(_LOOK_EVERY):
                tell(min(done(), total))

        looking = Thread(target=look, name="progress", daemon=True)
        looking.start()
        try:
            yield
        finally:
            ended.set()
            looking.join()
