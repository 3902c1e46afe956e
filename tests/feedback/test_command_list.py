"""The commands as a list: help with examples, versions, shell completion, and how soon they answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from feedback import __version__
from feedback.cli.commands import COMMANDS, commands, loaded
from feedback.cli.people import tokens, users
from tests.feedback.conftest import Command

BIN = Path(sys.executable).parent
# Each takes a good part of a second to import.
SLOW = ("asyncio", "pydantic", "starlette", "presidio_analyzer", "spacy", "sqlite3", "uvicorn", "jinja2")


def run(*arguments: str, **environment: str) -> str:
    """What a command of the environment says, on a wide terminal."""
    names = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200", "TERM": "dumb"}
    done = subprocess.run(
        arguments, env=names | environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode in (0, 1), done.stderr  # typer ends a completion with 1 or 0
    return done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_each_command_how_its_own_help_begins(name: str):
    own = (loaded(name).help or "").partition("\n\n")[0]
    assert COMMANDS[name].says == " ".join(own.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_shows_an_example_that_the_command_takes(name: str):
    assert (loaded(name).epilog or "").startswith(f"Example: feedback {name}")


@pytest.mark.parametrize(("group", "name"), [(users, "user"), (tokens, "token")])
def test_each_help_of_a_group_shows_an_example(group: typer.Typer, name: str):
    for each in typer.main.get_group(group).commands.values():
        assert (each.epilog or "").startswith(f"Example: feedback {name} {each.name}")


def test_help_and_version_import_nothing_slow():
    for asked in ("--help", "--version"):
        program = (
            "import sys; from feedback.cli import main\n"
            f"sys.argv = ['feedback', {asked!r}]\n"
            "try: main()\nexcept SystemExit: pass\n"
            f"print([name for name in {SLOW!r} if name in sys.modules])"
        )
        last = run(sys.executable, "-c", program).splitlines()[-1]
        assert last == "[]" if asked == "--help" else last in ("[]", "['sqlite3']")


def test_a_misspelt_command_is_told_its_name(command: Command):
    answer = CliRunner().invoke(commands, ["exprt"])
    assert answer.exit_code == 2
    assert "Did you mean 'export'?" in answer.output


def test_the_versions_are_told():
    said = run("feedback", "--version")
    assert said.startswith(f"feedback {__version__} (rules ")
    assert "SQLite 3." in said
    assert run("scrub", "--version").startswith(f"scrub {__version__} (rules ")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("feedback", "exp"), ["export"]),
        (("feedback", "export", "--status", "d"), ["done"]),
        (("feedback", "export", "--format", ""), ["csv", "jsonl"]),
        (("feedback", "user", "add", "--role", ""), ["viewer", "reviewer", "admin"]),
        (("feedback", "token", "re"), ["revoke"]),
        (("scrub", "--kinds", "IBAN_CODE,UK_P"), ["IBAN_CODE,UK_PASSPORT", "IBAN_CODE,UK_POSTCODE"]),
    ],
)
def test_bash_completes(words: tuple[str, ...], offered: list[str]):
    name = words[0]
    script = (
        f'eval "$(_{name.upper()}_COMPLETE=source_bash {name})"\n'
        f"COMP_WORDS=({' '.join(word or chr(39) * 2 for word in words)}); COMP_CWORD={len(words) - 1}\n"
        f'_{name}_completion {name}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    assert run("bash", "-c", script).split() == offered


@pytest.mark.parametrize("name", ["feedback", "scrub"])
def test_zsh_and_fish_get_a_script_and_offers(name: str):
    variable = f"_{name.upper()}_COMPLETE"
    assert f"#compdef {name}" in run(name, **{variable: "source_zsh"})
    assert f"complete --command {name}" in run(name, **{variable: "source_fish"})
    words = "feedback token rev" if name == "feedback" else "scrub --kinds UK_NI"
    offered = "revoke" if name == "feedback" else "UK_NINO"
    assert offered in run(name, **{variable: "complete_zsh", "_TYPER_COMPLETE_ARGS": words})
    fish = {"_TYPER_COMPLETE_FISH_ACTION": "get-args", "_TYPER_COMPLETE_ARGS": words}
    assert offered in run(name, **{variable: "complete_fish", **fish})


@pytest.mark.parametrize("name", ["feedback", "scrub"])
def test_completion_installs_itself_for_the_shell_that_asks(name: str, tmp_path: Path):
    said = run("bash", "-c", f"{name} --install-completion; true", HOME=str(tmp_path))
    assert "completion installed" in said
    (script,) = tmp_path.glob(f"**/{name}.sh")
    assert f"_{name}_completion" in script.read_text()
    assert str(script) in (tmp_path / ".bashrc").read_text()
