"""What is exported steers neither a terminal nor a spreadsheet, and is read back as it was."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.files.devices import known_as, read_device
from mmviz.files.exports import CsvWriter, as_json, cell, text_of
from mmviz.text import STEERING

NASTY = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=", "-", "+x", "'=1"]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_a_formula_is_a_text(text: str) -> None:
    assert str(cell(text)).startswith("'")


@pytest.mark.parametrize("text", ["-1", "+1.5e-3", "-.5", "-inf", "-1.", "fc6", "a=b", "'n", ""])
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize("value", [-1, -2.5, 0, None, True])
def test_what_is_no_text_stays(value: object) -> None:
    assert cell(value) is value


@given(st.text().filter(lambda text: not STEERING.search(text)))
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    written = str(cell(text))
    assert text_of(written) == text or written == text  # "'=1" by hand means =1, as elsewhere


@given(st.from_regex(r"'{0,2}[=+@-]?[a-z0-9]{0,2}", fullmatch=True))
def test_short_texts_too(text: str) -> None:
    assert text_of(str(cell(text))) == text


def test_rows_of_cells() -> None:
    file = io.StringIO()
    writer = CsvWriter(file)
    writer.writerow(("=cmd|' /C calc'!A0", -1.5, None, "\x1b[2J"))
    writer.writerows([("-1", "@x")])
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert rows == [["'=cmd|' /C calc'!A0", "-1.5", "", "\\x1b[2J"], ["-1", "'@x"]]


@given(
    st.recursive(st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_json_is_what_it_was_without_a_sign_that_steers(value: object) -> None:
    for indent in (None, 2):
        text = as_json(value, indent)
        assert json.loads(text) == value
        assert not STEERING.search(text.replace("\n", ""))


def test_a_device_of_a_file_is_known_by_its_name(tmp_path: Path) -> None:
    assert known_as(read_device("a100")) == "a100"
    assert known_as(replace(read_device("a100"), id=str(tmp_path / "mine.toml"))) == "mine.toml"
