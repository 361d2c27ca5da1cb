"""The words of a roofline lie on no point, no line and no other word, whatever is shown."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mmviz.core.shapes.dtype import BYTES
from mmviz.files import networks
from mmviz.files.devices import device_ids, read_device
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.peak.roofline import ROOFLINE, Point, Roof, RooflineView
from mmviz.state.session import open_file
from mmviz.text import Text
from mmviz.ui.look.placing import Taken, distance
from mmviz.ui.peak import roofline_labels
from mmviz.ui.peak.roofline import RooflineCanvas
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
ROOFED = [
    id for id in device_ids() if read_device(id).bandwidth and any(map(read_device(id).peak, BYTES))
]
SECOND = Roof(Text("this machine"), 1.5e12, 3e10, 1.2e12)


def view_of(device: str, preset: str, batch: int, training: bool, product: int) -> RooflineView:
    session = open_file(networks.read_preset(preset))
    body = read_device(device)
    dtype = next((one for one in ("bfloat16", "float16", *BYTES) if body.peak(one)), "float32")
    session = replace(session, device=device, dtype=dtype)
    if session.network.has_batch:
        session = actions.set_training(actions.set_batch(session, batch), training)
    return ROOFLINE.of(derive(replace(session, product=min(product, session.products - 1))))


def faults(canvas: RooflineCanvas) -> list[str]:
    """What is wrong with the labels, by what is drawn and not by how they were placed."""
    found, plot = canvas.labels(), canvas.plot()
    scale, shown = canvas.scale(), canvas.shown
    boxes = {f"roof {i}": label.box for i, label in enumerate(found.roofs) if label}
    boxes |= {f"name {i}": label.box for i, label in found.names.items()}
    if found.ridge:
        boxes["ridge"] = found.ridge.box
    wrong = [name for name, box in boxes.items() if not plot.contains(box)]
    every = list(boxes.items())
    wrong += [
        f"{one} on {other}"
        for i, (one, box) in enumerate(every)
        for other, against in every[i + 1 :]
        if box.adjusted(0.1, 0.1, -0.1, -0.1).intersects(against)
    ]
    for name, box in every:
        inner = box.adjusted(0.1, 0.1, -0.1, -0.1)
        dots = [canvas.position(i) for i in range(len(shown.points))]
        wrong += [f"{name} on a point" for at in dots if distance(inner, at) < 4]
        if Taken(lines=scale.lines(shown.roofs)).by(inner):
            wrong.append(f"{name} on a line")
    for i, label in found.names.items():
        if label.leader is not None:
            start, end = label.leader
            line = Taken(lines=np.array([[start.x(), start.y(), end.x(), end.y()]]))
            others = [(name, box) for name, box in every if name != f"name {i}"]
            wrong += [f"{name} struck" for name, box in others if line.by(box)]
    return wrong


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("preset", ["alexnet", "llama-7b-ffn", "mlp", "gpt2-small"])
@pytest.mark.parametrize("device", ROOFED)
def test_no_word_lies_on_anything(qtbot: QtBot, device: str, preset: str, second: bool) -> None:
    for batch, training, product in ((1, False, 0), (128, False, 1), (2048, True, 2)):
        view = view_of(device, preset, batch, training, product)
        if second:
            view = replace(view, roofs=(*view.roofs, SECOND))
        canvas = RooflineCanvas()
        qtbot.addWidget(canvas)
        canvas.show_view(view)
        for width, plot in ((230, 176.0), (300, 176.0), (900, 400.0)):
            canvas.plot_height = plot
            canvas.resize(width, canvas.sizeHint().height())
            canvas.say()
            assert faults(canvas) == [], (width, batch)
            assert canvas.labels().roofs[0] is not None
        if len(view.points) <= 8 and not second:
            assert view.product in canvas.named()
            assert canvas.labels().ridge is not None


@pytest.mark.parametrize("device", ROOFED)
def test_of_a_few_points_each_has_its_name(qtbot: QtBot, device: str) -> None:
    """Unless two stand at one place."""
    for preset, batch in (("bert-ffn", 1792), ("bert-ffn", 8), ("alexnet", 128)):
        canvas = RooflineCanvas()
        qtbot.addWidget(canvas)
        canvas.show_view(view_of(device, preset, batch, False, 0))
        for width, plot in ((230, 176.0), (300, 176.0), (900, 400.0)):
            canvas.plot_height = plot
            canvas.resize(width, canvas.sizeHint().height())
            canvas.say()
            places = {tuple(at) for at in canvas.pixels().round().tolist()}
            assert faults(canvas) == [], (width, batch)
            assert len(canvas.named()) == len(places), (preset, width, batch)


def test_a_roof_is_named_at_its_end(qtbot: QtBot) -> None:
    canvas = RooflineCanvas()
    qtbot.addWidget(canvas)
    canvas.show_view(view_of("a100", "alexnet", 128, False, 0))
    canvas.resize(300, canvas.sizeHint().height())
    (label,) = canvas.labels().roofs
    assert label is not None
    end = canvas.scale().corners(canvas.shown.roofs[0])[2]
    assert label.box.right() == pytest.approx(canvas.plot().right(), abs=3)
    assert 0 <= end.y() - label.box.bottom() < 6
    assert label.lines == ("NVIDIA A100 SXM4 80 GB", "312 TFLOP/s")


def test_a_peak_above_the_published_one_says_so_there(qtbot: QtBot) -> None:
    canvas = RooflineCanvas()
    qtbot.addWidget(canvas)
    view = view_of("rtx5090", "alexnet", 128, False, 0)
    canvas.show_view(view)
    canvas.resize(300, canvas.sizeHint().height())
    (label,) = canvas.labels().roofs
    assert label is not None
    assert label.lines[1] == "251 TFLOP/s, 1.20 × the published"


@pytest.mark.parametrize("device", ["rtx4060", "rtx4090", "rtx5090"])
def test_a_narrow_column_has_the_height_of_a_roof_whole(qtbot: QtBot, device: str) -> None:
    """At 1400 pixels across it ended with "1.10 × the …", what it was told for cut off."""
    canvas = RooflineCanvas()
    qtbot.addWidget(canvas)
    canvas.show_view(view_of(device, "alexnet", 128, False, 0))
    for width in (205, 230, 300, 900):
        canvas.resize(width, canvas.sizeHint().height())
        canvas.say()
        (label,) = canvas.labels().roofs
        assert label is not None
        assert label.lines[-1].endswith(" × the published")
        assert "TFLOP/s" in " ".join(label.lines[-2:])
        assert faults(canvas) == []


def test_a_name_that_is_far_is_tied_to_its_own(qtbot: QtBot) -> None:
    """Another point stands on every side of the one looked at."""
    view = view_of("h100", "alexnet", 2048, True, 0)
    canvas = RooflineCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(230, 300)
    canvas.show_view(view)
    own = canvas.position(0)
    shift = {1: (14, 0), 2: (-14, 0), 3: (0, 14), 4: (0, -14), 5: (12, 12), 6: (-12, 12)}
    (x0, x1), (y0, y1), plot = view.across, view.up, canvas.plot()
    points = list(view.points)
    for i, (dx, dy) in shift.items():
        along = (own.x() + dx - plot.left()) / plot.width()
        high = (plot.bottom() - own.y() - dy) / plot.height()
        cost = _Moved(points[i], x0 * (x1 / x0) ** along)
        points[i] = replace(points[i], cost=cost, rate=y0 * (y1 / y0) ** high)  # type: ignore[arg-type]
    canvas.show_view(replace(view, points=tuple(points)))
    for i, (dx, dy) in shift.items():
        assert (canvas.position(i) - own).x() == pytest.approx(dx, abs=0.1)
        assert (canvas.position(i) - own).y() == pytest.approx(dy, abs=0.1)
    label = canvas.labels().names[0]
    assert label.leader is not None
    start, end = label.leader
    assert math.hypot(start.x() - own.x(), start.y() - own.y()) < 8
    assert distance(label.box, end) < 0.1
    assert faults(canvas) == []


class _Moved:
    """A cost elsewhere along the axis."""

    def __init__(self, point: Point, intensity: float) -> None:
        self._point, self.intensity = point, intensity

    def __getattr__(self, name: str) -> object:
        return getattr(self._point.cost, name)


def test_large_type_keeps_them_apart(open_on: Open) -> None:
    session = replace(open_file(networks.read_preset("alexnet")), device="a100", dtype="float16")
    window = open_on(session, size=(1280, 720)).window
    canvas = window.facts.roofline
    before = canvas.labels().roofs[0]
    window.set_large(True)
    try:
        after = canvas.labels().roofs[0]
        assert before is not None
        assert after is not None
        assert after.box.height() > 1.1 * before.box.height()
        assert faults(canvas) == []
    finally:
        window.set_large(False)


def test_among_thousands_of_places_no_name_is_sought(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To try all boxes against all of them took seconds, and a gigabyte."""
    view = view_of("a100", "alexnet", 128, False, 0)
    one = view.points[0]
    points = [
        replace(one, cost=_Moved(one, intensity))  # type: ignore[arg-type]
        for intensity in np.geomspace(*view.across, 600).tolist()
    ]
    tried: list[int] = []
    monkeypatch.setattr(roofline_labels, "_name", lambda *given: tried.append(given[1]))
    canvas = RooflineCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(1600, 300)
    canvas.show_view(replace(view, points=tuple(points)))
    assert canvas.labels().names == {}
    assert tried == []
    canvas.show_view(replace(view, points=(one,) * 800))  # all at one place
    canvas.labels()
    assert tried == [0]
