"""Neighbouring shapes: which are looked at, and what a change makes of each product."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.advice.neighbours import (
    INPUTS,
    Change,
    applied,
    batches_near,
    rewritten,
    subjects,
    width_change,
    width_of,
    widths_near,
)
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.whole_tiles import RowOrder
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.text import Text

GPU = Device(id="gpu", name="GPU", body=Gpu(), units=132, tiles=((128, 128),))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 4))
    layers = []
    for i in range(count):
        units, gated = draw(st.integers(1, 40)), draw(st.booleans())
        layers.append(Dense(2 * units if gated else units, "swiglu" if gated else "relu", f"l{i}"))
    return Network("any", draw(st.integers(1, 40)), tuple(layers))


@given(networks(), st.integers(1, 99), st.booleans(), st.integers(1, 50), st.data())
def test_rewritten_products_are_those_of_the_changed_network(
    network: Network, batch: int, training: bool, half: int, data: st.DataObject
) -> None:
    gemms = network.lower(batch, training)
    layers, _ = data.draw(st.sampled_from(list(subjects(network))))
    change = width_change(network, layers, 2 * half)
    changed = applied(network, layers, 2 * half).lower(batch, training)
    assert tuple(rewritten(gemm, change, network) for gemm in gemms) == changed
    change = Change(Text("batch"), "batch", batch, half)
    assert tuple(rewritten(gemm, change, network) for gemm in gemms) == network.lower(
        half, training
    )


def test_a_row_of_a_list_changes_alone() -> None:
    one, two = Gemm("a", "product", 5, 6, 7, 0), Gemm("b", "product", 5, 6, 7, 1)
    change = Change(Text("n of b"), "product", 6, 8, (1,), "n")
    assert rewritten(one, change, None) is one
    assert rewritten(two, change, None) == Gemm("b", "product", 5, 8, 7, 1)


def test_full_waves_and_tile_edges_are_among_the_batches() -> None:
    # 9 rows of 16 tiles on 132 units: one wave holds 8 rows.
    tiling = Tiling(Gemm("a", "forward", 1152, 2048, 512), (128, 128), 32, 132, 1, RowOrder())
    near = batches_near(1152, [tiling], GPU, "float16")
    assert {1024, 1144, 1160, 1280} <= set(near)
    assert 1152 not in near
    assert min(near) >= 1152 * 2 / 3
    assert max(near) == 2 * 1152  # twice the batch, and else nothing farther away than half of it
    assert sorted(near)[-2] <= 1152 * 3 / 2
    assert near == sorted(near, key=lambda b: (abs(b - 1152), b))


def test_small_batches_have_neighbours_too() -> None:
    assert batches_near(1, [], GPU, "float16") == [2]
    assert 8 in batches_near(6, [], GPU, "float16")


def test_widths_are_padded_and_only_where_allowed_trimmed() -> None:
    padded = widths_near(50257, (), "float16", trim=False)
    assert padded == [50264, 50272, 50304]
    both = widths_near(1001, (), "float16", trim=True)
    assert {1000, 992, 960, 1008, 1024} <= set(both)
    assert min(both) >= 0.9 * 1001
    assert 10 < widths_near(10, (), "float16", trim=True)[0] <= 16


def test_subjects_are_widths_alone_and_alike() -> None:
    network = from_widths([64, 32, 32, 10])
    found = dict(subjects(network))
    assert found == {
        (INPUTS,): False,
        (0,): True,
        (1,): True,
        (2,): False,
        (0, 1): True,
    }
    assert width_of(network, (INPUTS,)) == 64
    same = from_widths([32, 32, 32])
    assert dict(subjects(same))[INPUTS, 0, 1] is False
    assert str(width_change(same, (INPUTS, 0, 1), 40).what) == (
        "input features and units of layer 1 and layer 2"
    )
