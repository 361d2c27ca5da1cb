"""Looking: camera, selection, caption and the numbers of a cell, without a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.schedule.columns import Rows
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.derived import Derived, derive
from mmviz.state.picture import selection
from mmviz.state.picture.camera import LEAST_CELLS, WHOLE, Camera, panned, zoomed
from mmviz.state.picture.matrices import matrices
from mmviz.state.picture.reuse import kept_of, next_tile_line, traffic_of
from mmviz.state.picture.selection import (
    Selection,
    chosen,
    selection_lines,
    spans,
    tile_lines,
    unit_of,
)
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session, open_file
from mmviz.text import Text
from mmviz.words.schedule import caption

GRID = Session(from_widths([4096, 1536]), batch=2304, device="v100", tile=(256, 128))
shares = st.floats(0, 1)


@given(
    factors=st.lists(st.floats(0.2, 5), max_size=12),
    row=shares,
    column=shares,
    sides=st.tuples(st.integers(1, 5000), st.integers(1, 5000)),
)
def test_the_camera_stays_inside_and_never_too_close(
    factors: list[float], row: float, column: float, sides: tuple[int, int]
) -> None:
    camera = WHOLE
    for factor in factors:
        camera = zoomed(camera, factor, row, column, sides)
        camera = panned(camera, row - 0.5, column - 0.5)
        assert camera.top >= 0
        assert camera.left >= 0
        assert camera.top + camera.height <= 1 + 1e-9
        assert camera.left + camera.width <= 1 + 1e-9
        assert camera.height * sides[0] >= min(sides[0], LEAST_CELLS) - 1e-9
        assert camera.width * sides[1] >= min(sides[1], LEAST_CELLS) - 1e-9


@given(st.floats(1.01, 4), shares, shares)
def test_the_point_zoomed_about_stays(factor: float, row: float, column: float) -> None:
    camera = zoomed(WHOLE, factor, row, column, (10_000, 10_000))
    assert (row - camera.top) / camera.height == pytest.approx(row, abs=1e-6)
    assert (column - camera.left) / camera.width == pytest.approx(column, abs=1e-6)


def trace_of(session: Session) -> Derived:
    derived = derive(session)
    assert derived.trace is not None
    return derived


def rows_of(session: Session, selection: Selection) -> list[int]:
    trace = derive(session).trace
    assert trace is not None
    return np.flatnonzero(chosen(trace, selection, np.arange(len(trace)))).tolist()


def test_selections_hold_their_tiles() -> None:
    assert rows_of(GRID, Selection("tile", 7)) == [7]
    assert rows_of(GRID, Selection("unit", 3)) == [3, 83]
    assert rows_of(GRID, Selection("wave", 2)) == list(range(80, 108))


def test_the_pieces_of_a_tile_go_together() -> None:
    session = replace(GRID, device="a100", order="split-k-2", tile=(128, 128))
    trace = derive(session).trace
    assert trace is not None
    rows = rows_of(session, Selection("tile", 0))
    assert len(rows) == 2
    assert len(set(zip(trace.m[rows].tolist(), trace.n[rows].tolist(), strict=True))) == 1


def test_facts_of_what_is_selected() -> None:
    derived = trace_of(GRID)
    trace = derived.trace
    assert trace is not None
    frame = trace.at(trace.duration * 0.75)
    sm = derived.device.noun
    assert english(selection_lines(frame, Selection("unit", 3), sm)) == [
        "SM 3: 2 tiles",
        "1 done, 1 computing · modelled",
        "busy 100 % of the time",
    ]
    wave = english(selection_lines(frame, Selection("wave", 2), sm))
    assert wave[0] == "wave 2 of 2: 28 tiles"
    lines = selection_lines(frame, Selection("tile", 0), sm)
    assert lines == tile_lines(frame, 0, sm)
    said = english(lines)
    assert said[0] == "tile (0, 0) · SM 0 · wave 1"
    assert said[2] == "k 4 096 of 4 096 · done, modelled"
    assert said[-1] == "next on SM 0: tile (6, 8), keeps neither"
    assert str(next_tile_line(trace, 107, sm)) == "SM 27 has no tile after it"
    assert unit_of(trace, Selection("tile", 83)) == 3
    assert unit_of(trace, Selection("wave", 1)) is None


@pytest.mark.parametrize("order", ["rows", "split-k-4", "stream-k"])
@pytest.mark.parametrize("side", [64, 256])
def test_a_unit_is_busy_for_as_long_as_its_own_tiles_say(order: str, side: int) -> None:
    session = Session(from_widths([512, 1000]), batch=900, device="a100", order=order)
    trace = derive(replace(session, tile=(side, 64))).trace
    assert trace is not None
    own = [spans(trace, Selection("unit", unit))[2] for unit in range(trace.tiling.units)]
    assert own == pytest.approx(trace.busy().tolist())


def test_what_units_keep() -> None:
    """On one lane in raster order every next cell keeps A, but for the first of a row."""
    derived = trace_of(Session(from_widths([4, 3]), batch=2, device="lane-1"))
    assert derived.trace is not None
    assert kept_of(derived.trace).tolist() == [0, 1, 1, 0, 1, 1]
    count = traffic_of(derived.trace)
    assert count is not None
    # 2 rows of A once each (8), and a column of B for each of six cells (24).
    assert (count.scheduled, count.untiled, count.ideal) == (32, 48, 20)


def english(texts: Iterable[Text]) -> list[str]:
    return [str(text).replace("\u202f", " ") for text in texts]


def caption_at(session: Session, position: float) -> str:
    derived = derive(session)
    assert derived.trace is not None
    frame = derived.trace.at(position * derived.trace.duration)
    return english([caption(frame, derived.device.noun)])[0]


def test_captions() -> None:
    assert caption_at(GRID, 0.25) == (
        "wave 1 of 2: 80 tiles, k 2 048 of 4 096; 52 of 80 SMs will idle in the last wave"
    )
    assert caption_at(GRID, 0.75) == (
        "wave 2 of 2: 28 tiles, k 2 048 of 4 096; 52 of 80 SMs idle in the last wave"
    )
    assert caption_at(GRID, 1.0).startswith("all 108 tiles done in 2 waves")
    one = open_file(networks.read_preset("one-neuron"))
    assert caption_at(one, 1.0) == "1 cell done in 1 wave"
    small = open_file(networks.read_preset("two-by-two"))
    assert (
        caption_at(small, 0.5)
        == "wave 1 of 1: 4 cells, k 2 of 4; 12 of 16 lanes have nothing to do"
    )


def test_editing_numbers() -> None:
    session = open_file(networks.read_preset("two-by-two"))
    edited = actions.set_number(session, 1, 2, 1, 9.0)
    weights = edited.network.layers[0].weights
    assert weights is not None
    assert weights[2][1] == 9.0
    assert weights[0] == (0.5, -1.0)
    turned = actions.set_number(actions.turn(session, True), 0, 1, 2, 9.0)  # left is W, transposed
    assert turned.network == edited.network
    x = actions.set_number(session, 0, 1, 3, -4.0).network.examples
    assert x is not None
    assert x[1][3] == -4.0


def test_random_numbers_become_given_ones_and_the_others_stay() -> None:
    session = Session(from_widths([3, 4, 2]), batch=2, device="lanes-16")
    before = picture_view(derive(session)).cells()
    after = picture_view(derive(actions.set_number(session, 1, 0, 0, 7.0))).cells()
    assert before is not None
    assert after is not None
    assert after.b[0, 0] == 7.0
    np.testing.assert_array_equal(before.b[1:], after.b[1:])
    np.testing.assert_array_equal(before.a, after.a)
    np.testing.assert_array_equal(before.bias, after.bias)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e31])
def test_numbers_must_be_finite(value: float) -> None:
    with pytest.raises(InputError, match="finite"):
        actions.set_number(open_file(networks.read_preset("two-by-two")), 1, 0, 0, value)


def test_computed_numbers_are_nobodys_to_change() -> None:
    deep = Session(from_widths([3, 4, 2]), batch=2, device="lanes-16", product=1)
    with pytest.raises(InputError, match="computed"):
        actions.set_number(deep, 0, 0, 0, 1.0)
    backward = replace(deep, training=True, product=3)
    with pytest.raises(InputError, match="computed"):
        actions.set_number(backward, 1, 0, 0, 1.0)


def test_turning_turns_the_camera_too() -> None:
    session = replace(GRID, camera=Camera(0.1, 0.2, 0.3, 0.4))
    turned = actions.turn(session, True)
    assert turned.camera == Camera(0.2, 0.1, 0.4, 0.3)
    assert actions.turn(turned, False) == session
    assert actions.turn(turned, True) is turned


def test_names_of_the_turned_matrices() -> None:
    training = replace(open_file(networks.read_preset("mlp")), training=True)
    names = {}
    for product in range(training.products):
        gemm = derive(replace(training, product=product)).gemm
        names[gemm.role] = [matrix.name for matrix in matrices(gemm, turned=True)]
    assert names["forward"] == ["W", "X", "Y"]
    assert names["dgrad"] == ["W", "dZᵀ", "dXᵀ"]
    assert names["wgrad"] == ["dZᵀ", "X", "dWᵀ"]


def test_what_the_matrices_hold_is_said_transposed_where_they_are() -> None:
    gradient = Gemm("fc6", "dgrad", 2, 3, 4)
    assert english(matrix.what for matrix in matrices(gradient)) == [
        "gradient at fc6",
        "weights of fc6, transposed",
        "gradient of the inputs of fc6",
    ]
    assert english(matrix.what for matrix in matrices(gradient, turned=True)) == [
        "weights of fc6",
        "gradient at fc6, transposed",
        "gradient of the inputs of fc6, transposed",
    ]
    listed = matrices(Gemm("q·kT", "product", 2, 3, 4))
    assert [matrix.name for matrix in listed] == ["A", "B", "C"]
    assert english(matrix.what for matrix in listed) == ["left factor", "right factor", "q·kT"]


def test_what_changes_the_computation_looks_afresh() -> None:
    looked = replace(GRID, selection=Selection("tile", 3), camera=Camera(0, 0, 0.5, 0.5))
    for changed in (
        actions.set_batch(looked, 99),
        actions.set_tile(looked, (64, 64)),
        actions.set_order(looked, "columns"),
        actions.set_device(looked, "a100"),
        actions.set_training(looked, True),
        actions.set_units(looked, 0, 9),
    ):
        assert changed.selection is None
        assert changed.camera == WHOLE
    assert actions.colour_by(looked, "unit").selection == looked.selection


def test_rows_of_x_beyond_a_smaller_batch_stay() -> None:
    whole = actions.set_number(Session(from_widths([3, 2]), batch=8), 0, 7, 2, 5.0)
    few = actions.set_number(actions.set_batch(whole, 2), 0, 1, 1, 6.0)
    back = actions.set_batch(few, 8).layered.examples
    assert back is not None
    assert whole.layered.examples is not None
    assert (back.rows, back[7], back[1][1]) == (8, whole.layered.examples[7], 6.0)
    more = actions.set_number(actions.set_batch(few, 16), 0, 15, 0, 9.0).layered.examples
    assert more is not None
    assert (more.rows, more[14], more[15][1:]) == (16, back[6], back[7][1:])


@pytest.mark.parametrize("place", [(0, 2, 0), (0, 0, 3), (1, 3, 0), (1, 0, 2), (0, -1, 0)])
def test_a_number_that_is_there_no_more(place: tuple[int, int, int]) -> None:
    """Its field was open while an edit made the matrix smaller."""
    with pytest.raises(InputError, match="is no longer there"):
        actions.set_number(Session(from_widths([3, 2]), batch=2), *place, 1.0)


def test_more_numbers_than_are_kept_are_refused_before_they_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for maker in ("make_layer", "make_x"):
        monkeypatch.setattr(actions, maker, lambda *_: pytest.fail("made"))
    session = Session(from_widths([2048, 2048]), batch=1024)
    with pytest.raises(InputError, match="at most 2\u202f000\u202f000 numbers of its own"):
        actions.set_number(session, 0, 0, 0, 1.0)
    with pytest.raises(InputError, match="at most 2\u202f000\u202f000 numbers of its own"):
        actions.set_number(session, 1, 0, 0, 1.0)


def test_what_a_card_says_of_a_unit_is_found_once_for_all_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    derived = trace_of(GRID)
    trace = derived.trace
    assert trace is not None
    asked: list[Selection] = []
    real = selection.rows_of

    def spied(trace: Trace, picked: Selection) -> Rows:
        asked.append(picked)
        return real(trace, picked)

    monkeypatch.setattr(selection, "rows_of", spied)
    unit = Selection("unit", 3)
    starts, ends = (times.of(real(trace, unit)) for times in (trace.starts, trace.ends))
    for t in (0.0, 0.3 * trace.duration, float(ends[0]), trace.duration):
        done, begun = int((ends <= t).sum()), int((starts <= t).sum())
        told = english(selection_lines(trace.at(t), unit, derived.device.noun))
        assert told[1] == f"{done} done, {begun - done} computing · modelled"
    assert asked == [unit]
