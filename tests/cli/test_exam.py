"""mmviz exam: every row that ships has an answer, exercises are right, and own rows are asked."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mmviz.cli.exam import Answer, ask, exam_json, summary
from mmviz.errors import InputError
from mmviz.files.exam import KINDS, UNITS, Question, read_exam, shipped

Mmviz = Callable[..., tuple[int, str, str]]
HEAD = "id,kind,question,command,key,expected,unit,tolerance,source,url,note\n"
ROW = (
    "one,exercise,tiles,plan 256x256x256 --tile 128x128 --device a100,total.tiles,4,tiles,0,me,,\n"
)


@pytest.fixture(scope="module")
def answers() -> tuple[Answer, ...]:
    return ask(shipped())


def test_every_row_is_answered_and_every_exercise_is_right(answers: tuple[Answer, ...]) -> None:
    unanswered = [(one.question.id, str(one.why)) for one in answers if one.found is None]
    assert unanswered == []
    exercises = [one for one in answers if one.question.kind == "exercise"]
    wrong = [(one.question.id, one.found) for one in exercises if one.verdict != "pass"]
    assert wrong == []


def test_there_is_enough_to_ask(answers: tuple[Answer, ...]) -> None:
    told = exam_json(answers)
    assert len(told["rows"]) >= 60
    assert told["measured"] >= 25
    assert told["measured_sources"] >= 8
    for (
        one
    ) in answers:  # a measured time comes from somewhere, and is judged loosely, never exactly
        if one.question.kind == "measured":
            assert one.question.url.startswith("https://")
            assert one.question.tolerance > 0
            assert one.off is not None
            assert one.found is not None
            assert one.found > 0


ROOT = Path(__file__).parents[2]
REPORT = re.compile(r"([\w.-]+(?:/[\w.-]+)?)#(\d+)")  # pytorch#83272, owner/name#120
COLLECTION = re.compile(r"([\w.-]+/[\w.-]+) [0-9a-f]{7}\b")  # owner/name at a commit
OF_THE_EXAM = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)(?:/(?:issues|pull)/(\d+))?")
SAID = re.compile(r"set the error|the error stated")


def drawn_on() -> tuple[set[tuple[str, str]], set[str]]:
    """What device files and time models name as the source of a number: reports, collections."""
    files = [*(ROOT / "assets/devices").glob("*.toml"), *(ROOT / "mmviz/core/time").glob("*.py")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    reports = {found for text in texts for found in REPORT.findall(text)}
    return reports, {found.lower() for text in texts for found in COLLECTION.findall(text)}


def test_no_row_set_a_number_of_the_model_without_saying_so() -> None:
    """Rows of two reports set stated errors, and the exam said that nothing was fitted to it."""
    reports, collections = drawn_on()
    assert {"ai-dynamo/aiconfigurator", "sitar-lab/neusight"} <= collections
    used = set()
    for question in shipped():
        where = OF_THE_EXAM.match(question.url)
        if where is None or question.kind == "exercise":
            continue
        repository, number = where.groups()
        assert repository.lower() not in collections, question.id
        names = {repository, repository.partition("/")[2]}
        drawn = any(of in names and at == number for of, at in reports)
        assert drawn == bool(SAID.search(question.note)), question.id
        used |= {question.id} if drawn else set()
    assert used == {f"torch-bmm-{n}" for n in (384, 512)} | {
        f"torch-4090-{n}" for n in (2040, 2056, 2072)
    }


def test_one_line_a_row_and_what_is_off_is_named(mmviz: Mmviz, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    off = "two,measured,a time,plan 64x64x64 --device a100,total.flop,1,FLOP,15,somebody,https://x,"
    mine.write_text(HEAD + ROW.replace("total.tiles", "products.0.tiles") + off + "\n")
    code, out, err = mmviz("exam", str(mine), "--alone")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["verdict", "id"]
    assert lines[1].split()[:2] == ["pass", "one"]
    assert lines[2].split()[:2] == ["off", "two"]
    assert lines[3] == "1 exercise, 1 right"
    assert lines[4].startswith("1 measured time of 1 source, 0 within its tolerance, median ")
    assert lines[5].startswith("off: two by +")
    assert lines[5].endswith(" %, somebody, https://x")
    mine.write_text(HEAD + off.replace("https://x", "") + "\n")
    _, out, _ = mmviz("exam", str(mine), "--alone")
    assert out.splitlines()[-1].endswith(" %, somebody")
    mine.write_text(HEAD + ROW.replace("total.tiles", "products.0.tiles") + off + "\n")
    code, out, _ = mmviz("exam", str(mine), "--alone", "--json")
    told = json.loads(out)
    assert (code, told["off"], told["unanswered"]) == (0, ["two"], [])
    assert told["rows"][0]["command"] == ("mmviz plan 256x256x256 --tile 128x128 --device a100")


def test_a_row_without_an_answer_says_why(mmviz: Mmviz, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(HEAD + ROW + ROW.replace("one", "two").replace("a100", "a1000"))
    code, out, _ = mmviz("exam", str(mine), "--alone")
    assert code == 1
    assert "tiles: its answer has no total.tiles" in out
    assert "tiles: unknown device 'a1000'" in out
    assert mmviz("exam", "--alone")[0] == 2


def test_a_list_beside_the_table_is_found(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("m,n,k\n64,64,64\n128,128,128\n")
    row = ROW.replace("256x256x256 --tile 128x128", "two.csv").replace("total.tiles", "total.flop")
    (tmp_path / "mine.csv").write_text(HEAD + row)
    (one,) = ask(read_exam(tmp_path / "mine.csv"))
    assert one.found == 2 * (64**3 + 128**3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column id is missing"),
        (HEAD.replace("note", "notes"), "unknown or double column 'notes'"),
        (HEAD, "no question in it"),
        (HEAD + ROW + ROW, "two rows have the id one"),
        (HEAD + ROW.replace("exercise", "guess"), "line 2: kind is one of exercise, measured"),
        (HEAD + ROW.replace(",tiles,0", ",horses,0"), "unknown unit 'horses'"),
        (HEAD + ROW.replace(",4,", ",four,"), "expected is a number, 0 or more, with a point"),
        (
            HEAD + ROW.replace("exercise", "measured").replace(",4,", ",0,"),
            "line 2: what was measured is more than 0",
        ),
        (HEAD + ROW.replace("total.tiles", "total..tiles"), "a key is as total.predicted_s"),
        (HEAD + ROW.replace("plan 256", "bench 256"), "a command begins with one of plan"),
        (HEAD + ROW.replace("--device a100", "--gemms x.csv"), "--gemms has no place in an exam"),
        (HEAD + ROW.replace("--device a100", "-oF"), "-oF has no place in an exam"),
        (HEAD + ROW.replace("256x256x256", "-"), "- has no place in an exam"),
        (HEAD + ROW.replace(",me,", ",,"), "line 2: source is empty"),
        (HEAD + ROW.rstrip("\n") + ",more\n", "as many cells as there are columns"),
        (HEAD + '"one', "check its quotes"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(text)
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        read_exam(mine)


def question(**other: Any) -> Question:
    given: dict[str, Any] = {
        "id": "x", "kind": "measured", "question": "", "command": ("plan",), "key": "a / b.0",
        "expected": 2.0, "unit": "ms", "tolerance": 0.1, "source": "s",
    }  # fmt: skip
    return Question(**given | other)


def test_an_answer_is_taken_from_json_in_the_unit_of_the_row() -> None:
    assert question().answer({"a": 6, "b": [1000]}) == pytest.approx(6)
    assert question(key="a", unit="%").answer({"a": 0.75}) == 75
    for told in ({"a": 6, "b": []}, {"a": None, "b": [1]}, {"a": True, "b": [1]}, []):
        with pytest.raises(InputError, match="its answer has no"):
            question().answer(told)
    assert set(KINDS) == {"exercise", "measured"}
    assert all(factor > 0 for factor in UNITS.values())


@pytest.mark.parametrize(("found", "verdict"), [(2.2, "pass"), (1.8, "pass"), (2.3, "off")])
def test_within_the_tolerance_either_way(found: float, verdict: str) -> None:
    one = Answer(question(), found)
    assert one.verdict == verdict
    assert len(summary([one])) == 1 + (verdict == "off")


def test_of_nothing_there_is_no_share(mmviz: Mmviz, tmp_path: Path) -> None:
    """An exercise whose answer is 0 was "+200 000 %" off."""
    mine = tmp_path / "mine.csv"
    cells = "none,exercise,q,plan 1x1x1000 --device a100 --dtype float16,total.flop,0,FLOP,5,me,,\n"
    mine.write_text(HEAD + cells)
    _, out, _ = mmviz("exam", str(mine), "--alone")
    assert "+2\u202f000 FLOP" in out
    assert "off: none by +2\u202f000 FLOP, me" in out
    assert "%" not in out
    nought = question(kind="exercise", expected=0.0)
    assert Answer(nought, 0.0).verdict == "pass"
    assert (Answer(nought, 0.0).off, Answer(nought, 1e-3).verdict) == (0.0, "off")


def test_the_page_is_of_the_answers_given_now(answers: tuple[Answer, ...]) -> None:
    made = runpy.run_path(str(ROOT / "docs" / "exam.py"))
    page = (ROOT / "docs" / "exam.md").read_text(encoding="utf-8")
    assert page == made["page"](answers), "run python docs/exam.py"


def test_the_page_and_the_readme_have_every_row() -> None:
    page, readme = (ROOT / "docs/exam.md").read_text(), (ROOT / "README.md").read_text()
    asked = shipped()
    for question in asked:
        assert f"`{' '.join(question.command)}`" in page
        assert question.source in page
    counted = sum(question.kind == "exercise" for question in asked)
    for text in (page, readme):
        assert (
            f"{counted} exercises, {counted} right; {len(asked) - counted} measured times" in text
        )
