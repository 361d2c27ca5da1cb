"""Lists of products as a timing run: with fakes, in this process."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.deaths import silence_limit
from mmviz.bench.memory import check_memory, drawn, needed_bytes
from mmviz.bench.messages import Aside, Checked, Estimate, Failed, Message, Parted, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.runner import run
from mmviz.bench.timing import time_plan
from mmviz.core.learning.operands import (
    Operands,
    affordable_rows,
    make_operands,
    reference_rows,
    sampled_rows,
)
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.errors import InputError
from mmviz.files.networks import read_preset

LIST = Products(
    "mine",
    (
        Gemm("up", "product", 8, 6, 5, 0, count=3),
        Gemm("heads", "product", 4, 7, 16, 1, count=2, stack=3),
    ),
)


def plan(*backends: str, network: Products = LIST, seconds: float = 0.01) -> BenchPlan:
    return BenchPlan(network=network, batches=(1,), backends=backends, seconds=seconds)


def messages(asked: BenchPlan) -> list[Message]:
    said: list[Message] = []
    time_plan(asked, said.append)
    return said


def test_every_backend_times_all_of_it_and_is_checked() -> None:
    said = messages(plan("numpy", "loop", "fake"))
    assert {m.backend for m in said if isinstance(m, Samples)} == {"numpy", "loop", "fake"}
    errors = {m.backend: m.max_error for m in said if isinstance(m, Checked)}
    assert set(errors) == {"numpy", "loop", "fake"}
    assert all(error < 1e-6 for error in errors.values())
    (parted,) = [m for m in said if isinstance(m, Parted)]
    assert [(part.what, part.layer) for part in parted.parts] == [("product", 0), ("product", 1)]
    assert not [m for m in said if isinstance(m, Failed)]


def test_a_wrong_result_is_seen_and_an_infinite_one_is_a_failure() -> None:
    said = messages(plan("fake:wrong", "fake:infinite", "numpy"))
    errors = {m.backend: m.max_error for m in said if isinstance(m, Checked)}
    assert errors["fake:wrong"] > 0.1
    assert errors["numpy"] < 1e-6
    (failed,) = [m for m in said if isinstance(m, Failed)]
    assert (failed.backend, "not finite" in str(failed.reason)) == ("fake:infinite", True)


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 2, 3), (1, 0, 3)])
def test_one_wrong_cell_in_the_first_or_the_last_row_is_seen(
    monkeypatch: pytest.MonkeyPatch, place: tuple[int, int, int]
) -> None:
    from mmviz.backends import fake

    number, which, row = place
    exact = fake.FakeProducts.product

    def off(self: fake.FakeProducts, asked: int) -> np.ndarray:
        found = exact(self, asked).copy()
        if asked == number:
            found[which, row, -1] += 1
        return found

    monkeypatch.setattr(fake.FakeProducts, "product", off)
    (checked,) = [m for m in messages(plan("fake")) if isinstance(m, Checked)]
    assert checked.max_error > 0.1


def test_a_list_that_does_not_fit_its_seconds_is_estimated() -> None:
    long = Products("long", (Gemm("a", "product", 200, 200, 200, 0, count=40),))
    said = messages(plan("loop", "fake", network=long, seconds=0.05))
    (estimate,) = [m for m in said if isinstance(m, Estimate)]
    assert estimate.backend == "loop"
    assert 0 < estimate.fraction < 1
    assert estimate.seconds > 1, "320 million multiply-adds of plain Python"
    assert {m.backend for m in said if isinstance(m, Checked)} == {"fake"}


def test_rows_are_sampled_from_the_first_to_the_last() -> None:
    gemm = Gemm("a", "product", 100, 3, 4, 0, stack=10)
    assert sampled_rows(gemm, 1000).tolist() == list(range(1000))
    some = sampled_rows(gemm, 5).tolist()
    assert (some[0], some[-1], len(some)) == (0, 999, 5)
    assert sampled_rows(gemm, 1).tolist() == [0]


def test_as_many_rows_are_compared_as_can_be_done() -> None:
    many = Products("m", tuple(Gemm("a", "product", 999, 100, 100, i) for i in range(1000)))
    assert affordable_rows(many, 1e12) == 256
    assert affordable_rows(many, 2e8) == 10
    assert affordable_rows(many, 1.0) == 1


def test_rows_in_float64_are_those_of_each_matrix_of_the_stack() -> None:
    operands: Operands = make_operands(LIST)
    whole = operands.a[1].astype(np.float64) @ operands.b[1].astype(np.float64)
    found = reference_rows(operands, 1, np.array([0, 3, 4, 11]))
    assert np.allclose(found, whole.reshape(12, 7)[[0, 3, 4, 11]], rtol=1e-14)


def test_a_child_that_dies_on_a_list_costs_its_backend_alone() -> None:
    """A child of its own, as for every run."""
    heard: list[Message] = []
    results = run(plan("fake:die", "numpy", "fake:memory"), heard.append)
    died, numpy, full = results.runs
    assert "exit code 3" in str(died.failure)
    assert str(full.failure) == "out of memory"
    assert numpy.failure is None
    assert numpy.stats is not None
    assert numpy.max_error is not None
    assert [part.what for part in numpy.parts] == ["product", "product"]
    assert numpy.cold
    assert numpy.copied == ()
    assert any(isinstance(message, Aside) for message in heard)


@pytest.mark.parametrize("preset", ["gpt2-small", "llama-7b-decode", "resnet50"])
def test_a_plan_of_a_list_crosses_to_the_child_as_it_is(preset: str) -> None:
    asked = plan("numpy", network=Products(preset, read_preset(preset).network.lower()))
    assert decode_plan(encode_plan(asked)) == asked


@pytest.mark.parametrize(
    "network",
    [
        '{"name":"x","gemms":[]}',
        '{"name":"x","gemms":[{"name":"a","role":"product","m":0,"n":1,"k":1}]}',
        '{"name":"x","gemms":[{"name":"a","role":"product","m":1,"n":1,"k":1,"stack":2000000000}]}',
        '{"name":"x","gemms":[{"name":"a","role":"product","m":1,"n":1,"k":1,"stack":0}]}',
        '{"name":"x"}',
        '"x"',
        "null",
    ],
)
def test_what_is_no_list_is_no_plan(network: str) -> None:
    line = f'{{"type":"time","network":{network},"batches":[1],"backends":["numpy"]}}'
    with pytest.raises((ValueError, InputError)):
        decode_plan(line.encode())


def test_memory_is_looked_at_before() -> None:
    large = Products("large", (Gemm("a", "product", 2**24, 2**24, 1000),))
    with pytest.raises(InputError, match=r"^large needs .*, this machine has 8\.00 GB free"):
        check_memory(plan("numpy", network=large), 8_000_000_000)
    asked = plan("numpy", network=LIST)
    assert drawn(asked, 1) == 5 * (8 + 6) + 3 * 16 * (4 + 7)
    repeated = Products("r", tuple(Gemm("a", "product", 9, 9, 9, i, 1000) for i in range(2)))
    once = Products("r", tuple(Gemm("a", "product", 9, 9, 9, i) for i in range(2)))
    assert needed_bytes(plan("numpy", network=repeated)) == needed_bytes(
        plan("numpy", network=once)
    )


def test_the_longest_list_is_looked_over_at_once() -> None:
    """Nothing is looked at once for every pair of its products."""
    gemms = tuple(Gemm("a", "product", 64, 64, 64, i) for i in range(MAX_PRODUCTS))
    asked = plan("numpy", "loop", network=Products("most", gemms))
    assert needed_bytes(asked) > 4 * drawn(asked, 1)
    assert 60 < silence_limit(asked) < 1000
