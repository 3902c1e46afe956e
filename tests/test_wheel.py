"""The wheel, installed where only what its metadata asks for is there, and used from outside the checkout."""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import chdir
from importlib.metadata import PathDistribution, distribution
from pathlib import Path
from typing import Final

import httpx2 as httpx
import pytest
from packaging.requirements import Requirement

from tests.service import Service

ROOT: Final = Path(__file__).parents[1]
NUMBER: Final = "my number is CE 12 34 56 C"


class Installed:
    """The built files, and an environment that holds the wheel, what it needs, and neither pip nor extras."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        run(sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist"), cwd=ROOT)
        (self.wheel,) = folder.glob("dist/*.whl")
        (self.sdist,) = folder.glob("dist/*.tar.gz")
        run(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"))
        self.bin = folder / "venv" / "bin"
        (self.packages,) = folder.glob("venv/lib/*/site-packages")
        run(
            *(sys.executable, "-m", "pip", "--python", str(self.bin / "python"), "install", "--quiet"),
            *("--disable-pip-version-check", "--no-index", "--no-deps", str(self.wheel)),
        )
        (metadata,) = self.packages.glob("page_feedback-*.dist-info")
        self.metadata = PathDistribution(metadata)
        self._add(self.metadata.requires or [], set())

    def _add(self, requirements: list[str], seen: set[str]) -> None:
        """Link what is required, and what that requires, from the environment of the tests."""
        for requirement in map(Requirement, requirements):
            extras = requirement.extras or {""}
            asked = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in extras
            )
            if not asked or requirement.name in seen:
                continue
            seen.add(requirement.name)
            found = distribution(requirement.name)
            for top in {Path(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                if not (self.packages / top).exists():
                    (self.packages / top).symlink_to(str(found.locate_file(top)))
            self._add(found.requires or [], seen)

    def __call__(self, name: str, *arguments: str, given: str = "") -> str:
        """What a command of the environment prints, with nothing but PATH and HOME set."""
        return run(str(self.bin / name), *arguments, cwd=self.folder, given=given)


def run(*command: str, cwd: Path | None = None, given: str = "") -> str:
    names = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    done = subprocess.run(
        command, cwd=cwd, env=names, input=given, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    made = Installed(tmp_path_factory.mktemp("wheel"))
    with chdir(made.folder):
        yield made


def test_it_holds_every_file_of_the_packages_and_nothing_else(installed: Installed):
    tracked = run("git", "ls-files", "feedback", "scrubbers", cwd=ROOT).splitlines()
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == {*tracked, "feedback/store/schema.sql"}


def test_the_source_distribution_builds_the_same_wheel(installed: Installed, tmp_path: Path):
    with tarfile.open(installed.sdist) as source:
        source.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), cwd=unpacked)
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == installed.wheel.read_bytes()


def test_its_metadata_is_right(installed: Installed):
    told = installed.metadata.metadata
    assert (told["Name"], told["Requires-Python"], told["License-Expression"]) == (
        "page-feedback",
        ">=3.11",
        "MIT",
    )
    assert told["Description-Content-Type"] == "text/markdown"
    assert {entry.name: entry.value for entry in installed.metadata.entry_points} == {
        "feedback": "feedback.cli:main",
        "scrub": "scrubbers.cli:main",
    }


def test_the_service_runs_from_it_with_everything_inside(installed: Installed, tmp_path: Path):
    widget = (ROOT / "feedback" / "static" / "widget" / "v1.js").read_bytes()
    with Service(tmp_path, program=(str(installed.bin / "feedback"),)) as service:
        answer = service.post(page=f"{service.origin}/demo", comment=NUMBER)
        assert (answer.status_code, service.items()[0]["comment"]) == (201, "my number is [UK_NINO]")
        script = httpx.get(f"{service.origin}/widget/v1.js").content
        assert hashlib.sha384(script).digest() == hashlib.sha384(widget).digest()
        for lang, words in (("en", "Help us improve"), ("cy", "Helpwch ni")):
            assert words in httpx.get(f"{service.origin}/feedback/form?lang={lang}").text
        assert "/feedback" in httpx.get(f"{service.origin}/openapi.json").json()["paths"]
        assert httpx.get(f"{service.origin}/static/review.css").status_code == 200
        with httpx.Client(follow_redirects=True) as desk:
            desk.get(service.sign_in_link)
            assert "[UK_NINO]" in desk.get(f"{service.origin}/admin/feedback").text.replace(
                "<mark>", ""
            ).replace("</mark>", "")


def test_the_commands_run_from_it(installed: Installed):
    where = installed(
        "python", "-c", "import feedback, scrubbers; print(feedback.__file__, scrubbers.__file__)"
    )
    assert str(ROOT) not in where
    assert installed("feedback", "--version").startswith("feedback ")
    assert installed("feedback", "migrate") == "Made the database at version 1.\n"
    assert (installed.folder / "data" / "feedback.db").exists()
    assert installed("feedback", "export").startswith("id,received_at,")
    assert installed("scrub", given=NUMBER) == "my number is [UK_NINO]"


def test_the_library_needs_no_part_of_the_service(installed: Installed):
    program = (
        "import sys\n"
        "for name in ('starlette', 'uvicorn', 'feedback', 'aiosqlite'): sys.modules[name] = None\n"
        "from scrubbers import Scrubber\n"
        f"print(Scrubber().scrub({NUMBER!r}).text)"
    )
    assert installed("python", "-c", program) == "my number is [UK_NINO]\n"


def test_strict_mypy_knows_its_types(installed: Installed):
    (installed.folder / "consumer.py").write_text(
        "from scrubbers import Finding, Scrubbed, Scrubber\n\n"
        "result: Scrubbed = Scrubber(allow=['01632 960001']).scrub('hello')\n"
        "text: str = result.text\n"
        "findings: tuple[Finding, ...] = result.findings\n"
        "reveal_type(findings[0].start)\n"
    )
    said = run(
        *(sys.executable, "-m", "mypy", "--strict", "--python-executable", str(installed.bin / "python")),
        "consumer.py",
        cwd=installed.folder,
    )
    assert 'Revealed type is "int"' in said.replace("builtins.int", "int")
