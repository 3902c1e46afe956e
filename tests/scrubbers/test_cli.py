"""The command `scrub` as people run it."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from typer.testing import CliRunner, Result

from scrubbers import cli
from scrubbers.scrubber import Scrubber
from scrubbers.textfiles import LONGEST_LINE
from tests.terminal import Terminal

SCRUB = [sys.executable, "-c", "from scrubbers.cli import main; main()"]
CARD = "4111 1111 1111 1111"
TEXT = f"my card is {CARD}"
CLEAN = "my card is [CREDIT_CARD]"


def run(*arguments: object, given: str | bytes = b"") -> Result:
    """What the command does with this on its standard input."""
    return CliRunner().invoke(cli.app, [str(each) for each in arguments], input=given)


def test_text_comes_out_redacted_line_by_line() -> None:
    result = run(given=f"{TEXT}\nhello\n")
    assert (result.stdout, result.exit_code) == (f"{CLEAN}\nhello\n", 0)


@pytest.mark.parametrize(
    "given", [b"a\r\nb\n\nc", b"\xef\xbb\xbfa\n", b"caf\xe9 \xff\xfe\n", b"a\rb\n", b"\0\n", b""]
)
def test_every_byte_that_is_no_number_stays(given: bytes) -> None:
    assert run(given=given).stdout_bytes == given


def test_a_number_between_bytes_that_are_no_text_is_found() -> None:
    assert run(given=b"\xe9 4111111111111111 \xff\n").stdout_bytes == b"\xe9 [CREDIT_CARD] \xff\n"


def test_json_gives_text_and_findings() -> None:
    result = run("--json", given=f"{TEXT}\n".encode() + b"\xe9\n")
    first, second = map(json.loads, result.stdout.splitlines())
    assert first == {
        "text": CLEAN,
        "findings": [{"kind": "CREDIT_CARD", "start": 11, "end": 30, "score": 1.0}],
    }
    assert second == {"text": "\udce9", "findings": []}


def test_files_come_one_after_the_other_with_standard_input_among_them(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\n")
    (tmp_path / "b").write_text("b\n")
    assert run(tmp_path / "a", "-", tmp_path / "b", given="-\n").stdout == "a\n-\nb\n"


def test_kinds_and_allowed_values_are_the_operators_choice() -> None:
    text = "SA1 1AA, sian@example.com, 01632 960001"
    assert run("--kinds", "UK_POSTCODE", given=text).stdout == "[UK_POSTCODE], sian@example.com, 01632 960001"
    allowed = run("--allow", "+44 1632 960001", "--allow", "Sian@Example.com", given=text)
    assert allowed.stdout == text


def test_an_unknown_kind_is_wrong_use_and_not_repeated() -> None:
    result = run("--kinds", "UK_NIN0", given="a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "UK_NIN0" not in result.stderr
    assert "UK_NINO" in result.stderr


def test_ways_that_exclude_one_another_are_wrong_use() -> None:
    assert run("--csv", "a", "--jsonl", "a").exit_code == 2


def test_a_missing_file_is_one_sentence_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\n")
    result = run(tmp_path / "a", tmp_path / "none")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"scrub: {tmp_path / 'none'}: No such file or directory\n"


def test_the_name_of_a_file_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    said = CliRunner().invoke(cli.app, [str(tmp_path / "none\x1b[31m\n")], color=True).stderr
    assert said == f"scrub: {tmp_path / 'none?[31m?'}: No such file or directory\n"


def test_a_line_that_cannot_be_scrubbed_ends_the_command_and_none_of_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = Scrubber._find

    def fails_on_cards(self: Scrubber, text: str) -> object:
        if "4111" in text:
            raise RuntimeError(text)
        return find(self, text)

    monkeypatch.setattr(Scrubber, "_find", fails_on_cards)
    for way, given in ((), f"a\n{TEXT}\nb\n"), (("--csv", "a"), f"a\n{TEXT}\nb\n"):
        result = run(*way, given=given)
        assert (result.exit_code, result.stdout) == (1, "a\n")
        assert result.stderr == "scrub: standard input, line 2: the text could not be scrubbed\n"
    result = run("--jsonl", "a", given=json.dumps({"a": TEXT}))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "4111" not in result.stderr


def test_a_line_longer_than_the_bound_is_refused() -> None:
    longest = b"a" * (LONGEST_LINE - 1) + b"\n"
    assert run(given=longest).stdout_bytes == longest
    result = run(given=b"b\na" + longest)
    assert (result.exit_code, result.stdout) == (1, "b\n")
    assert result.stderr == "scrub: standard input, line 2: longer than 1,048,576 bytes\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(encoding: str) -> None:
    result = run(given=("\ufeff" + TEXT).encode(encoding))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "scrub: standard input: UTF-16; convert it to UTF-8 first\n"


ARCHIVE = (
    '\ufeff"id";comment;"note ""x""";score\r\n'
    f'"1";{TEXT};"a;b";1.00\r\n'
    f'2;"{TEXT}\r\nand ""more"", 5"" pipe";;"x"\r\n'
    '3;plain 5" pipe;"";\r\n'
    "\r\n"
    f'"";"";"{TEXT}";0'
)
REDACTED = (
    '\ufeff"id";comment;"note ""x""";score\r\n'
    f'"1";{CLEAN};"a;b";1.00\r\n'
    f'2;"{CLEAN}\r\nand ""more"", 5"" pipe";;"x"\r\n'
    '3;plain 5" pipe;"";\r\n'
    "\r\n"
    f'"";"";"{TEXT}";0'
)


