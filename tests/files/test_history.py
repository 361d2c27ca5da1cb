"""The history of kept runs: what each found, and how it stands beside the one before."""

from __future__ import annotations

from dataclasses import replace

from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Samples, Started
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Network, from_widths
from mmviz.files.history import Past, history, same_pass
from mmviz.files.journal import Journal, lean, place
from mmviz.text import NOTHING

TINY, OTHER = from_widths((4, 3, 2), "tiny"), from_widths((4, 5, 2), "tiny")
MACHINE = read_machine({})
WHEN = 1_795_000_000.0


def keep(minute: int, seconds: float, network: Network = TINY, machine=MACHINE) -> None:  # type: ignore[no-untyped-def]
    plan = BenchPlan(network=network, batches=(8,), backends=("numpy",))
    made = Journal(plan, WHEN + 60 * minute)
    made.add(Started(machine))
    made.add(Samples("numpy", 8, [seconds] * 40))
    made.end(NOTHING, 1.0)


def verdicts(found: list[Past]) -> list[str]:
    return [one.compared[0].judged.verdict if one.compared else "none" for one in found]


def test_each_run_stands_beside_the_one_before_of_the_same_pass() -> None:
    keep(0, 1.0)
    keep(1, 5.0, OTHER)  # of another shape, though it is called the same
    keep(2, 1.2)
    keep(3, 1.2)
    keep(4, 4.0, OTHER)
    found = list(history())
    assert [one.figures[0].p50 for one in found] == [1.0, 5.0, 1.2, 1.2, 4.0]
    assert verdicts(found) == ["none", "none", "slower", "same", "faster"]
    assert [one.before.when for one in found if one.before] == [WHEN, WHEN + 120, WHEN + 60]


def test_a_run_that_cannot_be_read_says_why_and_the_next_are_told() -> None:
    keep(0, 1.0)
    keep(1, 1.0)
    path = sorted(place().iterdir())[0]
    head = path.read_bytes().partition(b"\n")[0]
    path.write_bytes(head + b"\n" + b"," * 3_000_000 + b"\n")
    first, second = history()
    assert "is no run that mmviz kept" in str(first.problem)
    assert (first.figures, second.compared) == ((), ())


def test_one_pass_is_one_by_its_shapes_not_by_its_numbers_or_batch() -> None:
    plan = BenchPlan(network=TINY, batches=(1, 8), backends=("numpy",))
    given = replace(TINY.layers[1], weights=GivenMatrix.of([[1.0, 2.0]] * 3))
    numbers = replace(TINY, layers=(TINY.layers[0], given))
    assert numbers != TINY
    assert lean(numbers) == TINY
    assert same_pass(numbers, "float32", False, plan)
    assert not same_pass(OTHER, "float32", False, plan)
    assert not same_pass(TINY, "float16", False, plan)
    assert not same_pass(TINY, "float32", True, plan)
