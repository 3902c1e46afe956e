"""Whether anything grows over a million submissions: memory, open files, the log of writes.

python -m bench.soak [--submissions 1000000] needs wrk; about six minutes on one core for the whole.
"""

import argparse
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

from bench.apps import OURS
from bench.wrk import send

_STEPS: Final = 20
_SECONDS: Final = 5


def main() -> None:
    """Load until there are so many, and print what grew at every twentieth."""
    parser = argparse.ArgumentParser(prog="bench.soak", description=__doc__)
    parser.add_argument("--submissions", type=int, default=1_000_000)
    wanted = parser.parse_args().submissions
    print(f"{'submissions':>12}{'a second':>10}{'p99 ms':>8}{'memory MB':>11}{'files':>7}{'WAL MB':>8}")
    with tempfile.TemporaryDirectory() as folder, OURS.running(Path(folder)) as server:
        acknowledged, refused, next_line = 0, 0, wanted // _STEPS
        while acknowledged < wanted:
            seen = send(server, _SECONDS)
            acknowledged += seen.stored
            refused += seen.sent - seen.stored
            if acknowledged >= next_line:
                next_line += wanted // _STEPS
                wal = Path(folder, "feedback.db-wal").stat().st_size / 1e6
                print(
                    f"{acknowledged:>12}{seen.a_second:>10.0f}{seen.p99_ms:>8.1f}{server.memory:>11.1f}"
                    f"{server.open_files:>7}{wal:>8.1f}",
                    flush=True,
                )
        with sqlite3.connect(f"file:{folder}/feedback.db?mode=ro", uri=True) as database:
            kept = database.execute("SELECT count(*) FROM feedback").fetchone()[0]
        # wrk hangs up in the middle of some, which are stored but not counted as acknowledged.
        print(f"{acknowledged} acknowledged, {refused} refused; {kept} are there")


if __name__ == "__main__":
    main()
