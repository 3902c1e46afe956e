"""python -m tests.fuzz.guided TARGET SECONDS: atheris looks for bytes that reach new code, or raise.

Needs requirements/fuzz.txt; `make fuzz` sets it up. What it found stays in .fuzz/TARGET for the next run.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["feedback", "scrubbers"]):
    from tests.fuzz.targets import SEEDS, TARGETS

name, seconds = sys.argv[1:3]
corpus = Path(".fuzz") / name
corpus.mkdir(parents=True, exist_ok=True)
for number, seed in enumerate(SEEDS):
    (corpus / f"seed-{number}").write_bytes(seed)
# The same seed for everybody: in a fresh clone the same is looked at, and what an earlier run found leads on.
atheris.Setup(
    [sys.argv[0], "-seed=1", f"-max_total_time={seconds}", "-timeout=5", "-max_len=4096", "-verbosity=0",
     "-print_final_stats=1", f"-artifact_prefix=.fuzz/{name}-", str(corpus)],
    TARGETS[name],
)  # fmt: skip
atheris.Fuzz()
