"""The parts of a run, each in a process of its own: what one breaks, holds or pins touches no other."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Final

from bench.measure import SIZES, Measure, NotRun, Size

PARTS: Final = {
    "scrub-speed": "bench.scrub_speed",
    "scrub-found": "bench.peers",
    "worst-texts": "bench.worst_texts",
    "each-request": "bench.each_request",
    "ingest": "bench.ingest",
    "overload": "bench.overload",
    "widget": "bench.widget",
    "review": "bench.review",
}
"""The module of each; its `measures(size)` yields as it measures."""
MOST_SECONDS: Final = 2400  # for one part; the longest takes about 600 on two cores
_GRACE_SECONDS: Final = 30


def run_part(name: str, size: Size) -> Iterator[Measure | NotRun]:
    """What the part yielded; where it failed or took too long, also that."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "yielded"
        into.touch()
        command = [sys.executable, "-m", "bench.parts", name, PARTS[name], size.name, str(into)]
        # In a group of its own, so that all that it started can be ended with it.
        process = subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)
        try:
            code = process.wait(MOST_SECONDS)
            fault = f"it ended with {code}" if code else None
        except subprocess.TimeoutExpired:
            fault = f"it took more than {MOST_SECONDS} seconds"
        finally:
            _end(process)
        lines = [json.loads(line) for line in into.read_text(encoding="utf-8").splitlines()]
    yielded = [Measure(**line) if "values" in line else NotRun(**line) for line in lines]
    yield from yielded
    if fault and not any(isinstance(each, NotRun) and each.what == name for each in yielded):
        yield NotRun(name, fault)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let it stop its servers by itself; what is left then is killed."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    """Measure one part, writing each line down as it is there."""
    name, module, size, path = sys.argv[1:]
    # A shell that starts a run in the background has it ignore what ends a part that takes too long.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(path).open("a", encoding="utf-8") as file:
        try:
            for each in import_module(module).measures(SIZES[size]):
                file.write(f"{json.dumps(asdict(each))}\n")
                file.flush()
        except Exception as fault:  # noqa: BLE001  # the run goes on with the rest, and says so
            file.write(f"{json.dumps(asdict(NotRun.of(name, fault)))}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
