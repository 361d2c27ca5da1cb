"""Where a pass goes: every part of a run is a piece of a bar, as long as it was timed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.backends.base import Part, Place
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Pass
from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.clock.parts import PARTS, Bar, PartsView
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Timed
from mmviz.state.session import Session, open_file
from mmviz.text import NOTHING

SESSION = Session(from_widths([64, 48, 10]), batch=33, training=True, device="v100")
NUMPY = (
    Part("forward", 0, 3e-6),
    Part("rest", 0, 2e-6),
    Part("forward", 1, 1e-6),
    Part("rest", 1, 1e-6),
    Part("dgrad", 1, 2e-6),
    Part("wgrad", 1, 2e-6),
    Part("rest", 1, 4e-6, 0.1),
    Part("wgrad", 0, 3e-6),
)
WGPU = (
    *(Part("launch", 0, 1e-4), Part("upload", 0, 5e-5)),
    *(Part("forward", 0, 2e-4), Part("download", 0, 7e-5)),
)
SOFTWARE = Place("llvmpipe", software=True)


def run(backend: str, p50: float, *, batch: int = 33, **more: object) -> Run:
    samples = (p50,) * 30
    return Run(backend, batch, samples, False, summarize(samples), **more)  # type: ignore[arg-type]


def timed(*runs: Run, of: Pass | None = None) -> Timed:
    made = Results(
        network="64-48-10", dtype="float32", training=True, seed=1, machine=None, runs=runs
    )
    return Timed(of or SESSION.timed, made, NOTHING)


def view(*runs: Run, session: Session = SESSION) -> PartsView:
    return PARTS.of(derive(session, Facts().with_run(timed(*runs))))


def pieces(bar: Bar) -> list[tuple[str, float, int | None]]:
    return [(str(piece.label), round(piece.seconds, 12), piece.product) for piece in bar.pieces]


def test_layer_by_layer_each_kind_of_work_is_a_piece_that_knows_its_product() -> None:
    found = view(run("numpy", 17e-6, parts=NUMPY)).bars[0]
    assert pieces(found) == [
        ("layer 1", 3e-6, 0),
        ("layer 1 · wgrad", 3e-6, 4),
        ("layer 1 · else", 2e-6, 0),
        ("layer 2", 1e-6, 1),
        ("layer 2 · dgrad", 2e-6, 2),
        ("layer 2 · wgrad", 2e-6, 3),
        ("layer 2 · else", 5e-6, 1),
    ]
    products = SESSION.network.lower(33, True)
    assert [products[p or 0].role for _, _, p in pieces(found)][1] == "wgrad"
    assert found.sum_s == pytest.approx(18e-6)
    assert found.whole_s == found.sum_s


def test_a_tip_has_the_seconds_the_share_and_what_is_done() -> None:
    found = view(run("numpy", 17e-6, parts=NUMPY[2:3])).bars[0].pieces[0]
    assert str(found.told) == "layer 2: 1.00 µs, 5.88 % of a pass\nX·W of the layer"
    exact = view(run("numpy", 17e-6, parts=NUMPY[6:7])).bars[0].pieces[0]
    assert "4.00 µs ± 10 %, 23.5 % of a pass" in str(exact.told)


def test_what_no_part_tells_of_a_pass_is_said_to_be_left() -> None:
    found = view(run("numpy", 30e-6, parts=NUMPY)).bars[0]
    assert pieces(found)[-1] == ("not told apart", 12e-6, None)
    assert found.sum_s == pytest.approx(found.pass_s)


def test_launch_comes_first_and_the_copies_have_a_bar_of_their_own() -> None:
    alone, copied = view(run("wgpu", 4e-4, parts=WGPU, place=SOFTWARE)).bars
    assert [label for label, _, _ in pieces(alone)] == ["launch", "layer 1", "not told apart"]
    assert str(alone.name) == "wgpu (software, no GPU)"
    assert pieces(copied) == [
        ("copy in", 5e-5, None),
        ("pass", 4e-4, None),
        ("copy out", 7e-5, None),
    ]
    assert copied.pass_s == pytest.approx(5.2e-4)
    said = str(view(run("wgpu", 4e-4, parts=WGPU, place=SOFTWARE)).remarks[0])
    assert said.endswith(": a launch 100 µs, copies in 50.0 µs and out 70.0 µs")


def test_of_copies_that_were_timed_as_a_whole_the_pass_is_what_they_leave() -> None:
    found = view(run("wgpu", 4e-4, parts=WGPU, copied=(6e-4, 7e-4, 8e-4)))
    assert found.bars[1].pass_s == 7e-4
    assert pieces(found.bars[1])[1] == ("pass", 5.8e-4, None)
    quick = view(run("wgpu", 4e-4, parts=WGPU, copied=(3e-4,)))
    assert pieces(quick.bars[1])[1] == ("pass", 1.8e-4, None), "timed at another moment"
    assert not any("one by one" in str(text) for text in quick.remarks)


def test_parts_that_take_longer_one_by_one_are_said_to() -> None:
    said = [str(text) for text in view(run("numpy", 9e-6, parts=NUMPY)).remarks]
    assert said[0] == (
        "one by one the parts take longer than a pass, which waits for its end but once: "
        "NumPy 2.00 ×"
    )
    assert not view(run("numpy", 18e-6, parts=NUMPY)).remarks


def test_who_tells_no_parts_says_why() -> None:
    once = Run("loop", 33, (3.0,), True, summarize((3.0,)))
    loop, fast = view(once, run("numpy", 1e-5)).bars
    assert (loop.pieces, fast.pieces) == ((), ())
    assert "no pass was finished" in str(loop.why)
    assert loop.about
    assert str(fast.why) == "its parts were not timed: it does not tell them apart"
    long = Run("numpy", 33, (3.0,), False, summarize((3.0,)))
    assert "a pass takes all the seconds it had" in str(view(long).bars[0].why)


def test_after_an_edit_it_says_of_what_it_is_and_leads_nowhere() -> None:
    edited = actions.set_batch(SESSION, 34)
    found = view(run("numpy", 17e-6, parts=NUMPY), session=edited)
    assert found.stale
    assert "batch 33" in str(found.of)
    assert all(piece.product is None for piece in found.bars[0].pieces)
    assert found.product == -1
    assert not view(run("numpy", 17e-6, parts=NUMPY)).stale


def test_of_a_sweep_it_is_the_batch_looked_at() -> None:
    runs = (run("numpy", 1e-5, batch=16, parts=NUMPY), run("numpy", 2e-5, parts=NUMPY))
    found = view(*runs, session=replace(SESSION, batch=16))
    assert [bar.pass_s for bar in found.bars] == [1e-5]


def test_before_any_run_it_offers_one() -> None:
    empty = PARTS.of(derive(SESSION, Facts()))
    assert [offer.does for offer in empty.offers] == ["run"]
    listed = PARTS.of(derive(open_file(read_preset("resnet50")), Facts()))
    assert listed.why
    assert listed.offers
    failed = view(Run("wgpu", 33, ()))
    assert failed.why
