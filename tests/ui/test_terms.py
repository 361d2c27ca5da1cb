"""Every term on screen explains itself where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tips import every_view, in_sight, tip

from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.timing import time_plan
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.session import Session, open_file
from mmviz.state.workspaces import NAMED
from mmviz.text import NOTHING
from mmviz.ui.help.painted import words_painted
from mmviz.ui.help.terms import Place, bound, explain, places, terms_at
from mmviz.ui.look.plain import as_tip, tip_with
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.glossary import TERMS, find
from mmviz.words.glossary.matching import seen
from mmviz.words.speech import ENGLISH

Open = Callable[..., Controller]
TALL = (1680, 3800)  # nothing has to be scrolled, in half of it neither


def on_screen(window: MainWindow) -> Iterator[Place]:
    """Every term that can be seen now, in the window and its panels."""
    for widget in in_sight(window):
        yield from places(widget, window.words)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("wave 3 of 5: 432 pieces, k 3 672 to 5 976 of 9 216", ["wave", "piece", "mnk"]),
        ("58.6 M weights · 235 MB with biases in float32", ["weight", "bias", "float32"]),
        ("k-steps per tile", ["kstep"]),
        ("tile quantization", ["tilequant"]),
        ("modelled · Y = X·W  128 × 4 096 in 128 tiles", ["modelled", "xwy", "xwy", "tile"]),
        ("189 M", []),
        ("this is so", []),
        ("Tiles and waves", ["tile", "wave"]),
        ("SMs, not sms", ["sm"]),
        ("auto: split-k-16", ["splitk"]),
        ("fc6 is compute-bound", ["compbound"]),
    ],
)
def test_terms_are_found_in_a_line(text: str, ids: list[str]) -> None:
    found = list(seen(text, ENGLISH))
    assert [one.id for one in found] == ids
    for one in found:
        assert text[one.start : one.stop].lower() in map(str.lower, find(one.id).forms)


def test_what_a_widget_paints_is_heard_where_it_stands(qtbot: QtBot) -> None:
    label = QLabel("of a wave, and of 4\u202f096 tiles")
    qtbot.addWidget(label)
    label.show()
    (line,) = words_painted(label)
    assert line.text == label.text()
    wave, tile = places(label, ENGLISH)
    assert (wave.id, tile.id) == ("wave", "tile")
    metrics = label.fontMetrics()
    assert abs(wave.rect.left() - metrics.horizontalAdvance("of a ")) <= 2
    assert abs(wave.rect.width() - metrics.horizontalAdvance("wave")) <= 3
    assert wave.rect.right() < tile.rect.left()
    assert label.rect().contains(tile.rect.center())


def test_a_widget_is_bound_to_a_term_it_does_not_name(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    inner = QWidget(whole)
    QVBoxLayout(whole).addWidget(inner)
    part = QWidget(inner)
    assert explain(inner, "order", "wave") is inner
    assert bound(part) == ("order", "wave")
    assert bound(whole) == ()
    assert inner.accessibleDescription() == str(find("order").line)
    assert [place.id for place in terms_at(part, QPoint(), ENGLISH)] == ["order", "wave"]
    with pytest.raises(KeyError):
        explain(inner, "waves")


def training_on_a_gpu(preset: str) -> Session:
    session = actions.set_device(open_file(networks.read_preset(preset)), "a100")
    return actions.set_training(session, True)


@pytest.mark.parametrize("preset", ["alexnet", "two-by-two"])
@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
def test_every_term_on_screen_says_what_it_means(
    open_on: Open, workspace: str, preset: str
) -> None:
    window = open_on(training_on_a_gpu(preset), size=(1680, 1050)).window
    met: set[str] = set()
    for _ in every_view(window, workspace):
        for place in on_screen(window):
            at = place.rect.intersected(place.widget.rect()).center()
            if place.widget.visibleRegion().contains(at) and place.id not in met:
                met.add(place.id)
                assert find(place.id).meaning in tip(place.widget, at), place
    assert len(met) > 15


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
def test_no_word_is_painted_past_the_ear(open_on: Open, workspace: str, drawn: list[str]) -> None:
    """What the window's own painters draw, heard at their hands."""
    window = open_on(training_on_a_gpu("alexnet"), size=TALL).window
    for _ in every_view(window, workspace):
        drawn.clear()
        window.grab()
        words = {one.id for text in drawn for one in seen(text, ENGLISH)}
        assert words <= {place.id for place in on_screen(window)}


def test_the_words_people_stumbled_over_are_met(open_on: Open) -> None:
    window = open_on(training_on_a_gpu("alexnet"), size=TALL).window
    met = {
        place.id
        for workspace in NAMED
        for _ in every_view(window, workspace.id)
        for place in on_screen(window)
    }
    asked = {"wave", "mnk", "tile", "slot", "dgrad", "wgrad", "ridge", "inference", "training"}
    assert asked | {"float32", "modelled", "pass", "roofline", "tilequant", "wavequant"} <= met


def test_what_was_measured_is_explained_too(open_on: Open) -> None:
    """Beside a chart of pyqtgraph's, whose views of graphics paint in a way of their own."""
    controller = open_on("two-by-two", size=TALL)
    of = controller.derived.setup.timed
    plan = BenchPlan(
        network=controller.session.network, batches=(of.batch,), backends=("numpy",), seconds=0.02
    )
    collector = Collector(plan)
    time_plan(plan, collector.add)
    controller.learn(controller.facts.with_run(Timed(of, collector.results(), NOTHING)))
    met = {
        place.id
        for _ in every_view(controller.window, "clock")
        for place in on_screen(controller.window)
    }
    assert {"p50", "p99", "numpy", "flops"} <= met


def test_a_tip_keeps_what_it_said(open_on: Open) -> None:
    assert tip_with(as_tip("a <b> c\nd"), [("wave", "many tiles")]).count("&lt;b&gt;") == 1
    assert tip_with("so many tiles", [("wave", "many tiles")]) == "so many tiles"
    window = open_on("alexnet").window
    button = window.top.training
    button.setToolTip("fixed here")
    said = tip(button, button.rect().center())
    assert said.index("fixed here") < said.index(find("training").meaning)


def test_controls_say_what_they_set(open_on: Open) -> None:
    """Where nothing on them names it: a number in a box, a bar with a knob, a choice's values."""
    window = open_on("alexnet", size=(1680, 1050)).window
    top, tiling = window.top, window.facts.controls
    for control, id in (
        (top.batch, "batch"),
        (top.slider, "batch"),
        (top.dtype, "numberformat"),
        (top.device, "device"),
        (tiling.tile, "tile"),
        (tiling.order, "order"),
    ):
        assert find(id).meaning in tip(control, QPoint(3, 3)), id
        assert control.accessibleDescription() == str(find(id).line)
    field = top.batch.lineEdit()
    assert field is not None
    assert find("batch").meaning in tip(field, field.rect().center())


def test_every_id_that_is_bound_is_a_term(open_on: Open) -> None:
    window = open_on("alexnet").window
    ids = {id for widget in window.findChildren(QWidget) for id in bound(widget)}
    assert {"batch", "device"} <= ids <= set(TERMS)
