"""What a learner did is kept whole, read strictly, and exported without a name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from mmviz.errors import InputError
from mmviz.files.lessons import progress as files
from mmviz.files.lessons.progress import KeptStep, Progress, as_csv

KEPT = KeptStep(
    asked=True,
    form="choice",
    guess=2,
    option="16",
    answer=4,
    kind="modelled",
    version="0.1.0",
    session="abc",
    when=5.0,
    done=True,
    note="=HYPERLINK(1)",
)


def test_it_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "lessons.json"
    progress = Progress().with_step("batch", "steps16", KEPT).with_step("batch", "own", KeptStep())
    files.write(progress, path)
    assert files.read(path) == progress
    assert files.read(path).done("batch") == 1
    files.forget(path)
    assert files.read(path) == Progress()
    files.forget(path)  # twice is no error


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "nothing",
        '{"format": 1, "steps": {"batch": {}}}',
        '{"format": 1, "steps": {"batch/a": {"name": "me"}}}',
        '{"format": 1, "steps": {"batch/a": {"when": "now"}}}',
        '{"format": 1, "steps": {"batch/a": {"note": "' + "x" * 500 + '"}}}',
        '{"format": 2, "steps": {}}',
    ],
)
def test_what_is_none_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lessons.json"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        files.read(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_not_understood_is_moved_aside_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    path.write_text('{"format": 2, "steps": {}}')
    files.write(Progress().with_step("batch", "own", KEPT), path)
    assert files.read(path).of("batch", "own") == KEPT
    aside = tmp_path / "lessons-not-understood.json"
    assert aside.read_text() == '{"format": 2, "steps": {}}'


def test_the_table_has_no_name_no_time_and_no_formula() -> None:
    progress = Progress().with_step("batch", "steps16", KEPT)
    rows = list(csv.DictReader(io.StringIO(as_csv(progress).decode("utf-8-sig"))))
    assert len(rows) == 1
    row = rows[0]
    assert row["lesson"], row["step"] == ("batch", "steps16")
    assert (row["guess"], row["answer"], row["value"], row["equal"]) == ("16", "4", "4", "false")
    assert row["note"] == "'=HYPERLINK(1)"
    assert "when" not in row
    assert not any("name" in column for column in row)
