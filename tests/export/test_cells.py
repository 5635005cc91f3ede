"""What a cell may hold: nothing runs in a spreadsheet, and every reader gets the text back."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.export.cells import END, cell

RUN = re.compile(r"[\s\"]*[=+\-@＝＋－＠]|[\t\r\n\0]")
"""What a spreadsheet might take for a formula, quotes and blanks aside."""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("fine", "fine"),
        ("red, hot", '"red, hot"'),
        ('she said "ow"', '"she said ""ow"""'),
        ("=1+1", "'=1+1"),
        ("+49 30 555", "'+49 30 555"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t'=1+1"),
        ("\r=1", "\"'\r'=1\""),
        ("  =1+1", "'  =1+1"),
        ('"=1+1', '"\'""=1+1"'),
        ("a;=1+1", "a;'=1+1"),
        ("a; =1+1", "a;' =1+1"),
        ("line\n=1+1", '"line\n\'=1+1"'),
        ("＝1+1", "'＝1+1"),
        ("a-b=c", "a-b=c"),
        (-1.5, "-1.5"),
        (3, "3"),
        (None, ""),
        ("", ""),
    ],
)
def test_what_anna_typed_is_written_so_that_it_stays_text(typed, written) -> None:
    assert cell(typed) == written


@pytest.mark.hazard("H32")
@given(st.text(max_size=40))
def test_no_cell_begins_with_what_runs_and_a_reader_gets_the_text(typed) -> None:
    (row,) = csv.reader(io.StringIO(f"a,{cell(typed)},b{END}", newline=""))
    assert len(row) == 3
    assert not RUN.match(row[1])
    assert row[1].replace("'", "") == typed.replace("'", "")


@given(st.text(alphabet="=+-@;\t\n\r\"' ab", max_size=20))
def test_nothing_runs_where_a_spreadsheet_separates_by_semicolons(typed) -> None:
    lines = re.split(r"[;\t\r\n]", f"a,{cell(typed)},b")
    assert not [part for part in lines[1:] if re.match(r"[\s\"]*[=+\-@]", part)]
