"""What the panels of the ladder show of a layer, timed or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.backends.base import SOFTWARE, Place
from mmviz.backends.registry import Entry
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.learning.rungs import RUNGS, SIDE_BY_SIDE
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Timed
from mmviz.state.learn.ladder import LADDER
from mmviz.state.learn.loops import LOOPS
from mmviz.state.learn.rungs import plan_of
from mmviz.state.session import Session, open_file
from mmviz.text import NOTHING, Text


def session(preset: str = "digits", batch: int = 64) -> Session:
    return replace(open_file(networks.read_preset(preset)), batch=batch)


def run(backend: str, seconds: float, batch: int = 64, **more: object) -> Run:
    samples = (seconds,) * 30
    return Run(backend, batch, samples, False, summarize(samples), **more)  # type: ignore[arg-type]


def timed(of: Session, *runs: Run) -> Facts:
    found, _ = plan_of(derive(of))
    results = Results(
        network="n", dtype="float32", training=False, seed=1, machine=None, runs=tuple(runs)
    )
    return Facts(rungs=Timed(found, results, NOTHING))


def test_an_untimed_layer_is_shown_with_its_shapes_and_what_each_rung_loads() -> None:
    view = LADDER.of(derive(session()))
    assert not view.why
    assert [one.rung.id for one in view.rungs] == [rung.id for rung in RUNGS]
    assert str(view.arrays) == "A_in 64 × 784 · W 784 × 10 · B 10 · Z 64 × 10 · A_out 64 × 10"
    assert view.small == (4, 5, 6)
    assert str(view.drawn) == "drawn: 4 examples, 5 neurons, 6 inputs"
    assert all(str(one.time) == "not timed yet" and one.seconds is None for one in view.rungs)
    per = {one.rung.id: one.per for one in view.rungs}
    assert per["loops"] == per["naive"] == 2.0
    assert per["rows"] == pytest.approx(1.1)
    assert all(one.moments[-1].sums == (6,) * 20 for one in view.rungs)


def test_a_small_layer_is_drawn_whole() -> None:
    view = LOOPS.of(derive(session("two-by-two", 2)))
    assert str(view.drawn) == "drawn whole"
    assert [one.rung.id for one in view.rungs] == list(SIDE_BY_SIDE)


def test_times_stand_beside_the_slowest_and_software_is_no_gpu() -> None:
    of = session()
    software = Place("llvmpipe", software=True)
    facts = timed(
        of,
        run("rung:loops", 2e-2, max_error=1e-15),
        run("rung:matmul", 2e-5, max_error=3e-7),
        run("wgpu:tiled", 1e-3, tiles=((32, 8),), place=software),
        Run("wgpu:naive", 64, (), failure=Text("no adapter")),
    )
    found = {one.rung.id: one for one in LADDER.of(derive(of, facts)).rungs}
    assert str(found["loops"].time) == "20.0 ms"
    assert str(found["matmul"].faster).endswith("1\u202f000 ×")
    assert str(found["matmul"].agrees) == "same outputs, to 3.0e-7"
    assert "software, no GPU" in str(found["tiled"].name)
    # rows twice for the two blocks of eight of the ten neurons, W twice for 32 of the 64 examples
    assert found["tiled"].per == pytest.approx((64 * 2 + 10 * 2) / (64 * 10))
    assert str(found["naive"].time) == "no adapter"
    assert found["naive"].seconds is None


def test_an_estimate_says_that_it_is_one() -> None:
    of = session()
    one = Run("rung:loops", 64, (3.0,), True, summarize((3.0,)))
    found = LADDER.of(derive(of, timed(of, one))).rungs[0]
    assert found.about
    assert str(found.time) == "≈ 3 s, estimated"


def test_times_of_another_batch_are_not_shown_as_this_one() -> None:
    facts = timed(session(), run("rung:loops", 2e-2))
    view = LADDER.of(derive(session(batch=32), facts))
    assert view.rungs[0].seconds is None
    assert str(view.of) == "timed: classes at batch 64, not what is looked at"


def test_a_list_of_products_has_no_layer() -> None:
    of = replace(
        session(), network=Products("list", (Gemm("one", "product", 4, 4, 4, 0),)), batch=1
    )
    derived = derive(of)
    assert "no layer" in str(LADDER.of(derived).why)
    with pytest.raises(InputError, match="no layer"):
        plan_of(derived)


def test_what_is_timed_is_the_layer_looked_at() -> None:
    of = replace(session("mlp"), product=1)
    _, plan = plan_of(derive(of))
    layered = of.layered
    assert plan.network.layered is not None
    assert plan.network.layered.widths == layered.widths[1:3]
    assert plan.backends == tuple(rung.backend for rung in RUNGS)


def test_a_program_of_the_cpu_is_spared_a_large_layer_and_that_is_said() -> None:
    here = Entry("wgpu", NOTHING, ("float32",), True, note=SOFTWARE)
    large, small = session("mlp", 4096), session("digits", 8)
    _, plan = plan_of(derive(large, Facts(backends=(here,))))
    assert "rung:matmul" in plan.backends
    assert not any(name.startswith("wgpu") for name in plan.backends)
    assert "wgpu:tiled" in plan_of(derive(small, Facts(backends=(here,))))[1].backends
    gpu = replace(here, note=NOTHING)
    assert "wgpu:tiled" in plan_of(derive(large, Facts(backends=(gpu,))))[1].backends
    facts = timed(large, run("rung:matmul", 1e-2, batch=4096))
    found = {one.rung.id: one for one in LADDER.of(derive(large, facts)).rungs}
    assert str(found["naive"].time) == "left out: software, no GPU, and a large layer"


def test_blocks_that_are_drawn_smaller_are_named() -> None:
    found = {one.rung.id: one for one in LADDER.of(derive(session())).rungs}
    assert str(found["tiled"].blocks) == "blocks of 16 × 16 cells, drawn as 2 × 2"
    assert not found["loops"].blocks
    assert not found["matmul"].blocks
