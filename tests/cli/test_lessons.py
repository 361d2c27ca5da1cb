"""`mmviz lessons` and `mmviz learn`, as a teacher uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.files.lessons import progress as files
from mmviz.files.lessons.progress import KeptStep, Progress
from mmviz.files.lessons.shelf import shipped_folder

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A teacher's folder with one lesson, a copy of mmviz's under another name."""
    mine = tmp_path / "mine"
    mine.mkdir()
    text = (shipped_folder() / "batch.toml").read_text(encoding="utf-8")
    (mine / "ours.toml").write_text(text.replace('id = "batch"', 'id = "ours"', 1), "utf-8")
    return mine


def test_the_list(mmviz: Mmviz) -> None:
    code, out, _ = mmviz("lessons")
    assert code == 0
    assert out.splitlines()[0].split() == [
        "neuron",
        "One",
        "neuron,",
        "one",
        "example",
        "6",
        "min",
        "first",
        "hour",
    ]
    assert len(out.splitlines()) == 15
    _, chinese, _ = mmviz("lessons", "--lang", "zh")
    assert "一个神经元" in chinese


def test_the_list_says_how_far_one_came(mmviz: Mmviz) -> None:
    progress = Progress().with_step("batch", "cells", KeptStep(asked=True, done=True))
    files.write(progress)
    _, out, _ = mmviz("lessons")
    assert "1 of 7 steps done" in out
    _, listed, _ = mmviz("lessons", "--json")
    assert [one["done"] for one in json.loads(listed) if one["id"] == "batch"] == [1]


def test_a_folder_is_checked(mmviz: Mmviz, folder: Path) -> None:
    assert mmviz("lessons", "--check", str(folder)) == (0, "1 lesson, 0 problems\n", "")
    text = (folder / "ours.toml").read_text(encoding="utf-8")
    (folder / "ours.toml").write_text(text.replace("batch = 8", "batch = 7"), encoding="utf-8")
    code, out, _ = mmviz("lessons", "--check", str(folder))
    assert code == 1
    assert out.splitlines() == [
        "ours.toml: step full: solution: it does not meet idle_units[1]",
        "1 lesson, 1 problem",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("options = [2, ", 'options = [2, { q = "k" }, ', "options: 2 of them are right"),
        ('options = [2, { q = "steps" }, 8, 16]', "options = [2, 8, 16]", "options: 0 of them"),
        ('answer = { q = "cells" }', 'answer = { q = "sells" }', "no quantity is called 'sells'"),
        ("solution = { batch = 8 }", "solution = { batch = 9 }", "solution: it does not meet"),
        ('free = ["batch"]', 'free = ["units"]', "solution: batch is not free"),
        ('recall = "neurons/lanes16"', 'recall = "neurons/none"', "there is no step neurons/none"),
        ('{ q = "b_of[(1,1),3]" }', '{ q = "cells" }', "what is clicked on weights"),
    ],
)
def test_what_only_a_session_knows_is_looked_at(
    mmviz: Mmviz, folder: Path, before: str, after: str, said: str
) -> None:
    path = folder / "ours.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    code, out, _ = mmviz("lessons", "--check", str(folder))
    assert code == 1
    assert said in out
    assert out.startswith("ours.toml: step ")
    _, listed, _ = mmviz("lessons", "--check", str(folder), "--json")
    assert len(json.loads(listed)["problems"]) >= 1


def test_what_holds_already_is_nothing_to_make(mmviz: Mmviz, folder: Path) -> None:
    path = folder / "ours.toml"
    text = path.read_text(encoding="utf-8").replace("value = 100 }", "value = 1 }")
    busy = '{ q = "busy_share", is = "=", value = 1 },'
    assert busy in text
    path.write_text(text.replace(busy, ""), encoding="utf-8")
    code, out, _ = mmviz("lessons", "--check", str(folder))
    assert code == 1
    assert "ours.toml: step own: until: it holds already at the start" in out


