"""A pass that the device cannot hold, as a person meets it in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mmviz.core.memory.fit import sweep_within
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of
from mmviz.files import networks
from mmviz.files.devices import read_device
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.readout import told_at
from mmviz.ui.export.sweep import export_sweep
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


def vgg(**changes: object) -> Session:
    session = open_file(networks.read_preset("vgg16"))
    # In rows no k is split: what is needed hangs on shapes alone, not on the time model.
    kept = {"device": "h100", "dtype": "bfloat16", "training": True, "order": "rows"}
    return replace(session, **{**kept, **changes})


def test_what_a_pass_needs_is_one_line_with_its_parts(open_on: Open) -> None:
    window = open_on(vgg(batch=128), size=(1680, 1050)).window
    held = window.network.held
    assert held.text().startswith("Memory: 753 MB of 80.0 GB; the largest batch that fits is 933")
    tip = held.toolTip()
    for part in ("weights 247 MB", "activations", "gradients", "optimizer 247 MB"):
        assert part in tip


def test_where_it_does_not_fit_that_stands_in_place_of_times(open_on: Open) -> None:
    controller = open_on(vgg(batch=2_000_000), size=(1680, 1050))
    window = controller.window
    said = "Does not fit: 171 GB of 80.0 GB; the largest batch that fits is 933\u202f"
    assert window.network.held.text().startswith(said)
    assert window.facts.waterfall.view.said().startswith(said)
    assert "does not fit: 171 GB of 80.0 GB" in window.strip.summary.text()
    assert "predicted" not in window.strip.summary.text()
    assert str(controller.derived.timeline.lines[1]) == "does not fit: 171 GB of 80.0 GB"
    trace = controller.derived.trace
    assert trace is None or trace.clock == "steps"  # nor does the clock below count seconds
    assert controller.derived.timeline.clock == "steps"
    window.top.batch.setValue(128)
    assert window.network.held.text().startswith("Memory: ")
    assert "predicted" in window.strip.summary.text()


def test_lanes_are_asked_for_no_memory(open_on: Open) -> None:
    window = open_on(vgg(device="lanes-16", batch=1), size=(1280, 720)).window
    assert window.network.held.text() == ""
    assert not window.network.held.isVisibleTo(window)


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("both", [False, True])
def test_points_beyond_the_memory_are_marked_in_the_chart(tmp_path: Path, both: bool) -> None:
    network = open_file(networks.read_preset("vgg16")).layered
    device = replace(read_device("h100"), memory=1e9)
    setup = Setup(network, device, dtype="bfloat16")
    widths = tuple(range(512, 8192, 512)) if both else ()
    points = points_of(network, range(1, 20_000, 1000), False, 0 if both else None, widths)
    found = sweep_within(points, setup)
    assert found.fits.any()
    assert not found.fits.all()
    chart = SweepChart(found, device.name, "bfloat16")
    beyond = int((~found.fits).argmax())
    assert "does not fit: " in str(told_at(chart, beyond))
    drawn = tmp_path / "swept.svg"
    export_sweep(chart, drawn)
    assert "does not fit" in drawn.read_text()
