"""Lesson files are read strictly: what is wrong is one line, with the file and the step."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmviz.errors import InputError
from mmviz.files.lessons.format import Const, Moment, Named, Search, said_in
from mmviz.files.lessons.reader import MAX_BYTES, parse, read_lesson
from mmviz.files.lessons.shelf import read_folder, read_shelf, shipped_folder

TEXT = """
format = 1
id = "tiny"
order = 5
minutes = 3
track = ["mine"]
source = "made for a test"
title = { en = "Tiny", zh = "小" }
idea = { en = "An idea.", zh = "一个想法。" }

[start]
network = "4-2"
batch = 2
device = "lanes-16"
at = "wave 1"

[[steps]]
id = "cells"
kind = "predict"
guess = "choice"
options = [1, 2, { q = "cells" }]
answer = { q = "cells" }
values = { m = { q = "m" } }
reveal = [{ do = "play", to = "end" }, { do = "select", what = "wave", index = "last" }]
ask = { en = "How many cells?", zh = "几格？" }
tell = { en = "{m} rows: {answer}.", zh = "{m} 行：{answer}。" }
hint = { en = "Count.", zh = "数一数。" }

[[steps]]
id = "least"
kind = "investigate"
guess = "number"
within = "5 %"
answer = { least = "batch", from = 1, to = 64, where = { q = "cells", is = ">=", value = 20 } }
ask = { en = "From which batch on?", zh = "从多大的批开始？" }
tell = { en = "{answer}.", zh = "{answer}。" }