def test_all_that_is_wrong_with_a_file_is_told_and_the_file_is_counted(
    mmviz: Mmviz, folder: Path
) -> None:
    text = (folder / "ours.toml").read_text(encoding="utf-8")
    bad = text.replace('id = "ours"', 'id = "bad"', 1).replace("minutes = ", "minutes = 9", 1)
    bad = bad.replace('kind = "predict"', 'kind = "guess"').replace("minutes = 9", "minutes = 999")
    (folder / "bad.toml").write_text(bad, encoding="utf-8")
    code, out, _ = mmviz("lessons", "--check", str(folder))
    lines = out.splitlines()
    faults = [line for line in lines if line.startswith("bad.toml: ")]
    assert code == 1
    assert len(faults) == 1 + bad.count('kind = "guess"') >= 3
    assert any("minutes" in line for line in faults)
    assert lines[-1] == f"2 lessons, {len(faults)} problems"


def test_a_folder_is_checked_in_the_language_named(
    mmviz: Mmviz, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MMVIZ_LANGUAGE", "zh_CN")
    assert "problem" not in mmviz("lessons", "--check", str(folder))[1]
    assert mmviz("lessons", "--check", str(folder), "--lang", "en")[1] == "1 lesson, 0 problems\n"
    assert " min" in mmviz("lessons", "--lang", "en")[1]


def test_texts_that_a_language_lacks_are_listed(mmviz: Mmviz, folder: Path) -> None:
    assert mmviz("lessons", "--check", str(folder), "--lang", "zh")[0] == 0
    code, out, _ = mmviz("lessons", "--check", str(folder), "--lang", "de")
    assert code == 1
    assert "ours.toml: title is not in de" in out
    assert "ours.toml: step cells: ask is not in de" in out


def test_a_folder_is_added_for_once_and_for_good(mmviz: Mmviz, folder: Path, home: Path) -> None:
    assert "ours" not in mmviz("lessons")[1]
    assert "ours" in mmviz("lessons", "--folder", str(folder))[1]
    shutil.copytree(folder, home / "data" / "mmviz" / "lessons")
    assert "ours" in mmviz("lessons")[1]
    settings = home / "config" / "mmviz" / "settings.toml"
    settings.parent.mkdir(parents=True)
    shutil.rmtree(home / "data")
    settings.write_text(f"lessons_folders = ['{folder}']\n", encoding="utf-8")
    assert "ours" in mmviz("lessons")[1]


def test_guesses_are_exported_and_forgotten(mmviz: Mmviz, tmp_path: Path) -> None:
    files.write(Progress().with_step("batch", "cells", KeptStep(asked=True, guess=3, answer=4)))
    out = tmp_path / "guesses.csv"
    assert mmviz("lessons", "--export", str(out))[0] == 0
    head, row = out.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("lesson,step,form,guess")
    assert row.startswith("batch,cells,,3,4,,")
    assert mmviz("lessons", "--forget")[0] == 0
    assert files.read() == Progress()
    assert mmviz("lessons", "--forget", "--export", str(out))[0] == 2


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("wave", "no lesson is called 'wave'; there are neuron"),
        ("waves/99", "waves has no step '99'; there are one, wider"),
        ("waves/none", "waves has no step 'none'"),
        ("waves/0", "waves has no step '0'"),
    ],
)
def test_a_lesson_that_is_none_is_said(mmviz: Mmviz, named: str, said: str) -> None:
    code, _, err = mmviz("learn", named)
    assert code == 2
    assert said in err


def test_somebodys_lesson_that_cannot_be_walked_is_not_opened(mmviz: Mmviz, folder: Path) -> None:
    path = folder / "ours.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("solution = { batch = 8 }", "solution = { batch = 7 }"), "utf-8")
    code, _, err = mmviz("learn", "ours", "--folder", str(folder))
    assert code == 2
    assert "ours.toml: step full: solution: it does not meet" in err
