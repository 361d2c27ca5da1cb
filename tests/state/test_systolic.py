"""The array's moment follows the trace, and its states and numbers are those of the core."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmviz.core.device.body import Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.systolic import activity
from mmviz.core.schedule.trace import Frame
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device
from mmviz.state.derived import Derived, derive
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.systolic import (
    DONE,
    HOLDS,
    LEFT,
    NOW,
    OUT,
    TOP,
    UNUSED,
    WAITING,
    ArrayMoment,
    around_of,
    at_work,
    fold_share,
    moment_of,
    places,
    product_share,
    sentence,
    shares,
)
from mmviz.state.picture.systolic_numbers import numbers
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session
from mmviz.text import Text
from mmviz.words.waterfall import cause

FLOWS = ("ws", "os", "is")


def session(
    m: int, n: int, k: int, order: str = "ws", device: str = "systolic-8", **more: object
) -> Session:
    return replace(
        Session(from_widths([k, n]), batch=m, device=device, order=order),
        **more,  # type: ignore[arg-type]  # fields by name
    )


def seen(found: Session, t: float) -> tuple[Derived, Frame, ArrayMoment]:
    derived = derive(found)
    assert derived.trace is not None
    frame = derived.trace.at(t)
    moment = moment_of(picture_view(derived), frame)
    assert moment is not None
    return derived, frame, moment


def test_the_sentence_of_the_issue() -> None:
    """16 × 16 × 16 on 8 × 8: 4 folds of 38 cycles."""
    _, _, moment = seen(session(16, 16, 16), 2 * 38 + 11)
    assert (moment.nth, moment.of, moment.cycle) == (3, 4, 11)
    assert str(sentence(moment)) == (
        "fold 3 of 4, cycle 12 of 38: 10 of 64 multipliers at work; W sits still, "
        "X enters from the left, each row a cycle later than the one above"
    )
    assert at_work(moment) == 1 + 2 + 3 + 4
    assert fold_share(moment) == pytest.approx(64 * 16 / (64 * 38))
    assert product_share(moment) == pytest.approx(16**3 / (64 * 152))
    assert shares(moment)[0] == (Text("at work now"), pytest.approx(10 / 64))


@pytest.mark.parametrize(
    ("order", "t", "text"),
    [
        ("ws", 3, "cycle 4 of 38: W is shifted in from above, its lowest row first"),
        ("is", 3, "cycle 4 of 38: X is shifted in from above, its lowest row first"),
        ("os", 0, "cycle 1 of 30: 1 of 64 multipliers at work; Y grows in place, "
                  "X enters from the left and W from above, each a cycle later"),
        ("is", 8, "W enters from the left"),
        ("ws", 152, "all 4 folds of 38 cycles done"),
    ],
)  # fmt: skip
def test_sentences(order: str, t: float, text: str) -> None:
    assert text in str(sentence(seen(session(16, 16, 16, order), t)[2]))


def test_padding_is_said() -> None:
    """1 × 1 × 1: one multiplication, yet the fold lasts as long as a full one."""
    assert "1 of 64" in str(sentence(seen(session(1, 1, 1), 8)[2]))
    moment = seen(session(1, 1, 1), 9)[2]
    assert str(sentence(moment)).endswith(
        "no work left, but a fold that leaves multipliers empty lasts as long"
    )
    states = places(moment)
    assert states[0, 0] == DONE
    assert np.count_nonzero(states == UNUSED) == 63


sides = st.integers(1, 20)
flows = st.sampled_from(FLOWS)


@given(sides, sides, sides, flows, st.floats(0, 1), st.sampled_from(("systolic-8", "tpu-v2")))
def test_the_moment_is_the_fold_the_trace_computes(
    m: int, n: int, k: int, order: str, share: float, device: str
) -> None:
    derived = derive(session(20 * m, 20 * n, 20 * k, order, device))
    trace = derived.trace
    assert trace is not None
    frame = trace.at(int(share * trace.duration))
    for unit in range(trace.tiling.units):
        looked = replace(derived.session, selection=Selection("unit", unit))
        moment = moment_of(picture_view(derive(looked)), frame)
        assert moment is not None
        assert (moment.unit, moment.of) == (unit, int(np.count_nonzero(trace.unit == unit)))
        rows = [row for row in frame.active.tolist() if trace.unit[row] == unit]
        assert moment.finished == (not rows)
        if not rows:
            continue
        (row,) = rows
        mine = np.flatnonzero(trace.unit == unit)
        assert moment.cycle == frame.t - trace.start[mine[moment.nth - 1]]
        holds = int(np.count_nonzero(mine <= row))
        if not moment.folds.overlapped:
            assert moment.nth == holds
        else:  # what is loaded holds the array already, before its first element enters
            assert holds - 1 <= moment.nth <= holds
            assert (moment.loading is not None) == (order != "os" and moment.nth < holds)
            continue
        # What the array works on lies in the trace's tile and terms of k.
        (tm, tn), now = trace.tiling.tile, places(moment) == NOW
        found = activity(moment.array, moment.dataflow, moment.gemm, moment.fold, moment.cycle)
        assert (now == found.active).all()
        assert (found.c_m[now] // tm == trace.m[row]).all()
        assert (found.c_n[now] // tn == trace.n[row]).all()
        k0, k1 = trace.k_range(np.array([row]))
        assert ((found.a_k[now] >= k0) & (found.a_k[now] < k1)).all()


@given(sides, sides, sides, flows)
def test_shares_are_the_multiplications_counted(m: int, n: int, k: int, order: str) -> None:
    derived = derive(session(m, n, k, order))
    trace = derived.trace
    assert trace is not None
    found = [
        moment_of(picture_view(derived), trace.at(float(t))) for t in range(int(trace.duration))
    ]
    moments = [moment for moment in found if moment is not None]
    work = [at_work(moment) for moment in moments]
    assert sum(work) == m * n * k
    assert product_share(moments[0]) == pytest.approx(sum(work) / (64 * len(work)))
    cycles = moments[0].folds.cycles_per_fold
    assert fold_share(moments[0]) == pytest.approx(sum(work[:cycles]) / (64 * cycles))


@given(sides, sides, sides, flows, st.floats(0, 1), st.integers(0, 5), st.integers(0, 4))
def test_a_multiplier_waits_then_works_then_is_done(
    m: int, n: int, k: int, order: str, share: float, left: int, above: int
) -> None:
    derived = derive(session(m, n, k, order))
    assert derived.trace is not None
    t = int(share * (derived.trace.duration - 1))
    moment = seen(derived.session, t)[2]
    states = places(moment, left, above, 3)
    inside = states[above : above + 8, left:]
    assert (inside == places(moment)).all()
    filled = np.zeros((8, 8), bool)
    filled[: moment.filled[0], : moment.filled[1]] = True
    if moment.cycle >= moment.load:
        assert ((inside == UNUSED) == ~filled).all()
    later = replace(moment, cycle=moment.folds.cycles_per_fold - 1)
    order_of = {UNUSED: 0, WAITING: 1, HOLDS: 1, NOW: 2, DONE: 3}
    rank = np.vectorize(order_of.__getitem__)
    if moment.cycle >= moment.load:
        assert (rank(inside) <= rank(places(later))).all()
    assert set(np.unique(states[above : above + 8, :left])) <= {0, LEFT}
    assert set(np.unique(states[:above, left:])) <= {0, TOP}
    assert set(np.unique(states[above + 8 :, left:])) <= {0, OUT}
    assert not states[:above, :left].any()


@given(sides, sides, sides, flows, st.floats(0, 1))
def test_numbers_multiply_and_add_up_to_the_product(
    m: int, n: int, k: int, order: str, share: float
) -> None:
    derived = derive(session(m, n, k, order))
    cells = picture_view(derived).cells()
    assert derived.trace is not None
    assert cells is not None
    moment = seen(derived.session, int(share * (derived.trace.duration - 1)))[2]
    found = numbers(moment, cells, 4, 2, 2)
    states = places(moment, 4, 2, 2)
    now = activity(moment.array, moment.dataflow, moment.gemm, moment.fold, moment.cycle)
    inside = slice(2, 10), slice(4, None)
    assert (np.isfinite(found.moving[inside]) == (now.active & (order != "os"))).all()
    factors = cells.a[now.a_m, now.a_k] * cells.b[now.b_k, now.b_n]
    if order != "os":
        product = found.still[inside] * found.moving[inside]
        assert product[now.active] == pytest.approx(factors[now.active])
    for code in (LEFT, TOP, OUT, NOW):
        assert np.isfinite(found.still[states == code]).all()
    assert np.isnan(found.still[states == 0]).all()


def test_the_sums_that_leave_are_the_product() -> None:
    """ws, one fold along k: what leaves a column in turn is a column of Y."""
    derived, _, moment = seen(session(5, 3, 8), 0)
    cells = picture_view(derived).cells()
    assert cells is not None
    out = [
        numbers(replace(moment, cycle=cycle), cells, below=1).still[-1, 0]
        for cycle in range(moment.load + 8, moment.load + 8 + 5)
    ]
    assert out == pytest.approx(cells.product()[:, 0].tolist())
    finished = seen(session(5, 3, 8, "os"), 1e9)[2]
    assert finished.finished
    grown = numbers(finished, cells).still[:5, :3]
    assert grown == pytest.approx(cells.product())


def test_other_devices_have_no_array() -> None:
    derived = derive(Session(from_widths([4, 4]), device="a100"))
    assert derived.trace is not None
    assert moment_of(picture_view(derived), derived.trace.at(0)) is None


def test_an_array_without_a_tile_says_so() -> None:
    """One tile for two arrays: the second never works."""
    found = session(8, 8, 8, device="tpu-v2", selection=Selection("unit", 1))
    derived, frame, _ = seen(found, 0)
    moment = moment_of(picture_view(derived), frame)
    assert moment is not None
    assert str(sentence(moment)) == "array 1: no tile is left for it"
    assert (places(moment) == UNUSED).all()
    assert dict(shares(moment))[Text("over this fold")] == 0


SMALL = Device("small", "Small", Systolic((3, 4), double_buffered=True), 2, ((3, 4),), k_step=3)
few = st.integers(1, 9)


@given(few, few, few, flows)
@settings(max_examples=25)
def test_folds_that_overlap_multiply_each_pair_once(m: int, n: int, k: int, order: str) -> None:
    derived = derive(session(m, n, k, order, edited=SMALL))
    trace, cells = derived.trace, picture_view(derived).cells()
    assert trace is not None
    assert cells is not None
    done: Counter[tuple[int, int, int]] = Counter()
    for unit in range(2):
        looked = replace(derived.session, selection=Selection("unit", unit))
        view = picture_view(derive(looked))
        for t in range(int(trace.duration)):
            moment = moment_of(view, trace.at(float(t)))
            assert moment is not None
            if moment.finished:
                continue
            now = around_of(moment, 0)
            on = now.active
            assert at_work(moment) == np.count_nonzero(on)
            assert (now.a_k[on] == now.b_k[on]).all()
            done.update(
                zip(now.a_m[on].tolist(), now.b_n[on].tolist(), now.a_k[on].tolist(), strict=True)
            )
            states, found = places(moment, 3, 2, 2), numbers(moment, cells, 3, 2, 2)
            for code in (LEFT, TOP, OUT, NOW):
                assert np.isfinite(found.still[states == code]).all()
            factors = cells.a[now.a_m, now.a_k] * cells.b[now.b_k, now.b_n]
            if order != "os":
                product = (found.still * found.moving)[2:5, 3:]
                assert product[on] == pytest.approx(factors[on])
    assert len(done) == m * n * k
    assert set(done.values()) == {1}


@pytest.mark.parametrize("double", [True, False])
def test_every_slice_of_a_stack_is_multiplied(double: bool) -> None:
    """Three products 10 × 12 × 20 in one launch, on two arrays."""
    device = Device("s", "S", Systolic((8, 8), double_buffered=double), 2, ((8, 8),), k_step=8)
    stack = Products("stack", (Gemm("x", "product", 10, 12, 20, stack=3),))
    session = Session(stack, edited=device)
    work = 0
    for unit in (0, 1):
        derived = derive(replace(session, selection=Selection("unit", unit)))
        view, trace = picture_view(derived), derived.trace
        assert trace is not None
        for t in range(int(trace.duration)):
            moment = moment_of(view, trace.at(float(t)))
            assert moment is not None
            work += 0 if moment.finished else at_work(moment)
    assert work == 3 * 10 * 12 * 20


def test_the_next_weights_are_loaded_beside_the_work() -> None:
    """8 rows on 3 × 4, two folds along k: the second's three rows of W come in the last 3 of 8."""
    found = session(8, 4, 6, edited=replace(SMALL, units=1))
    loaded = [round(3 * seen(found, t)[2].loaded) for t in range(3, 11)]
    assert loaded == [0, 0, 0, 0, 0, 1, 2, 3]
    said = str(sentence(seen(found, 9)[2]))
    assert said.startswith("fold 1 of 2, cycle 10 of 24: ")
    assert said.endswith(
        "W sits still, X enters from the left; the next part of W is loaded beside it"
    )
    assert str(sentence(seen(found, 1e9)[2])) == "all 2 folds done in 24 cycles"
    # The second fold's first row follows the first one's last without a gap.
    assert [at_work(seen(found, t)[2]) for t in (10, 11, 12)] == [12, 12, 12]


@pytest.mark.parametrize(
    ("shape", "loss", "said"),
    [
        ((4096, 100, 10), "tile", "4\u202f096 × 100 × 10 multiplications are computed as "
                                  "4\u202f096 × 128 × 128"),
        ((64, 512, 4096), "kernel", "too little flows through in a fold to hide the loading"),
        ((512, 512, 512), "kernel", "the array fills and drains"),
    ],
)  # fmt: skip
def test_why_an_array_loses_time(shape: tuple[int, int, int], loss: str, said: str) -> None:
    device = read_device("tpu-v5e")
    setup = Setup(Products("x", (Gemm("x", "product", *shape),)), device, dtype="bfloat16")
    (cost,) = price(setup).costs
    assert said in str(cause(cost, device, loss))
