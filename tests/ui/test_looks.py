"""What the picture and the time dock show: only when it is new, of which kind, in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PyQt6.QtCore import QEvent, QObject, QPoint
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.core.provenance import Provenance
from mmviz.core.shapes.network import from_widths
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.time_views import PASS, TRANSPORT, UNITS
from mmviz.state.picture.view import PICTURE
from mmviz.state.session import Session
from mmviz.state.snapshot import changed, resolve
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.panels import PANELS
from mmviz.words.speech import Words

Open = Callable[..., Controller]
GRID = Session(from_widths([4096, 1536]), batch=2304, device="v100", tile=(256, 128))
CLOSER = Camera(0.25, 0.25, 0.5, 0.5)
LOOKS = {"picture", "pass", "units", "transport"}


def differ(before: Session, after: Session) -> set[str]:
    """Ids of the panels that another session is news to."""
    parts = [panel.part for panel in PANELS]
    old = derive(before)
    first = resolve(old, parts, {})
    return set(changed(first, resolve(derive(after, before=old), parts, first)))


def test_a_camera_move_is_news_to_the_picture_alone() -> None:
    assert differ(GRID, GRID) == set()
    assert differ(GRID, actions.set_camera(GRID, CLOSER)) == {"picture"}
    assert differ(GRID, actions.turn(GRID, True)) == {"picture"}
    assert differ(GRID, actions.colour_by(GRID, "unit")) == {"picture"}


def test_a_selection_is_news_to_what_shows_it() -> None:
    assert differ(GRID, actions.select(GRID, Selection("tile", 3))) == {"picture", "units"}
    wave = actions.select(GRID, Selection("wave", 1))
    assert differ(GRID, wave) == {"picture", "units", "transport"}


def test_an_edit_is_news_to_all_of_them() -> None:
    assert differ(GRID, actions.set_batch(GRID, 64)) >= LOOKS


class Paints(QObject):
    """Who is painted while it listens."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QWidget] = []

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Paint:
            assert isinstance(watched, QWidget)
            self.painted.append(watched)
        return False


