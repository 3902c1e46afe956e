"""Keeps each run as a file of JSON, and reads them all back: what was measured, when, of what, on what."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bench.measure import Measure, NotRun

BUSY: Final = 0.2  # cores; what a quiet machine does by itself is less
FOLDER: Final = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Run:
    """One run of `make bench`."""

    date: str  # of its beginning, UTC: 2026-11-25T22:20Z
    version: str
    commit: str  # with a + where the checkout had changes beside it
    size: str
    minutes: float
    machine: dict[str, str]
    others: float  # cores that other programs kept busy before it or after it, the higher
    packages: dict[str, str]  # versions of what was measured and of what it stands on
    measures: Sequence[Measure]
    not_run: Sequence[NotRun] = ()

    @property
    def busy(self) -> bool:
        """Whether other programs had a part in its figures."""
        return self.others > BUSY

    @property
    def hardware(self) -> str:
        """What figures must share to be compared over time."""
        return ", ".join(self.machine.get(name, "") for name in ("processor", "cores"))

    def find(self, table: str, what: str) -> Measure | None:
        """A measure by its name."""
        return next((each for each in self.measures if (each.table, each.what) == (table, what)), None)


def keep(run: Run, folder: Path = FOLDER) -> Path:
    """Write a run down, a line for each measure; gives the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.date.replace(':', '')}-{run.version}.json"
    path.write_text(_json(run), encoding="utf-8")
    return path


def read(folder: Path = FOLDER) -> list[Run]:
    """All that are kept, the oldest first."""
    runs = [_run(json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")]
    return sorted(runs, key=lambda run: run.date)


def _json(run: Run) -> str:
    texts = []
    for name, value in asdict(run).items():
        if isinstance(value, tuple | list):
            value = [{key: each[key] for key in each if each[key]} for each in value]
            lines = ",".join(f"\n  {json.dumps(each, ensure_ascii=False)}" for each in value)
            texts.append(f'"{name}": [{lines}]')
        else:
            texts.append(f'"{name}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n " + ",\n ".join(texts) + "\n}\n"


def _run(fields: dict[str, Any]) -> Run:
    fields["measures"] = [Measure(**each) for each in fields["measures"]]
    fields["not_run"] = [NotRun(**each) for each in fields["not_run"]]
    return Run(**fields)
