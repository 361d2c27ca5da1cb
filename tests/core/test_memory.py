"""What a pass needs of the memory, by hand; the largest batch fits, and one more does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.advice.advice import advise
from mmviz.core.advice.remarks import Bound, Edge
from mmviz.core.memory.fit import fit, price_within, sweep_within
from mmviz.core.memory.needs import Need, need_of
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.shapes.dtype import DTYPES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.state.recording.pair import both_of
from mmviz.words.advice import why_none

ALEXNET = from_widths((9216, 4096, 4096, 1000))
PARAMETERS = 9216 * 4096 + 4096 * 4096 + 4096 * 1000 + 4096 + 4096 + 1000
H100 = read_device("h100")


def need(setup: Setup) -> Need:
    return need_of(setup, price(setup))


def test_inference_of_alexnets_classifier_by_hand() -> None:
    found = need(Setup(ALEXNET, H100, 128, dtype="float32", order="rows"))
    assert PARAMETERS == 58_631_144
    # fc6 reads 9216 and writes 4096 numbers an example: no other layer holds as much at a time
    assert found == Need(weights=4 * PARAMETERS, activations=128 * (9216 + 4096) * 4)
    assert found.total == 241_340_320


def test_training_of_alexnets_classifier_by_hand() -> None:
    found = need(Setup(ALEXNET, H100, 128, True, "float32", order="rows"))
    assert found == Need(
        weights=4 * PARAMETERS,
        activations=128 * (9216 + 4096 + 4096 + 1000) * 4,  # X and what every layer says
        gradients=4 * PARAMETERS + 128 * (4096 + 4096) * 4,  # dW, db; dZ and dA of fc7
        optimizer=4 * PARAMETERS,  # one velocity each
    )


def test_a_derivative_written_with_z_keeps_z_too() -> None:
    def kept(activation: str) -> int:
        network = Network("n", 64, (Dense(128, activation), Dense(8)))
        return need(Setup(network, H100, 16, True, "float32")).activations

    assert kept("relu") == 16 * (64 + 128 + 8) * 4
    assert kept("gelu") == 16 * (64 + 128 + 128 + 8) * 4
    assert kept("swiglu") == 16 * (64 + 128 + 64 + 8) * 4  # half of its units go on


def test_narrow_formats_write_two_bytes_and_take_a_share_of_the_scales() -> None:
    network = from_widths((1024, 512))
    found = need(Setup(network, read_device("b200"), 64, dtype="nvfp4", order="rows"))
    assert found.weights == 1024 * 512 * 0.5625 + 512 * 2
    assert found.activations == 64 * (1024 * 0.5625 + 512 * 2)


def test_partial_sums_of_a_split_k_are_a_workspace() -> None:
    network = from_widths((4096, 256))
    setup = Setup(network, H100, 128, dtype="float16", tile=(128, 128), order="split-k-4")
    assert need(setup).workspace == 4 * 128 * 256 * 4


def test_a_list_needs_at_least_its_largest_launch() -> None:
    gemms = (
        Gemm("a", "product", 1024, 1024, 64, 0, count=12),
        Gemm("b", "product", 512, 512, 64, 1, stack=16),
    )
    setup = Setup(Products("l", gemms), H100, dtype="float16", order="rows")
    assert need(setup).products == 16 * 2 * (512 * 64 + 64 * 512 + 512 * 512)
    assert fit(setup).largest is None
    assert fit(setup).fits


def test_llama_fits_an_h100_and_not_a_4090() -> None:
    # 32 layers of 4096 → 12288 (q, k, v) → … as one chain: 13 GB of weights in float16
    network = from_widths((4096, *[11008, 4096] * 72))
    half = 2 * (72 * 2 * 4096 * 11008)
    assert half == pytest.approx(13e9, rel=0.01)
    setup = Setup(network, read_device("rtx4090"), 1, dtype="float16", order="rows")
    assert fit(setup).fits
    training = replace(setup, training=True)
    assert not fit(training).fits
    assert fit(training).largest == 0
    assert fit(replace(training, device=H100)).fits


widths = st.lists(st.integers(1, 5000), min_size=2, max_size=5)


@given(
    widths,
    st.booleans(),
    st.sampled_from(DTYPES),
    st.integers(10_000, 10**9),
    st.sampled_from(("rows", "split-k-2")),
)
def test_the_largest_batch_fits_and_one_more_does_not(
    sides: list[int], training: bool, dtype: str, memory: int, order: str
) -> None:
    device = replace(H100, memory=float(memory))
    setup = Setup(from_widths(sides), device, 7, training, dtype, (64, 64), order)
    found = fit(setup)
    assert found.largest is not None
    assert found.fits == (found.largest >= 7)
    if found.largest:
        assert fit(replace(setup, batch=found.largest)).fits
    if found.largest < 2**24:
        assert not fit(replace(setup, batch=found.largest + 1)).fits


@given(widths, st.booleans(), st.sampled_from(DTYPES), st.integers(10_000, 10**9))
def test_points_of_a_sweep_fit_as_passes_do(
    sides: list[int], training: bool, dtype: str, memory: int
) -> None:
    network = from_widths(sides)
    setup = Setup(network, replace(H100, memory=float(memory)), 1, training, dtype)
    batches = (1, 3, 64, 1000, 4096)
    points = points_of(network, batches, training)
    found = sweep_within(points, setup)
    alone = [fit(replace(setup, batch=batch)) for batch in batches]
    assert found.fits.tolist() == [one.fits for one in alone]
    assert found.needed.tolist() == [one.need.total for one in alone]
    assert np.all(np.isnan(found.seconds) | found.fits)
    assert np.array_equal(
        found.seconds[found.fits], sweep(points, setup).seconds[found.fits], equal_nan=True
    )


def test_a_width_that_is_swept_changes_what_is_needed() -> None:
    network = from_widths((64, 128, 8))
    setup = Setup(network, H100, dtype="float32", order="rows")
    points = points_of(network, (16,), False, 0, (128, 4096))
    needed = [need(replace(setup, workload=points.at(i), batch=16)).total for i in (0, 1)]
    for memory, fits in ((needed[0], [True, False]), (needed[1] - 1, [True, False])):
        device = replace(H100, memory=float(memory))
        assert sweep_within(points, replace(setup, device=device)).fits.tolist() == fits
    assert sweep_within(points, replace(setup, device=replace(H100, memory=None))).fits.all()


def test_where_nobody_knows_the_memory_nothing_is_refused() -> None:
    found = fit(Setup(ALEXNET, read_device("lanes-16"), 128, dtype="float32"))
    assert (found.memory, found.fits, found.largest) == (None, None, None)


def test_no_batch_is_advised_that_does_not_fit() -> None:
    network, device = from_widths((4096, 4096)), read_device("h100")
    setup = Setup(network, device, 129, dtype="bfloat16")
    free = advise(setup).pieces
    assert any(piece.change.kind == "batch" and piece.change.grows for piece in free)
    tight = replace(setup, device=replace(device, memory=float(need(setup).total)))
    assert fit(tight).fits
    assert all(not piece.change.grows for piece in advise(tight).pieces)
    short = replace(setup, device=replace(device, memory=float(need(setup).total) - 1))
    found = advise(short)
    assert (found.pieces, found.why) == ((), "memory")
    said = str(why_none(found))
    assert said.startswith("No advice: does not fit: 35.7 MB of 35.7 MB; the largest batch that")


def test_nothing_of_a_pass_that_does_not_fit_has_a_time() -> None:
    setup = Setup(ALEXNET, H100, 2_000_000, dtype="float32")
    found = price_within(setup)
    assert found is price_within(setup)
    assert (found.predicted_s, found.error, found.losses) == (None, None, None)
    assert {(one.predicted_s, one.rate, one.limiter, one.held) for one in found.costs} == {
        (None, None, None, False)
    }
    assert str(found.basis).startswith("does not fit: ")
    assert (found.price(H100), found.flop, found.tiles) == (
        None,
        price(setup).flop,
        price(setup).tiles,
    )
    assert price_within(replace(setup, batch=8)) is price(replace(setup, batch=8))


def test_its_schedule_is_a_file_in_steps() -> None:
    device = replace(H100, memory=1e6)
    found = modelled_pass(Setup(ALEXNET, device, 128, dtype="float32"))
    assert {one.trace.clock for one in found.products} == {"steps"}
    assert {(one.wall_s, one.off) for one in found.products} == {(None, None)}
    (said,) = map(str, found.remarks)
    assert said.endswith(" MB of 1.00 MB")


def test_a_recording_has_no_model_on_a_device_that_could_not_hold_its_pass() -> None:
    ran = modelled_pass(Setup(ALEXNET, H100, 128, dtype="float32"))
    small = replace(H100, memory=1e6)
    left, _, _ = both_of(ran, 0, small, None)
    assert left is not None
    assert (left.trace.clock, left.wall_s) == ("steps", None)
    assert str(left.missing).startswith("does not fit: ")


def test_what_one_example_more_costs_is_not_said_where_it_does_not_fit() -> None:
    setup = Setup(ALEXNET, H100, 256, dtype="bfloat16", order="rows")
    tight = replace(setup, device=replace(setup.device, memory=float(need(setup).total)))
    assert fit(tight).largest == 256
    for one, told in ((setup, True), (tight, False)):
        remarks = advise(one).remarks
        assert any(isinstance(remark, Edge) for remark in remarks) == told
        assert any(isinstance(remark, Bound) for remark in remarks)
