"""The roofline's figures are those of the model's vectors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.files.assets import asset
from mmviz.files.devices import own_file, own_folder
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.peak.roofline import ROOFLINE, Roof, ticks
from mmviz.state.session import Session, open_file
from mmviz.text import Text


def alexnet(**changes: object) -> Session:
    session = open_file(networks.read_preset("alexnet"))
    return replace(session, device="v100", dtype="float16", batch=128, **changes)


def test_alexnets_last_layer_is_memory_bound_on_a_v100() -> None:
    """125 TFLOP/s over 900 GB/s: ridge 138.9; 128 × 1000 × 4096 has 110.4 FLOP/B (model, 2)."""
    found = ROOFLINE.of(derive(alexnet()))
    assert found.roofs[0].ridge == pytest.approx(138.9, abs=0.05)
    assert [p.name for p in found.points] == ["fc6", "fc7", "fc8"]
    assert found.points[2].intensity == pytest.approx(110.4, abs=0.05)
    lines = [str(line) for line in found.points[2].lines]
    assert lines[1] == "memory-bound: 110 FLOP/B, below the ridge at 139"
    assert "of the peak" in lines[2]


def test_everything_lies_on_the_axes() -> None:
    for training in (False, True):
        found = ROOFLINE.of(derive(actions.set_training(alexnet(), training)))
        assert len(found.points) == (8 if training else 3)
        for point in found.points:
            assert found.across[0] < point.intensity < found.across[1]
            assert found.up[0] < point.rate < found.up[1]
        roof = found.roofs[0]
        assert found.across[0] < roof.ridge < found.across[1]
        assert found.up[0] < roof.at(found.across[0]) <= roof.peak < found.up[1]


def test_a_roof_rises_and_is_flat_from_its_ridge_on() -> None:
    roof = Roof(Text("x"), 100.0, 10.0)
    assert [roof.at(i) for i in (1, 5, 10, 20)] == [10, 50, 100, 100]


def test_without_a_roof_it_says_what_is_missing() -> None:
    lanes = ROOFLINE.of(derive(Session(from_widths([8, 8]), device="lanes-16")))
    assert str(lanes.problem) == "no data: lanes have no clock"
    here = ROOFLINE.of(derive(Session(from_widths([8, 8]))))
    assert str(here.problem) == "no data until this machine is calibrated"
    own_folder().mkdir(parents=True)
    figures = asset("devices", "tpu-v2.toml").read_text().splitlines()
    bare = [line for line in figures if not line.startswith("bandwidth_gbs")]
    own_file("bare").write_text("\n".join(bare))
    tpu = Session(from_widths([8, 8]), device="bare", dtype="bfloat16")
    assert str(ROOFLINE.of(derive(tpu)).problem) == "no data: no bandwidth is known"


def test_ticks_are_powers_of_ten_and_not_too_many() -> None:
    assert ticks((0.5, 2000.0), 6) == (1, 10, 100, 1000)
    assert len(ticks((1e-9, 1e9), 4)) <= 4


def test_points_are_the_same_whatever_product_is_looked_at() -> None:
    first = derive(alexnet(product=0))
    one, other = ROOFLINE.of(first), ROOFLINE.of(derive(alexnet(product=1), before=first))
    assert one.points is other.points
    assert (one.product, other.product) == (0, 1)
