"""The page about scale says what the simulation gives."""

import io
from contextlib import redirect_stdout
from pathlib import Path

from bench import simulate

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"


def test_every_table_that_is_simulated_stands_in_the_page_as_the_script_prints_it():
    with redirect_stdout(io.StringIO()) as printed:
        simulate.main()
    tables = printed.getvalue().strip().split("\n\n")
    assert len(tables) == 4
    page = PAGE.read_text()
    assert [table for table in tables if table not in page] == []
