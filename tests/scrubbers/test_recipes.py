"""The recipes of docs/library.md, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas  # type: ignore[import-untyped]
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
TEXT = "my card is 4111 1111 1111 1111"
CLEAN = "my card is [CREDIT_CARD]"


def recipes(language: str) -> list[str]:
    """The code under this name."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", recipes("python"), ids=["library", "pool", "Presidio"])
def test_a_recipe_in_python_runs_as_it_stands(code: str, tmp_path: Path) -> None:
    (tmp_path / "recipe.py").write_text(code)
    subprocess.run([sys.executable, tmp_path / "recipe.py"], check=True)


def test_the_recipe_for_spark_maps_frames() -> None:
    recipe: dict[str, Any] = {}
    exec(recipes("python pandas")[0], recipe)
    frames = [pandas.DataFrame({"id": [1, 2], "comment": [TEXT, None]})] * 2
    for frame in recipe["scrubbed"](iter(frames)):
        assert list(frame["comment"].fillna("missing")) == [CLEAN, "missing"]
        assert list(frame["id"]) == [1, 2]


def test_the_recipe_for_dask_runs_as_it_stands() -> None:
    exec(recipes("python dask")[0], {})


def test_the_recipes_for_the_shell_run_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "feedback.txt").write_text(f"{TEXT}\n")
    (tmp_path / "archive.csv").write_text(f"id,comment,title\n1,{TEXT},\n")
    (tmp_path / "archive.jsonl").write_text(json.dumps({"comment": TEXT, "answers": {"doing": TEXT}}) + "\n")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for code in recipes("sh"):
        done = subprocess.run(
            ["sh", "-e"],
            input=code,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "4111" not in done.stdout
    assert (tmp_path / "clean.csv").read_text() == f"id,comment,title\n1,{CLEAN},\n"
    assert json.loads((tmp_path / "clean.jsonl").read_text()) == {
        "comment": CLEAN,
        "answers": {"doing": CLEAN},
    }