def test_csv_columns_are_redacted_and_all_else_stays_byte_by_byte() -> None:
    assert run("--csv", "comment", given=ARCHIVE.encode()).stdout_bytes == REDACTED.encode()
    both = run("--csv", 'comment,note "x"', given=ARCHIVE.encode())
    assert both.stdout_bytes == REDACTED.replace(TEXT, CLEAN).encode()
    first = run("--csv", "id", given=ARCHIVE.encode())
    assert first.stdout_bytes == ARCHIVE.encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_as_python_writes_it_is_read_as_python_reads_it(
    delimiter: str, quoting: Literal[0, 1, 2], end: str
) -> None:
    rows: list[list[object]] = [
        ["id", "comment"],
        [1, f'say "{TEXT}"{delimiter} ok'],
        [2, "a\nb\r\nc"],
        [3, ""],
        [4, f"{TEXT}\n"],
    ]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    clean = run("--csv", "comment", given=written.getvalue().encode()).stdout_bytes.decode()
    expected = [[str(value).replace(TEXT, CLEAN) for value in row] for row in rows]
    assert list(csv.reader(io.StringIO(clean, newline=""), delimiter=delimiter)) == expected


def test_a_missing_column_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"comment\n{TEXT}\n")
    bad.write_text(f"title\n{TEXT}\n")
    result = run("--csv", "comment", good, bad)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"scrub: {bad}: the header does not hold all columns of --csv\n"


@pytest.mark.parametrize("row", [f"1,2,{TEXT}", "1", f'1,"{TEXT}'])
def test_a_row_that_does_not_fit_the_header_ends_the_command(row: str) -> None:
    result = run("--csv", "comment", given=f"id,comment\n0,a\n{row}\n")
    assert (result.exit_code, result.stdout) == (1, "id,comment\n0,a\n")
    assert "4111" not in result.stderr


def test_a_row_over_many_lines_is_bounded_too() -> None:
    result = run("--csv", "a", given='a\n"' + "b\n" * LONGEST_LINE)
    assert (result.exit_code, result.stdout) == (1, "a\n")
    assert "a row longer than 1,048,576 bytes" in result.stderr


def test_jsonl_fields_are_redacted_and_all_else_stays_as_it_is_written() -> None:
    given = (
        f'{{"id": 1.00, "comment" :"{TEXT} \\u00e9","more":{{"text":"{TEXT}", "n":[ 1,2 ]}},"b":1e400}}\r\n'
        f'\n{{"comment":["{TEXT}", 4111111111111111, null, true], "title":"{TEXT}"}}\n'
        '{ "comment":"\\u00e9" , "more":{"text":null} }'
    )
    expected = (
        f'{{"id": 1.00, "comment" :"{CLEAN} é","more":{{"text":"{CLEAN}", "n":[ 1,2 ]}},"b":1e400}}\r\n'
        f'\n{{"comment":["{CLEAN}", "[CREDIT_CARD]", null, true], "title":"{TEXT}"}}\n'
        '{ "comment":"\\u00e9" , "more":{"text":null} }'
    )
    assert run("--jsonl", "comment,more.text", given=given).stdout_bytes.decode() == expected


def test_jsonl_fields_may_be_objects() -> None:
    given = json.dumps({"answers": {"4111111111111111": [TEXT], "b": {"c": TEXT}}})
    expected = json.dumps({"answers": {"[CREDIT_CARD]": [CLEAN], "b": {"c": CLEAN}}})
    assert run("--jsonl", "answers", given=given).stdout == expected


def test_a_field_missing_from_the_first_object_is_one_sentence_and_nothing_is_written() -> None:
    result = run("--jsonl", "comment,title", given=f'{{"comment":"{TEXT}"}}\n')
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "scrub: standard input: the first object does not hold all fields of --jsonl\n"