@pytest.fixture
def painted() -> Iterator[Callable[[Callable[[], object]], list[QWidget]]]:
    """Call it with something to do: the widgets it painted, each as often as it was."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    def call(do: Callable[[], object]) -> list[QWidget]:
        paints = Paints()
        application.installEventFilter(paints)

        def settle() -> list[QWidget]:
            QTest.qWait(20)
            found, paints.painted = paints.painted, []
            return found

        while settle():  # a new window has its own to paint, bit by bit
            pass
        do()
        found = settle()
        application.removeEventFilter(paints)
        return found

    return call


def names(widgets: list[QWidget]) -> list[str]:
    return sorted(type(widget).__name__ for widget in widgets)


def test_a_camera_move_paints_the_picture_alone(open_on: Open, painted: Any) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    assert painted(lambda: controller.look(actions.set_camera, CLOSER)) == [picture]


def test_a_selection_paints_what_shows_it(open_on: Open, painted: Any) -> None:
    controller = open_on(GRID)
    window = controller.window
    found = painted(lambda: controller.look(actions.select, Selection("tile", 3)))
    assert set(found) == {window.picture, window.units}


def test_what_is_shown_again_paints_nothing(open_on: Open, painted: Any) -> None:
    controller = open_on(GRID)
    window, trace = controller.window, controller.derived.trace
    assert trace is not None
    moment = Playback(0.5)
    controller.set_playback(moment)

    def again() -> None:
        frame = trace.at(0.5 * trace.duration)
        window.picture.show_frame(frame)
        window.units.show_frame(frame)
        window.passes.show_position(0.5)
        window.transport.show_playback(Playback(0.5))

    assert names(painted(again)) == []
    assert painted(lambda: controller.set_playback(Playback(0.51))).count(window.picture) == 1


def test_the_pointer_paints_where_another_tile_lies_under_it(open_on: Open, painted: Any) -> None:
    picture = open_on(GRID).window.picture
    tile, next_one = (picture.tile_rect(row).center().toPoint() for row in (30, 31))
    QTest.mouseMove(picture, tile)
    assert painted(lambda: QTest.mouseMove(picture, tile + QPoint(1, 1))) == []
    assert picture in painted(lambda: QTest.mouseMove(picture, next_one))


@pytest.mark.parametrize("device", ["v100", "systolic-8", "lanes-16"])
def test_a_recorded_trace_says_so_wherever_it_is_shown(
    open_on: Open, drawn: list[str], device: str
) -> None:
    session = Session(from_widths([64, 48]), batch=32, device=device)
    controller = open_on(session)
    window, derived = controller.window, controller.derived
    assert derived.trace is not None
    recorded = Provenance("recorded")
    told = replace(
        derived,
        session=replace(session, selection=Selection("tile", 0)),
        trace=replace(derived.trace, provenance=recorded),
    )
    assert told.trace is not None
    parts = (PICTURE, PASS, UNITS, TRANSPORT)
    panels = (window.picture, window.passes, window.units, window.transport)
    for part, panel in zip(parts, panels, strict=True):
        panel.show_view(part.of(told))  # type: ignore[attr-defined]  # of its own
    frame = told.trace.at(0.5 * told.trace.duration)
    window.picture.show_frame(frame)
    window.units.show_frame(frame)
    window.passes.resize(1400, 90)
    for panel in (window.picture, window.units, window.passes):
        drawn.clear()
        panel.grab()
        assert any("recorded" in text for text in drawn)
        assert not [text for text in drawn if "modelled" in text]
    tips = (
        window.units.toolTip(),
        window.transport.pace.toolTip(),
        window.transport.time.toolTip(),
        window.passes.tip_at(0),
        window.passes.tip_at(window.passes.band().center().x()),
        window.passes.accessibleDescription(),
    )
    for tip in tips:
        assert "recorded" in tip
        assert "modelled" not in tip


SIGN = "⟦"


def shouting() -> Words:
    """A language in which every text from the program begins with a sign."""

    def translate(msgid: str, many: str, n: int) -> str:
        return SIGN + (msgid if n == 1 or not many else many)

    return Words("xx", translate)


@pytest.mark.parametrize("what", ["two-by-two", "alexnet"])
@pytest.mark.parametrize("device", ["lanes-16", "a100", "systolic-8"])
def test_another_language_says_every_text_anew(
    open_on: Open, drawn: list[str], what: str, device: str
) -> None:
    controller = open_on(what)
    window = controller.window
    controller.edit("", actions.set_device, device)
    controller.look(actions.select, Selection("tile", 0))
    controller.set_playback(Playback(0.4))
    panels = (window.picture, window.passes, window.units, window.transport)
    names = {layer.name for layer in controller.session.layered.layers}
    for panel in panels:
        panel.set_words(Words())  # and nothing is painted from memory
    drawn.clear()
    for panel in panels:
        panel.grab()
    before = list(drawn)
    drawn.clear()
    for panel in panels:
        panel.set_words(shouting())
        panel.grab()
    assert [text for text in drawn if text in before and not as_it_is(text, names)] == []
    for panel in panels:
        for widget in (panel, *panel.findChildren(QWidget)):
            for text in (widget.toolTip(), widget.accessibleName()):
                own = widget in window.transport.buttons.values()  # say what their actions do
                assert own or not text or text.startswith(SIGN), text
    for panel in panels:
        panel.set_words(Words())
    drawn.clear()
    for panel in panels:
        panel.grab()
    assert drawn == before


def as_it_is(text: str, names: set[str]) -> bool:
    """Numbers with their unit, formulas and names of layers: the same in every language."""
    return text in names or not re.search(r"[^\W\d_]{3,}", text)
