"""The sweep as a person uses it: choose, read, click, go back, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.provenance import Provenance
from mmviz.core.time.price import price
from mmviz.core.time.setup import Pass, Setup
from mmviz.files.devices import read_device
from mmviz.files.networks import find, read_preset
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.chart import CURVE_NEAR
from mmviz.state.sweep.choice import BATCH, BOTH, WIDTH, SweepChoice
from mmviz.state.sweep.values import EXAMPLE, PASS, PEAK
from mmviz.state.sweep.view import Question
from mmviz.text import NOTHING, own, source
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.sweep.axes import LOW_PLOT, is_filled
from mmviz.ui.sweep.controls import SweepControls
from mmviz.ui.sweep.names import curve_name
from mmviz.ui.sweep.panel import SweepPanel
from mmviz.ui.sweep.reading import Line, folded
from mmviz.ui.sweep.shade_bar import bar_texts, shares
from mmviz.ui.sweep.sweeper import Sweeper
from mmviz.words.speech import Words

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def session(preset: str = "alexnet", device: str = "h100", dtype: str = "bfloat16") -> Session:
    return replace(open_file(read_preset(preset)), device=device, dtype=dtype)


def seen(qtbot: QtBot, controller: Controller, choice: SweepChoice | None = None) -> SweepPanel:
    """The sweep of the Clock workspace, priced."""
    window = controller.window
    if choice is not None:
        controller.edit("", actions.set_sweep, choice)
    window.go_to("clock")
    window.docks.all["sweep"].raise_()
    priced(qtbot, window.sweep)
    return window.sweep


def priced(qtbot: QtBot, panel: SweepPanel) -> None:
    qtbot.waitUntil(lambda: panel.chart is not None and not panel.sweeper.working)


def land(controller: Controller, dtype: str, *runs: Run) -> None:
    """As if these had just been timed."""
    network = controller.session.layered
    for run in runs:
        results = Results(
            network=network.name, dtype=dtype, training=False, seed=1, machine=None, runs=(run,)
        )
        timed = Timed(Pass(network, run.batch, dtype, False), results, NOTHING)
        controller.learn(controller.facts.with_run(timed))


def spot(panel: SweepPanel, point: int) -> QPoint:
    axes = panel.canvas.axes()
    assert axes is not None
    return axes.place(point).toPoint()


def pick(qtbot: QtBot, combo: QComboBox, data: object) -> None:
    """As a person does by keys: open at the first entry, go down, take it."""
    tab_to(combo)
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.findData(data)):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    if combo.currentData() == data:
        combo.activated.emit(combo.currentIndex())


def test_hover_reads_a_point_exactly(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)))
    chart = panel.chart
    assert chart is not None
    assert chart.found.points.batches.tolist() == list(range(1, 2049))
    qtbot.mouseMove(panel.canvas, spot(panel, 1000))
    qtbot.waitUntil(lambda: panel.canvas.read is not None)
    read = panel.canvas.read
    assert read is not None
    assert abs(read - 1000) <= 3  # a pixel is about two batches
    batch, device = int(chart.found.points.batches[read]), read_device("h100")
    cost = price(Setup(find("alexnet").network, device, batch, dtype="bfloat16"))
    assert chart.found.seconds[read] == pytest.approx(cost.predicted_s, rel=1e-12)
    assert "modelled" in panel.canvas.accessibleDescription()


def test_a_click_enters_the_picture_and_undo_goes_back(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    place = spot(panel, 1000)
    qtbot.mouseClick(panel.canvas, LEFT, pos=place)
    entered = controller.session.batch
    assert abs(entered - 1001) <= 3
    assert controller.window.top.batch.value() == entered
    priced(qtbot, panel)
    assert panel.chart is not None
    assert panel.chart.found.points.batches[-1] == 2048  # the range stays where it is
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL)
    assert controller.session.batch == 128
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert controller.session.batch == entered


@pytest.mark.parametrize("axis", [BATCH, BOTH])
def test_the_chart_stays_while_the_pointer_is_in_it(qtbot: QtBot, open_on: Open, axis: str) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, SweepChoice(axis=axis))
    view = panel.canvas
    qtbot.mouseClick(view, LEFT, pos=spot(panel, 1000))
    priced(qtbot, panel)
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.mouseMove(view, spot(panel, 400))
    assert view.hasFocus()
    assert view.read is not None
    focused = view.grab().toImage()
    view.clearFocus()
    plain = view.grab().toImage()
    seen_apart = [
        (x, y)
        for x in range(4, plain.width() - 4, 9)
        for y in range(4, plain.height() - 4, 9)
        if focused.pixel(x, y) != plain.pixel(x, y)
    ]
    everywhere = (plain.width() // 9) * (plain.height() // 9)
    assert len(seen_apart) < everywhere / 3  # only the box with the reading comes and goes


def test_arrows_move_the_reading_point_and_enter_enters(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    view = panel.canvas
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.read == 127  # where the session is: batch 128
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.read == 128
    qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.read == 144
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert "batch 144" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert controller.session.batch == 144
    priced(qtbot, panel)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.read == 0
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.read == 0
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.read is None
    assert controller.playback.position == 0.0  # no key went on to the transport


def test_the_width_of_a_layer(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    pick(qtbot, panel.controls.axis, WIDTH)
    assert controller.session.sweep.axis == WIDTH
    pick(qtbot, panel.controls.layer, 1)
    priced(qtbot, panel)
    assert panel.chart is not None
    assert panel.chart.found.points.layer == 1
    qtbot.mouseClick(panel.canvas, LEFT, pos=spot(panel, 2000))
    widths = [layer.units for layer in controller.session.layered.layers]
    assert widths[0] == 4096
    assert abs(widths[1] - 2001) <= 8
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL)
    assert [layer.units for layer in controller.session.layered.layers] == [4096, 4096, 1000]


def test_a_cell_of_the_heat_map_is_entered(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, SweepChoice(axis=BOTH, layer=0, value=PEAK))
    chart = panel.chart
    assert chart is not None
    assert chart.heat
    point = 20 * len(set(chart.found.points.batches.tolist())) + 10
    qtbot.mouseClick(panel.canvas, LEFT, pos=spot(panel, point))
    assert controller.session.batch == chart.found.points.batches[point]
    assert controller.session.layered.layers[0].units == chart.found.points.width(point)
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL)  # both at once
    assert controller.session.batch == 128
    assert controller.session.layered.layers[0].units == 4096
    priced(qtbot, panel)
    panel.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Escape)  # from where the session is, not the mouse
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Up)
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Return)
    assert controller.session.layered.layers[0].units > 4096
    assert controller.session.batch == 128


def test_a_range_backwards_is_refused_in_a_sentence(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    first = panel.controls.batches[0]
    first.setFocus()
    first.selectAll()
    qtbot.keyClicks(first, "5000")
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert "the batch of a sweep begin at 5\u202f000, above their end 2\u202f048" in (
        controller.window.notice.text.text()
    )
    assert first.value() == 1
    last = panel.controls.batches[1]
    last.setFocus()
    last.selectAll()
    qtbot.keyClicks(last, "64")
    qtbot.keyClick(last, Qt.Key.Key_Return)
    priced(qtbot, panel)
    qtbot.waitUntil(lambda: panel.chart is not None and len(panel.chart.found.points) == 64)


def test_no_time_is_said_with_its_remedy(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(device="lanes-16", dtype="float32"), size=(1680, 1050))
    controller.window.go_to("clock")
    view = controller.window.sweep.canvas
    qtbot.waitUntil(lambda: "no data: lanes have no clock" in view.accessibleDescription())
    assert controller.window.sweep.chart is None
    qtbot.mouseClick(view, LEFT, pos=view.rect().center())  # nothing to enter
    assert controller.session.batch == 128


def test_a_list_of_products_has_no_sweep(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("gpt2-small", size=(1680, 1050))
    controller.window.go_to("clock")
    panel = controller.window.sweep
    qtbot.waitUntil(lambda: "neither batch nor layers" in panel.canvas.accessibleDescription())
    assert not panel.controls.isEnabled()


def test_behind_another_tab_nothing_is_priced(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = controller.window.sweep
    qtbot.wait(50)
    assert panel.chart is None
    assert not panel.sweeper.working
    controller.window.docks.all["sweep"].raise_()
    priced(qtbot, panel)


def test_what_runs_measured_is_drawn_over_it(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session("pilotnet", dtype="float32"), size=(1680, 1050))
    panel = seen(qtbot, controller)
    samples = (1e-3, 2e-3, 3e-3)
    runs = [Run("numpy", batch, samples, stats=summarize(samples)) for batch in (1, 64)]
    land(controller, "float32", *runs)
    assert panel.chart is not None
    (curve,) = panel.chart.curves
    assert curve.x.tolist() == [1.0, 64.0]
    pick(qtbot, panel.controls.value, EXAMPLE)
    pick(qtbot, panel.controls.scale, True)
    assert panel.chart.value == EXAMPLE
    assert panel.chart.log_x
    controller.edit("", lambda s: replace(s, dtype="bfloat16"))
    priced(qtbot, panel)
    assert panel.chart.curves == ()


def test_what_is_far_above_is_named_and_presses_nothing_flat(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(dtype="float32"), size=(1680, 1050))
    panel = seen(qtbot, controller)
    slow, near = (47.0,), (2e-3, 2e-3)
    runs = [
        Run("loop", 128, slow, estimated=True, stats=summarize(slow)),
        Run("numpy", 128, near, stats=summarize(near)),
    ]
    land(controller, "float32", *runs)
    assert panel.chart is not None
    assert panel.chart.log_x, "where nobody chose, the scale that shows it all"
    assert panel.controls.scale.currentData() is True
    pick(qtbot, panel.controls.scale, False)
    axes = panel.canvas.axes()
    assert axes is not None
    chart = axes.chart
    high = float(chart.y.max())
    assert high <= axes.ends[1] <= 1.1 * CURVE_NEAR * high
    assert axes.ends[1] > 2e-3  # near enough to be drawn
    assert [str(curve_name(chart, curve)) for curve in chart.curves] == [
        "Python for-loops ≈ 47.0 s, above",
        "NumPy",
    ]
    assert len(axes.y_ticks) > 2
    faces = panel.canvas.faces()
    names = [faces.bold_width(str(curve_name(chart, curve))) for curve in chart.curves]
    assert axes.plot.right() + max(names) < panel.canvas.width()
    assert str(curve_name(chart.showing(PASS, log_x=True), chart.curves[0])) == "Python for-loops"


@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)])
def test_a_low_chart_gives_way_and_offers_more_room(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    controller = open_on(session(), size=size)
    window = controller.window
    window.docks.all["sweep"].raise_()
    panel = window.sweep
    priced(qtbot, panel)
    axes = panel.canvas.axes()
    assert axes is not None
    assert axes.plot.height() >= 40
    assert len(axes.y_ticks) >= 2
    assert "predicted for" in panel.canvas.toolTip()  # the caption has no line of its own
    combos = [part for part in panel.controls.findChildren(QComboBox) if part.isVisible()]
    assert len({part.mapToGlobal(part.rect().center()).y() for part in combos}) == 1
    more = [part for part in panel.findChildren(QPushButton, "more") if part.isVisible()]
    assert bool(more) == (axes.plot.height() < LOW_PLOT)
    if size == (1280, 720):
        assert more[0].text() == "more room: Ctrl+2"
        qtbot.mouseClick(more[0], LEFT)
    else:
        window.go_to("clock")
    assert window.docks.workspace == "clock"
    window.docks.all["sweep"].raise_()
    QApplication.processEvents()
    axes = panel.canvas.axes()
    assert axes is not None
    assert axes.plot.height() >= LOW_PLOT
    assert all(part.isHidden() for part in panel.findChildren(QPushButton, "more"))
    assert panel.canvas.toolTip() == ""


def test_controls_unfold_again(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, SweepChoice(axis=BOTH))
    controls, window = panel.controls, controller.window
    qtbot.waitUntil(lambda: controls.value.y() == controls.axis.y())  # docks have their places
    for width in (1200, 900):  # as a hand would: docks that became tabs let it become narrower
        window.resize(width, 900)
        qtbot.wait(50)
    qtbot.waitUntil(lambda: controls.value.y() > controls.axis.y())
    window.resize(1680, 1050)
    qtbot.waitUntil(lambda: controls.value.y() == controls.axis.y())


def test_controls_fold_also_where_they_became_narrow_while_hidden(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    controls = SweepControls(place)
    controls.show_choice(SweepChoice(axis=BOTH, batches=(1, 8), widths=(1, 8)), (own("one"),))
    controls.resize(1600, 40)
    place.resize(1600, 80)
    place.show()
    qtbot.waitExposed(place)
    assert controls.value.y() == controls.axis.y()
    controls.hide()
    controls.resize(controls.minimumSizeHint().width(), 80)
    controls.show()
    qtbot.waitUntil(lambda: controls.value.y() > controls.axis.y())


def test_the_choice_is_undone_and_redone(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    pick(qtbot, panel.controls.axis, WIDTH)
    pick(qtbot, panel.controls.scale, True)
    window = controller.window
    window.commands["undo"].trigger()
    assert panel.controls.scale.currentData() is False
    window.commands["undo"].trigger()
    priced(qtbot, panel)
    assert panel.controls.axis.currentData() == BATCH
    assert panel.chart is not None
    assert panel.chart.found.points.widths is None
    window.commands["redo"].trigger()
    assert panel.controls.axis.currentData() == WIDTH


def test_another_language_is_spoken_at_once(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    controller.window.set_words(Words("xx", lambda msgid, many, n: "~" + source(msgid, many, n)))
    assert panel.canvas.accessibleDescription().startswith("~~batch 128")
    assert panel.controls.axis.itemText(0) == "~batch"
    assert "~ring = the pass shown" in panel._caption.toolTip()
    axes = panel.canvas.axes()
    assert axes is not None
    assert axes.x_name == "~batch"


def test_filled_is_explained_only_where_something_is_filled(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)))
    axes = panel.canvas.axes()
    assert axes is not None
    assert not is_filled(axes)  # a staircase: steep, but a line
    assert "filled" not in str(panel.caption_text())
    pick(qtbot, panel.controls.axis, WIDTH)
    priced(qtbot, panel)
    axes = panel.canvas.axes()
    assert axes is not None
    assert is_filled(axes)  # every eighth width is aligned
    assert "filled = goes up and down" in str(panel.caption_text())


def test_a_range_once_shown_stays_until_the_batch_leaves_it(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(replace(session(), batch=1025), size=(1680, 1050))
    panel = seen(qtbot, controller)
    to = panel.controls.batches[1]
    assert to.value() == 4096
    for batch, reach in ((1024, 4096), (1, 4096), (4096, 4096), (4097, 16384), (128, 16384)):
        controller.edit("", actions.set_batch, batch)
        priced(qtbot, panel)
        assert to.value() == reach


def test_the_shades_are_for_the_middle_of_the_values(qtbot: QtBot, open_on: Open) -> None:
    choice = SweepChoice(axis=BOTH, value=PEAK)
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)), choice)
    chart = panel.chart
    assert chart is not None
    told, along = bar_texts(chart), shares(chart)
    assert told[0].startswith("≤ ")
    assert told[-1].startswith("≥ ")
    assert not any(text[0] in "≤≥" for text in told[1:-1])
    assert (along.min(), along.max()) == (0.0, 1.0)
    upper = np.quantile(chart.y, [0.4, 0.97])
    spread = (upper[1] - upper[0]) / (chart.y.max() - chart.y.min())
    share = np.quantile(along, [0.4, 0.97])
    assert share[1] - share[0] > 1.5 * spread


def test_a_long_source_gives_way_to_the_rest_of_the_caption(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)))
    assert panel.chart is not None
    panel.sweeper.stop()
    source = "assumed from the calibration of a device like it, " * 6
    panel._show(replace(panel.chart.found, provenance=Provenance("modelled", own(source))))
    shown = panel._caption.text()
    assert "assumed from the cal" in shown
    assert source not in shown
    assert shown.endswith("ring = the pass shown")
    assert source in panel._caption.toolTip()
    assert panel._caption.fontMetrics().horizontalAdvance(shown) <= panel._caption.width()


def test_a_real_run_becomes_a_point(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session("mlp", dtype="float32"), size=(1680, 1050))
    panel = seen(qtbot, controller)
    controls = controller.window.timing.controls
    for name, box in controls.boxes.items():
        box.setChecked(name == "numpy")
    controls.spin.setValue(0.1)
    controller.window.commands["run"].trigger()
    qtbot.waitUntil(lambda: bool(controller.facts.runs), timeout=60_000)
    (run,) = controller.facts.runs[0].results.runs
    assert (run.backend, run.batch) == ("numpy", controller.session.batch)
    assert panel.chart is not None
    assert len(panel.chart.curves) == 1


def test_one_sweep_takes_the_place_of_another(qtbot: QtBot) -> None:
    from mmviz.core.shapes.network import from_widths
    from mmviz.core.time.sweep import points_of

    sweeper, found = Sweeper(), []
    sweeper.priced.connect(found.append)
    network, device = from_widths((64, 64)), read_device("h100")
    setup = Setup(network, device, dtype="bfloat16")
    for last in (5000, 3000):
        points = points_of(network, range(1, last))
        sweeper.ask(Question.of(points, setup))
    qtbot.waitUntil(lambda: len(found) == 1)
    assert len(found[0].points) == 2999
    sweeper.ask(Question.of(points, setup))  # remembered: at once
    assert len(found) == 2
    assert found[0] is found[1]
    assert not sweeper.working
    sweeper.close()


def test_a_sweep_that_breaks_says_why_and_the_next_is_drawn(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mmviz.errors import InputError
    from mmviz.text import N_
    from mmviz.ui.sweep import sweeper

    controller = open_on(session())
    panel = seen(qtbot, controller, SweepChoice())

    def refuse(*_: object) -> None:
        raise InputError(N_("no memory for it"))

    with monkeypatch.context() as broken:
        broken.setattr(sweeper, "sweep_within", refuse)
        controller.edit("", actions.set_sweep, SweepChoice(batches=(1, 77)))
        qtbot.waitUntil(lambda: not panel.sweeper.working)
        assert panel.chart is None
        assert str(panel.canvas._why) == "no memory for it"
    controller.edit("", actions.set_sweep, SweepChoice(batches=(1, 78)))
    qtbot.waitUntil(lambda: panel.chart is not None)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050), (3840, 2160)])
def test_it_fits_every_size(
    qtbot: QtBot, open_on: Open, theme: Theme, size: tuple[int, int]
) -> None:
    controller = open_on(session(), theme, size=size)
    panel = seen(qtbot, controller, SweepChoice(axis=BOTH))
    assert (controller.window.width(), controller.window.height()) == size
    controls = panel.controls
    shown = [part for part in controls.findChildren(QComboBox) if part.isVisible()]
    assert len(shown) == 3
    for part in (*shown, *controls.batches, *controls.widths):
        if part in shown:
            assert part.width() >= part.minimumSizeHint().width()
        else:
            line = part.findChild(QLineEdit)
            assert line is not None
            assert line.width() >= part.fontMetrics().horizontalAdvance(line.text())
        assert controls.rect().contains(part.geometry())
    controller.window.commands["large_type"].trigger()
    QApplication.processEvents()
    assert controller.window.width() == size[0]
    controller.window.commands["large_type"].trigger()


def test_words_share_the_lines_there_are() -> None:
    lines = [Line(each) for each in "abcde"]

    def told(most: int, of: list[Line]) -> list[str]:
        return [line.what for line in folded(of, most)]

    assert told(5, lines[:3]) == ["a", "b", "c"]
    assert told(3, lines) == ["a", "b · c", "d · e"]
    assert told(2, lines[:3]) == ["a", "b · c"]
    measured = [lines[0], Line("NumPy", "1 ms", "numpy"), *lines[1:]]
    assert told(3, measured) == ["a", "NumPy", "b · c · d · e"]  # a figure keeps its line
