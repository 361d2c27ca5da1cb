"""`mmviz train` and `mmviz digits`, as typed, with the real child."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from mnist import write_mnist

from mmviz.backends.learner import STAGES
from mmviz.bench.lesson import Lesson
from mmviz.bench.messages import Message
from mmviz.bench.plan import Learnt
from mmviz.bench.taught import Taught
from mmviz.core.learning.digits.made import make
from mmviz.core.shapes.network import from_widths
from mmviz.files import hands, weights
from mmviz.state.learn.course import Course

Run = Callable[..., tuple[int, str, str]]
FEW = ("--epochs", "2")


def folder_of(path: Path, count: int = 64) -> Path:
    seen, unseen = (make(hands.hands(), count, 0.5, seed) for seed in (1, 2))
    return write_mnist(path, seen, unseen, packed=True)


def test_what_is_written_is_as_documented_and_the_same_again(mmviz: Run, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        files = ("--json", str(tmp_path / name), "--weights", str(tmp_path / f"{name}.npz"))
        code, out, err = mmviz("train", "digits", *FEW, "--seed", "0", *files)
        assert (code, err) == (0, "")
        assert "seed 0" in out
        found.append(json.loads((tmp_path / name).read_text()))
    table, again = found
    assert table["version"] == 1
    assert table["network"]
    assert table["seed"] == 0
    assert 0.9 < table["unseen_accuracy"] <= 1.0
    assert 0.9 < table["seen_accuracy"] <= 1.0
    assert next(iter(table["unseen"].values())) == table["unseen_accuracy"]
    assert set(table["step_s"]) == set(STAGES)
    assert [step["step"] for step in table["steps"]] == list(range(1, 2 * 94 + 1))
    seconds = [step["seconds"] for step in table["steps"]]
    assert seconds[0] > 0
    assert seconds == sorted(seconds), "of all steps until then"
    assert [step["loss"] for step in table["steps"]] == [step["loss"] for step in again["steps"]]
    digits = from_widths((784, 10))
    first, second = (weights.read(tmp_path / f"{name}.npz", digits) for name in ("a", "b"))
    assert np.array_equal(first[0][0], second[0][0])


def test_a_recipe_is_taken_as_it_is_asked_for(mmviz: Run) -> None:
    """Squared error behind a softmax learns too, and what is asked for stands in the file."""
    asked = ("--loss", "squared error", "--momentum", "0.5", "--decay", "0", "--lr", "0.1")
    code, out, err = mmviz("train", "digits", *FEW, *asked, "--dtype", "float64", "--json", "-")
    assert (code, err) == (0, "")
    table = json.loads(out)
    named = [table[name] for name in ("loss", "momentum", "decay", "rate", "dtype")]
    assert named == ["squared error", 0.5, 0.0, 0.1, "float64"]
    assert table["steps"][0]["loss"] == pytest.approx(0.45), "ten shares of a tenth: 0.9² + 9·0.1²"
    assert table["steps"][-1]["loss"] < 0.2


def test_many_steps_are_thinned(mmviz: Run) -> None:
    options = ("--batch", "2", "--epochs", "1", "--json", "-", "--seed", "3")
    code, out, _ = mmviz("train", "digits", *options)
    table = json.loads(out)
    assert code == 0
    assert table["count"] == 3_000
    assert 1_900 < len(table["steps"]) <= 2_000
    assert (table["steps"][0]["step"], table["steps"][-1]["step"]) == (1, 3_000)


def test_it_goes_on_from_weights_that_were_written(mmviz: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "w.npz")
    assert mmviz("train", "784-16-10", *FEW, "--weights", file, "--quiet") == (0, "", "")
    code, out, _ = mmviz("train", "784-16-10", *FEW, "--begin", file, "--json", "-")
    assert code == 0
    assert json.loads(out)["steps"][0]["loss"] < 0.5, "it knows something from the first step on"
    code, _, err = mmviz("train", "digits", "--begin", file)
    assert code == 2
    assert err.endswith("has weights of another network than 784-10\n")


def test_a_loss_that_is_lost_says_where_and_what_to_try(mmviz: Run, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    code, _, err = mmviz("train", "784-8-10", *FEW, "--lr", "1e20", "--json", str(file))
    assert code == 1
    assert err.startswith("mmviz: in step ")
    assert "try a learning rate of 0.05 in place of 1e+20" in err
    table = json.loads(file.read_text())
    assert f"in step {len(table['steps']) + 1} the loss" in table["failure"]
    assert table["steps"], "those before it are kept"


@pytest.mark.parametrize("options", [("--lr", "1e308"), ("--lr", "999", "--decay", "999")])
def test_weights_that_are_no_numbers_are_not_written_and_it_is_said(
    mmviz: Run, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = tmp_path / "w.npz"
    code, _, err = mmviz("train", "digits", *FEW, *options, "--weights", str(file))
    assert (code, err.count("\n")) == (1, 1)
    if not file.exists():
        assert err.endswith(f"; {file} is not written: it told no weights before\n")
        return
    weights.read(file, from_widths((784, 10)))  # which refuses what is not finite
    assert f"; {file} has what it knew after " in err


def test_more_drawings_a_step_than_there_are_are_refused(mmviz: Run) -> None:
    for asked in ("7000", "64,7000", "7000,8000"):
        code, out, err = mmviz("train", "digits", "--batch", asked, "--seconds", "0.01")
        assert (code, out) == (2, "")
        assert "a batch of 7 000 is more than the 6 000 drawings" in err.replace("\u202f", " ")


def test_a_slow_number_format_is_warned_of(mmviz: Run) -> None:
    words = ("train", "784-10", "--dtype", "float16", "--seconds", "0.01")
    code, out, err = mmviz(*words)
    assert (code, err) == (
        0,
        "mmviz: NumPy has no BLAS for float16: large products are up to hundreds of times slower\n",
    )
    assert "784-10 on NumPy, float16, squared error, batch 64" in out
    assert mmviz(*words, "--quiet") == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_sweep_with_a_child_that_dies_is_not_whole(
    mmviz: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Course.heard

    def killing(self: Course, message: Message) -> Course:
        if self.plan.recipe.batch == 16 and isinstance(message, Taught):
            for child in psutil.Process().children():
                child.kill()
        return heard(self, message)

    monkeypatch.setattr(Course, "heard", killing)
    code, out, _ = mmviz("train", "digits", "--batch", "16,600", "--seconds", "0.2")
    assert code == 1
    assert "batch 16: " in out
    assert "killed by signal 9" in out


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_child_that_dies_costs_a_moment(
    mmviz: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = Lesson.hear

    def killing(self: Lesson, message: Message) -> None:
        hear(self, message)
        if isinstance(message, Learnt) and message.step:
            for child in psutil.Process().children():
                child.kill()

    monkeypatch.setattr(Lesson, "hear", killing)
    whole, known = tmp_path / "t.json", tmp_path / "w.npz"
    files = ("--json", str(whole), "--weights", str(known))
    code, out, err = mmviz("train", "digits", "--seconds", "60", *files)
    assert (code, err.count("\n")) == (1, 1)
    assert "killed by signal 9" in err
    assert f"; {known} has what it knew after " in err
    assert "drawings it learnt from" in out
    table = json.loads(whole.read_text())
    assert "killed by signal 9" in table["failure"]
    assert table["steps"]
    assert weights.read(known, from_widths((784, 10)))[0][0].any(), "what it knew then"


def test_a_course_that_goes_nowhere_says_what_to_try(mmviz: Run) -> None:
    code, out, err = mmviz("train", "digits", *FEW, "--lr", "1000")
    assert (code, err) == (0, ""), "its loss is a number all the time"
    assert "its last steps lose more than the first one, 2.30" in out
    assert "try a learning rate of 0.05 in place of 1000" in out
    assert "lose more" not in mmviz("train", "digits", *FEW)[1]
    for where, unseen in ((("--quiet",), ""), (("--json", "-"), "{")):
        code, out, err = mmviz("train", "digits", *FEW, "--lr", "1000", *where)
        assert (code, out[:1]) == (0, unseen)
        assert "its last steps lose more than the first one, 2.30" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "8-10"), "8 inputs, a drawing has 28 × 28 = 784 pixels"),
        (("train", "784-9"), "9 outputs, there are 10 digits"),
        (("train", "digits", "--lr", "0"), "--lr must be a number above 0, not '0'"),
        (("train", "digits", "--lr", "nan"), "--lr must be"),
        (("train", "digits", "--momentum", "1"), "--momentum must be a number from 0 to below 1"),
        (("train", "digits", "--decay", "-1"), "--decay must be a number from 0 on, not '-1'"),
        (("train", "digits", "--loss", "mse"), "--loss must be cross-entropy or squared-error"),
        (("train", "digits", "--dtype", "int4"), "int4"),
        (("train", "digits", "--seed", "-1"), "--seed must be a whole number from 0"),
        (("train", "digits", "--seconds", "0"), "--seconds must be"),
        (("train", "digits", "--seconds", "1", "--epochs", "1"), "give one of them"),
        (("train", "digits", "--data", "/nowhere"), "there is no folder /nowhere"),
        (("train", "digits", "--backend", "loop"), "teaches no network here"),
        (("train", "digits", "--weights", "/nowhere/w.npz"), "no folder /nowhere"),
        (("train", "digits", "--json", "-", "--weights", "-"), "cannot both be written"),
        (("digits", "-o", "sheet.txt"), "its name must end in .svg or .png or .pdf"),
        (("digits", "--seed", "1"), "required"),
    ],
)
def test_bad_input_is_one_line(mmviz: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = mmviz(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_folder_of_the_user_s_own_is_learnt_from(mmviz: Run, tmp_path: Path) -> None:
    folder = str(folder_of(tmp_path))
    code, out, _ = mmviz("train", "digits", "--data", folder, *FEW, "--batch", "9", "--json", "-")
    table = json.loads(out)
    assert code == 0
    assert table["data"] == "the user's own"
    assert table["count"] == 2 * 8, "the last step of an epoch is ragged"
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0")
    code, _, err = mmviz("train", "digits", "--data", folder)
    assert code == 2
    assert "t10k-labels-idx1-ubyte is cut off or damaged" in err


def test_several_batch_sizes_are_a_sweep(mmviz: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    options = ("--batch", "16, 600", "--seconds", "0.05", "--json", str(file))
    code, out, err = mmviz("train", "digits", *options)
    assert (code, err) == (0, "")
    assert "50.0 ms of steps at each batch size" in out
    assert "loss, equal drawings" in out
    assert "after the same " in out
    table = json.loads(file.read_text())
    small, large = table["batches"]
    assert (small["batch"], large["batch"]) == (16, 600)
    assert 0 < small["step_s"] < small["epoch_s"]
    assert small["steps"] > large["steps"]
    assert small["loss_after_equal_drawings"] < large["loss_after_equal_drawings"]
    code, _, err = mmviz("train", "digits", "--batch", "1,2", "--epochs", "3")
    said = "mmviz: --epochs belongs to one batch size and one backend, not to several\n"
    assert (code, err) == (2, said)


def test_a_sweep_goes_on_from_its_file(mmviz: Run, tmp_path: Path) -> None:
    """Courses that are in it are not taken again, to the last digit."""
    file, log = str(tmp_path / "r.json"), tmp_path / "log"
    words = ("train", "digits", "--batch", "16,600", "--seconds", "0.05", "--resume", str(log))
    assert mmviz(*words, "--quiet") == (0, "", "")
    lines = log.read_bytes().splitlines(keepends=True)
    assert len(lines) == 3
    log.write_bytes(b"".join(lines[:2]) + lines[2][:50])  # killed while it wrote the second one
    assert mmviz(*words, "--json", file, "--quiet") == (0, "", "")
    small, _ = json.loads(Path(file).read_text())["batches"]
    again = log.read_bytes().splitlines(keepends=True)
    assert again[:2] == lines[:2]
    kept = json.loads(again[1])
    assert small["step_s"] == np.median(kept["recent"])
    code, _, err = mmviz(*words[:-2], "--lr", "0.1", "--resume", str(log))
    assert code == 2
    assert "log is of another sweep: name another file" in err
    code, _, err = mmviz("train", "digits", "--resume", str(log))
    assert (code, err) == (2, "mmviz: --resume belongs to a sweep of several batch sizes\n")