[[steps]]
id = "more"
kind = "modify"
free = ["batch"]
until = [{ q = "cells", is = "=", value = 8 }]
solution = { batch = 4 }
ask = { en = "Make it 8 cells.", zh = "做成 8 格。" }
tell = { en = "8.", zh = "8。" }
"""
PARTS = TEXT.split("[[steps]]")


def lesson(text: str = TEXT, file: str = "tiny.toml"):  # type: ignore[no-untyped-def]
    return parse(text.encode(), file)


def test_a_lesson_is_what_its_file_says() -> None:
    found = lesson()
    assert found.id == "tiny"
    assert said_in(found.title, "zh_CN") == "小"
    assert said_in(found.title, "de") == "Tiny"
    assert dict(found.start)["at"] == Moment("wave", 1)
    cells, least, more = found.steps
    assert cells.options[0].value == Const(1)
    assert cells.options[2].value == cells.answer == Named("cells")
    assert cells.reveal[1]["index"] == "last"
    assert isinstance(least.answer, Search)
    assert least.answer.over == range(1, 65)
    assert more.solution == (("batch", 4),)
    assert found.number("more") == 2
    assert hash(found) == hash(lesson())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("format = 1", "format = 2", "format 2 is not known"),
        ('id = "tiny"', 'id = "Tiny"', "is not the name of the file"),
        ("minutes = 3", "minutes = 0", "minutes: expected a number from 1 to 240"),
        ("minutes = 3", "minutes = 3\nextra = 1", "unknown key extra"),
        (
            'title = { en = "Tiny", zh = "小" }',
            'title = { zh = "小" }',
            "title: the text has no en",
        ),
        ('network = "4-2"', 'network = "../4-2.toml"', "neither a preset nor widths"),
        ('network = "4-2"', 'network = "/etc/passwd"', "neither a preset nor widths"),
        ('network = "4-2"', 'network = "4-99999999999"', "a width must be"),
        ("batch = 2", "batch = 0", "start.batch: expected a number from 1"),
        ("batch = 2", "batch = 1e30", "start.batch: expected a whole number"),
        ('device = "lanes-16"', 'device = "./mine.toml"', "is none of"),
        ('at = "wave 1"', 'at = "wave 0"', "expected 0.0 to 1.0"),
        ("batch = 2", "batch = 2\ncolour = 1", "unknown key start.colour"),
        ('id = "cells"', 'id = "least"', "two steps are called least"),
        ('id = "cells"', 'id = "the cells"', "a step needs an id"),
        ('kind = "predict"', 'kind = "guess"', "step cells: kind: 'guess' is none of"),
        ('guess = "choice"', 'guess = "dice"', "step cells: guess: 'dice' is none of"),
        ('guess = "choice"\n', "", "step cells: a step that predicts needs a guess"),
        ("options = [1, 2, ", "options = [", "options: expected a list of 2 to 5"),
        (
            '{ q = "cells" }]',
            '{ id = "a", text = { zh = "a" } }]',
            "options.text: the text has no en",
        ),
        ('answer = { q = "cells" }\n', "", "step cells: answer is missing"),
        ('answer = { q = "cells" }', 'answer = { q = "Cells" }', "is no name of a quantity"),
        ('answer = { q = "cells" }', 'answer = { r = "cells" }', "an expression is one of"),
        ('answer = { q = "cells" }', "answer = { ratio = [1] }", "expected a list of 2 to 2"),
        (
            'answer = { q = "cells" }',
            "answer = { sum = [1, { sum = [1, { sum = [1, { sum = [1, 2] }] }] }] }",
            "deeper than 3 expressions",
        ),
        ("from = 1, to = 64", "from = 1, to = 9000", "more than 4\u202f096 tries"),
        ("from = 1, to = 64", "from = 9, to = 8", "expected a number from 9"),
        ('is = ">=", value = 20', 'is = "~", value = 20', "is none of"),
        ('is = ">=", value = 20', 'is = ">="', "a condition needs a value"),
        ('is = ">=", value = 20', 'is = "between", value = 20', "between needs two values"),
        ('within = "5 %"', 'within = "about"', "within: expected exact"),
        ('within = "5 %"', 'on = "output"', "on is not for a step of kind investigate"),
        ("hint = {", "hints = {", "unknown key hints"),
        ("{m} rows", "{n} rows", "stands in one language only"),
        ("{m} rows: {answer}.", "{m} rows {m}: {answer:>99}.", "the bare name of a value"),
        ("{m} rows: {answer}.", "{m} rows: {answer.", "a brace without its other one"),
        ('en = "How many cells?"', 'en = "{answer} cells?"', "in one language only"),
        ('en = "Count."', 'en = "See http://a.b"', "a lesson points nowhere outside"),
        ('en = "Count."', 'en = "Count\\u0007"', "printable characters"),
        ('en = "Count."', f'en = "{"x" * 161}"', "longer than 160 characters"),
        ('zh = "数一数。"', f'zh = "{"数" * 91}"', "longer than 90 characters"),
        ('do = "play", to = "end"', 'do = "open", to = "end"', "'open' is none of play"),
        ('do = "play", to = "end"', 'do = "play"', "reveal: play needs to"),
        ('do = "play", to = "end"', 'do = "play", to = "end", at = 1', "unknown key reveal.at"),
        ('free = ["batch"]\n', "", "step more: free is missing"),
        ('free = ["batch"]', 'free = ["disk"]', "'disk' is none of"),
        ("solution = { batch = 4 }\n", "", "step more: solution is missing"),
        ('until = [{ q = "cells", is = "=", value = 8 }]\n', "", "step more: until is missing"),
        ('kind = "modify"', 'kind = "modify"\nguess = "number"', "guess is not for a step"),
        ('kind = "modify"', 'kind = "modify"\nrecall = "tiny/cells"', "recall is not for a step"),
        ('kind = "predict"', 'kind = "predict"\nrecall = "tiny"', "recall: expected lesson/step"),
        (
            'kind = "predict"',
            'kind = "predict"\nrecall = "tiny/cells"',
            "step cells: recall: cells is no earlier step of this lesson",
        ),
        (
            'kind = "predict"',
            'kind = "predict"\nrecall = "tiny/least"',
            "step cells: recall: least is no earlier step of this lesson",
        ),
        (
            'source = "made for a test"',
            'source = "see https://a.b/c"',
            "source: a lesson points nowhere outside",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(InputError) as error:
        lesson(TEXT.replace(before, after, 1))
    line = str(error.value)
    assert line.startswith("tiny.toml: ")
    assert said in line
    assert "\n" not in line


def test_an_earlier_step_and_another_lesson_may_be_recalled() -> None:
    later = TEXT.replace('kind = "investigate"', 'kind = "predict"\nrecall = "tiny/cells"')
    assert lesson(later).steps[1].recall == ("tiny", "cells")
    other = TEXT.replace('kind = "predict"', 'kind = "predict"\nrecall = "other/cells"', 1)
    assert lesson(other).steps[0].recall == ("other", "cells")


def test_an_answer_is_not_told_by_the_question() -> None:
    text = TEXT.replace("How many cells?", "{answer} cells?").replace("几格？", "{answer} 格？")
    with pytest.raises(InputError, match="ask: no value is called answer"):
        lesson(text)


def test_it_has_three_steps_at_least() -> None:
    with pytest.raises(InputError, match="steps: expected a list of 3 to 8"):
        lesson("[[steps]]".join(PARTS[:3]))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(TEXT + "#" * MAX_BYTES, encoding="utf-8")
    with pytest.raises(InputError, match="larger than"):
        read_lesson(path)
    with pytest.raises(InputError, match="larger than"):
        parse(path.read_bytes(), "tiny.toml")


def test_a_folder_has_its_lessons_and_says_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("format = ", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    shelf = read_folder(tmp_path, "mine")
    assert [one.id for one in shelf.lessons] == ["tiny"]
    assert shelf.lessons[0].folder == "mine"
    assert len(shelf.problems) == 1
    assert "broken.toml" in str(shelf.problems[0])


def test_lessons_of_a_folder_come_after_those_of_mmviz(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "waves.toml").write_text(TEXT.replace('"tiny"', '"waves"'), encoding="utf-8")
    shelf = read_shelf([tmp_path])
    shipped = read_folder(shipped_folder(), "").lessons
    assert [one.id for one in shelf.lessons] == [*(one.id for one in shipped), "tiny"]
    assert [str(one) for one in shelf.problems] == ["waves: there is a lesson of that name already"]
    with pytest.raises(InputError, match="no lesson is called 'none'; there are neuron"):
        shelf.find("none")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    shelf = read_folder(tmp_path / "none", "none")
    assert shelf.lessons == ()
    assert "No such file" in str(shelf.problems[0])