@pytest.mark.parametrize(
    "line", [f'["{TEXT}"]', f'{{"a":"{TEXT}"', f"{TEXT}", f'{{"a":1}} {TEXT}', '{"a":' + "[" * 9999]
)
def test_a_line_that_is_no_object_ends_the_command(line: str) -> None:
    result = run("--jsonl", "a", given=f'{{"a":""}}\n{line}\n')
    assert (result.exit_code, result.stdout) == (1, '{"a":""}\n')
    assert result.stderr == "scrub: standard input, line 2: not one JSON object\n"


def test_help_shows_an_example_of_each_command() -> None:
    assert "Example: scrub --csv" in " ".join(run("--help").stdout.split())
    shown = CliRunner().invoke(cli.evaluation, ["--help"]).stdout
    assert "Example: scrub evaluate" in " ".join(shown.split())


def test_evaluate_measures_a_corpus(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    line = (Path(cli.__file__).parent / "corpus" / "uk_nino.jsonl").read_text().splitlines()[0]
    corpus.write_text(line + "\n")
    done = subprocess.run([*SCRUB, "evaluate", corpus, "--json"], capture_output=True, check=True)
    assert json.loads(done.stdout)["default"]["classes"]["nino: compact"]["recall"] == 1.0


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    (tmp_path / "long").write_text("hello\n" * 100_000)
    with subprocess.Popen(
        [*SCRUB, tmp_path / "long"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout
        assert command.stderr
        assert command.stdout.readline() == b"hello\n"
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == cli.BROKEN_PIPE


def test_standard_input_is_answered_line_by_line() -> None:
    with subprocess.Popen(SCRUB, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as command:
        assert command.stdin
        assert command.stdout
        for _ in range(2):
            command.stdin.write(TEXT.encode() + b"\n")
            command.stdin.flush()
            assert command.stdout.readline() == CLEAN.encode() + b"\n"
        command.stdin.close()


def test_the_bar_is_on_a_terminal_only_and_never_in_the_output(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("hello\n" * 300)
    quiet = subprocess.run([*SCRUB, tmp_path / "a"], capture_output=True, check=True)
    assert (quiet.stdout, quiet.stderr) == (b"hello\n" * 300, b"")
    with Terminal() as screen:
        shown = subprocess.run(
            [*SCRUB, tmp_path / "a"], stdout=subprocess.PIPE, stderr=screen.theirs, check=True
        )
    assert shown.stdout == b"hello\n" * 300
    assert b"Scrubbing" in screen.shown


def test_memory_stays_the_same_for_any_size(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 100_000):
        file = tmp_path / str(count)
        file.write_text("nothing to see here\n" * count)
        code = (
            "import atexit, resource as r, sys; from scrubbers.cli import main; "
            "atexit.register(lambda: print(r.getrusage(r.RUSAGE_SELF).ru_maxrss, file=sys.stderr)); main()"
        )
        done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, check=True)
        peaks.append(int(done.stderr))
    assert peaks[1] <= peaks[0] * 1.05


@pytest.mark.parametrize(
    ("arguments", "given", "code"),
    [
        (("--csv", "comment"), f"id,comment,date\r1,{CARD},x\r", 1),
        (("--csv", ""), f"comment\n{CARD}\n", 2),
        (("--jsonl", ","), f'{{"a": "{CARD}"}}\n', 2),
        (("--csv", "", "--json"), f"comment\n{CARD}\n", 2),
        (("--jsonl", "a"), f'{{"a": {{"x": "{CARD}", "x": "ok"}}}}\n', 1),
        (("--jsonl", "a"), f'{{"a": {{"{CARD}": 1, "4111111111111111": 2}}}}\n', 1),
        (("--jsonl", "a"), f'\n{{"A": "{CARD}"}}\n', 1),
        (("--jsonl", "a"), '{"a":' + "[" * 700 + f'"{CARD}"' + "]" * 700 + "}\n", 1),
    ],
)
def test_what_would_get_past_unread_is_refused(arguments: tuple[str, ...], given: str, code: int) -> None:
    result = run(*arguments, given=given)
    assert result.exit_code == code
    assert "4111" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_blank_lines_before_the_first_object_stay() -> None:
    assert run("--jsonl", "a", given=f'\n{{"a": "{CARD}"}}\n').stdout == '\n{"a": "[CREDIT_CARD]"}\n'


def test_a_wrong_corpus_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "x"}\n')
    for file in (tmp_path / "bad.jsonl", tmp_path / "missing.jsonl"):
        result = CliRunner().invoke(cli.evaluation, [str(file)])
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.count("\n") == 1
