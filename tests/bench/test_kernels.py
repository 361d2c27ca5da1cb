"""What OpenBLAS takes by itself, and what another choice costs: asked of another Python."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from mmviz.bench import kernels
from mmviz.bench.kernels import FORCED, ROUNDS, Kernels, ask, own_kernels
from mmviz.bench.machine import Blas, read_machine

MACHINE = msgspec.structs.replace(
    read_machine(), blas=Blas("openblas", "0.3", "Haswell", 2), variables={}
)
TOLD = msgspec.structs.replace(MACHINE, variables={FORCED: "Haswell"})
ENVIRONMENT = {FORCED: "Haswell", "HOME": "/"}


def test_nobody_is_asked_where_nobody_forced_another() -> None:
    assert own_kernels(MACHINE, ENVIRONMENT, pytest.fail) == Kernels("Haswell")
    other = msgspec.structs.replace(TOLD, blas=Blas("mkl", "2024", "", 2))
    assert own_kernels(other, ENVIRONMENT, pytest.fail) == Kernels()
    none = msgspec.structs.replace(TOLD, blas=None)
    assert own_kernels(none, ENVIRONMENT, pytest.fail) == Kernels()


def test_both_are_timed_in_turns() -> None:
    asked: list[bool] = []

    def answer(variables: Mapping[str, str]) -> tuple[str, float]:
        assert variables["HOME"] == "/"
        asked.append(FORCED in variables)
        return ("Haswell", 0.019) if FORCED in variables else ("SkylakeX", 0.010)

    found = own_kernels(TOLD, ENVIRONMENT, answer)
    assert found.own == "SkylakeX"
    assert found.times == pytest.approx(1.9)
    assert asked == [False, True] * ROUNDS


def test_rounds_that_do_not_agree_say_nothing_of_the_cost() -> None:
    seconds = iter((0.010, 0.019, 0.010, 0.030, 0.010, 0.019))
    found = own_kernels(TOLD, ENVIRONMENT, lambda _: ("Zen", next(seconds)))
    assert found == Kernels("Zen")


def test_who_has_enough_ends_it_between_two_rounds() -> None:
    asked: list[int] = []

    def enough() -> None:
        if len(asked) == 3:
            raise KeyboardInterrupt

    def answer(_: Mapping[str, str]) -> tuple[str, float]:
        asked.append(1)
        return "Zen", 0.01

    with pytest.raises(KeyboardInterrupt):
        own_kernels(TOLD, ENVIRONMENT, answer, enough)
    assert len(asked) == 3


def test_who_does_not_answer() -> None:
    answers = iter((("Zen", 0.01), None))
    assert own_kernels(TOLD, ENVIRONMENT, lambda _: next(answers)) == Kernels("Zen")
    assert own_kernels(TOLD, ENVIRONMENT, lambda _: None) == Kernels()


def test_another_python_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ask(os.environ)
    machine = read_machine()
    assert told is not None
    assert told[1] > 0
    if machine.blas is not None and machine.blas.library == "openblas":
        assert told[0] == machine.blas.architecture
    monkeypatch.setattr(kernels, "_SAY", "print('no figure')")
    assert ask(os.environ) is None
    monkeypatch.setattr(kernels, "_ANSWER_S", 1e-9)
    assert ask(os.environ) is None


def test_no_module_of_the_folder_one_is_in_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("print('Trap 1.0'); raise SystemExit")
    monkeypatch.chdir(tmp_path)
    told = ask(dict(os.environ))
    assert told is None or told[0] != "Trap"
