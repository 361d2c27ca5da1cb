"""WHERE A PASS GOES as somebody uses it: hover, click, keys, both lengths, in grey too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.backends.base import Part, Place
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.state.clock.parts import Bar, Piece
from mmviz.state.facts import Timed
from mmviz.text import NOTHING
from mmviz.ui.clock.parts import PartsPanel
from mmviz.ui.clock.parts_painter import slots
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton


def run(backend: str, p50: float, parts: tuple[Part, ...], place: Place | None = None) -> Run:
    samples = (p50,) * 30
    return Run(backend, 0, samples, False, summarize(samples), parts=parts, place=place)


NUMPY = run(
    "numpy", 9e-3, (Part("forward", 0, 5e-3), Part("rest", 0, 1e-3), Part("forward", 2, 3e-3))
)
WGPU = run("wgpu", 1e-3, (Part("launch", 0, 5e-4), Part("forward", 0, 4e-4)), Place("a GPU"))


def shown(controller: Controller, *runs: Run) -> PartsPanel:
    """The panel on a run of the session as it is."""
    session, window = controller.session, controller.window
    there = tuple(replace_batch(one, session.batch) for one in runs)
    results = Results(
        network="n", dtype="float32", training=False, seed=1, machine=None, runs=there
    )
    timed = Timed(session.timed, results, NOTHING)
    window.go_to("clock")
    window.docks.all["parts"].raise_()
    controller.found_out(lambda facts: facts.with_run(timed))
    QApplication.processEvents()
    return window.parts


def replace_batch(one: Run, batch: int) -> Run:
    return Run(
        *(one.backend, batch, one.samples_s, False, one.stats), parts=one.parts, place=one.place
    )


def middle(panel: PartsPanel, bar: int, piece: int) -> QPoint:
    found = next(s for s in panel.canvas.slots() if (s.bar, s.piece) == (bar, piece))
    return found.box.center().toPoint()


def test_a_click_on_a_layer_looks_at_its_product(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("alexnet", size=(1680, 1050))
    panel = shown(controller, NUMPY, WGPU)
    labels = [str(piece.label) for piece in panel.canvas.bars[0].pieces]
    assert labels == ["fc6", "fc6 · else", "fc8"]
    qtbot.mouseClick(panel.canvas, LEFT, pos=middle(panel, 0, 2))
    assert controller.session.product == 2
    qtbot.mouseClick(panel.canvas, LEFT, pos=middle(panel, 1, 0))
    assert controller.session.product == 2, "a launch is no product"
    qtbot.mouseClick(panel.canvas, LEFT, pos=middle(panel, 0, 1))
    assert controller.session.product == 0


def test_the_keys_walk_over_all_of_it_and_say_where_they_are(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("alexnet", size=(1680, 1050))
    panel = shown(controller, NUMPY, WGPU)
    canvas = panel.canvas
    tab_to(canvas)
    assert canvas.at == (0, 0)
    assert canvas.accessibleDescription().startswith("fc6: 5.00 ms, 55.6 % of a pass")
    for key, at in (
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Right, (0, 2)),
        (Qt.Key.Key_Right, (0, 2)),
        (Qt.Key.Key_Down, (1, 2)),
        (Qt.Key.Key_Left, (1, 1)),
        (Qt.Key.Key_Left, (1, 0)),
        (Qt.Key.Key_Up, (0, 0)),
    ):
        qtbot.keyClick(canvas, key)
        assert canvas.at == at
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert controller.session.product == 2


def test_to_scale_a_bar_is_as_long_as_its_pass(open_on: Open, qtbot: QtBot) -> None:
    panel = shown(open_on("alexnet", size=(1680, 1050)), NUMPY, WGPU)

    def lengths() -> list[float]:
        found: dict[int, float] = {}
        for slot in panel.canvas.slots():
            found[slot.bar] = found.get(slot.bar, 0.0) + slot.box.width()
        return list(found.values())

    one, other = lengths()
    assert one == pytest.approx(other)
    qtbot.mouseClick(panel.scaled, LEFT, pos=QPoint(6, panel.scaled.height() // 2))
    assert panel.scaled.isChecked()
    one, other = lengths()
    assert one == pytest.approx(9 * other)


def test_pointing_tells_a_piece_and_a_name_the_whole_bar(open_on: Open) -> None:
    panel = shown(open_on("alexnet", size=(1680, 1050)), NUMPY, WGPU)
    canvas = panel.canvas
    thing = canvas.thing_at(QPointF(middle(panel, 1, 0)))
    assert thing is not None
    assert (str(thing.name), str(thing.value)) == ("launch", "500 µs")
    above = middle(panel, 0, 0) - QPoint(0, 18)
    thing = canvas.thing_at(QPointF(above))
    assert thing is not None
    assert (str(thing.name), str(thing.value)) == ("NumPy", "9.00 ms")
    assert "NumPy: a pass 9.00 ms, its parts one by one 9.00 ms" in str(canvas.told(None))


def test_kinds_of_work_are_told_apart_in_grey(open_on: Open) -> None:
    """By their patterns: no two pieces of one layer have the same pixels."""
    controller = open_on("alexnet", size=(1680, 1050))
    kinds = ("forward", "rest", "launch", "upload")
    parts = tuple(Part(what, 0, 2e-3) for what in kinds)  # type: ignore[arg-type]
    panel = shown(controller, run("wgpu", 6e-3, parts, Place("a GPU")))
    image = panel.canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    seen = []
    for slot in panel.canvas.slots():
        y = round((slot.box.top() + 3) * ratio)
        xs = range(round((slot.box.left() + 2) * ratio), round((slot.box.left() + 40) * ratio))
        seen.append(tuple(sorted({round(image.pixelColor(x, y).lightness() / 12) for x in xs})))
    first = seen[:3]
    assert len(set(first)) == 3, first


def test_what_was_timed_stands_above_and_says_when_it_is_another_pass(open_on: Open) -> None:
    controller = open_on("alexnet", size=(1680, 1050))
    panel = shown(controller, NUMPY)
    assert panel.of.text() == "batch 128 · float32 · inference"
    controller.edit("", lambda session: replace(session, batch=7))
    assert panel.of.whole.startswith("AlexNet classifier, batch 128")
    assert all(piece.product is None for piece in panel.canvas.bars[0].pieces)


def test_a_piece_of_less_than_a_pixel_can_still_be_met(open_on: Open) -> None:
    panel = shown(open_on("alexnet", size=(1680, 1050)), NUMPY)
    tiny = Piece("forward", 0, 1e-9, 1e-9, 0, NOTHING, NOTHING)
    long = Piece("rest", 0, 1.0, 1.0, 0, NOTHING, NOTHING)
    bars = (Bar("numpy", NOTHING, 1.0, False, (long, tiny)),)
    found = slots(bars, panel.canvas._area(), equal=True)
    assert found[0].box.width() > 100
    assert found[1].box.left() == pytest.approx(found[0].box.right())
