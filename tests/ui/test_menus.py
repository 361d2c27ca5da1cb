"""A menu about what is pointed at, and by the menu key about what the keyboard stands at.

Looked at over every part of the window that has things, so that later ones are covered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QAbstractScrollArea, QApplication, QDockWidget, QMenu, QWidget
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.files import networks
from mmviz.state.clock.rows import COLUMNS, TimingRow
from mmviz.state.export import PARTS
from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import Selection
from mmviz.state.session import Session, open_file
from mmviz.state.workspaces import CLOCK, NAMED
from mmviz.text import Text
from mmviz.ui.look.thing_menus import KEYS, ThingMenus
from mmviz.ui.look.things import HasThings, Thing
from mmviz.ui.peak.roofline_things import RooflineThings
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.menus import Menus
from tests.plugins import recordings

Open = Callable[..., Controller]
ALEXNET = replace(
    open_file(networks.read_preset("alexnet")), device="a100", batch=2048, dtype="float16"
)
WITH_THINGS = {
    "PictureCanvas",
    "ProductStrip",
    "NetworkPanel",
    "LayersTable",
    "TimingTable",
    "RooflineThings",
    "WaterfallCanvas",
    "PassCanvas",
    "UnitsCanvas",
    "SweepPanel",
}


def menus_of(controller: Controller) -> ThingMenus:
    found = controller.findChild(Menus)
    assert found is not None
    return found.menus


def pointed(source: HasThings) -> QWidget:
    """The widget that hears the mouse."""
    ground = source.ground
    inside = ground.viewport() if isinstance(ground, QAbstractScrollArea) else None
    return inside or ground


def place_of(source: HasThings, wanted: Callable[[Thing], bool] = bool) -> QPoint:
    """Some place of the part where there is such a thing."""
    area = pointed(source).rect()
    for y in range(1, area.height(), 3):
        for x in range(1, area.width(), 7):
            thing = source.thing_at(QPointF(x, y))
            if thing is not None and wanted(thing):
                return QPoint(x, y)
    raise AssertionError(f"{type(source).__name__} has no such thing")


def shown() -> QMenu | None:
    menu = QApplication.activePopupWidget()
    assert menu is None or isinstance(menu, QMenu)
    return menu


def right_click(source: HasThings, at: QPoint) -> QMenu | None:
    on = pointed(source)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, on.mapToGlobal(at))
    QApplication.sendEvent(on, event)
    return shown()


def texts(menu: QMenu) -> list[str]:
    return [x.text().partition("\t")[0] for x in menu.actions() if not x.isSeparator()]


def choose(menu: QMenu, text: str, inside: str = "") -> None:
    """As a click does: the menu goes, then it is done."""
    action = next(x for x in menu.actions() if x.text().partition("\t")[0] == text)
    below = action.menu()
    if inside:
        assert below is not None
        action = next(x for x in below.actions() if x.text() == inside)
    menu.hide()
    action.trigger()


def put_away() -> None:
    menu = shown()
    if menu is not None:
        menu.hide()


def clipboard() -> str:
    board = QApplication.clipboard()
    assert board is not None
    return board.text()


@pytest.fixture
def full(open_on: Open, qtbot: QtBot) -> Callable[..., Controller]:
    """A window in which every part has something to show."""

    def call(session: Session = ALEXNET) -> Controller:
        controller = open_on(session, size=(1680, 1050))
        window = controller.window
        controller.set_playback(Playback(position=0.4))
        window.docks.all["sweep"].raise_()
        if session.network.layered is not None:
            qtbot.waitUntil(lambda: window.sweep.chart is not None)
        cells = (Text("NumPy"), *(Text("1") for _ in COLUMNS[1:]))
        window.timing.table.show_rows((TimingRow("numpy", cells, False, Text("")),))
        return controller

    return call


def brought_up(source: HasThings) -> None:
    part: QWidget | None = source.ground
    while part is not None and not isinstance(part, QDockWidget):
        part = part.parentWidget()
    if part is not None:
        part.raise_()


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
def test_every_part_with_things_has_a_menu_about_them(
    full: Callable[..., Controller], workspace: str
) -> None:
    controller = full()
    controller.window.go_to(workspace)
    session = controller.session
    ran = recordings.recording(session.network, "a100", session.batch, session.training)
    ran = replace(ran, of=session.timed)
    controller.found_out(lambda facts: facts.with_recording(ran))
    sources = menus_of(controller).sources
    assert {type(source).__name__ for source in sources} >= WITH_THINGS
    met = 0
    for source in sources:
        brought_up(source)
        if not source.ground.isVisible() or source is controller.window.timing.table:
            continue
        at = place_of(source)
        menu = right_click(source, at)
        thing = source.thing_at(QPointF(at))
        assert menu is not None, type(source).__name__
        assert thing is not None
        said = texts(menu)
        assert said[0] == controller.window.words(thing.name)
        assert not menu.actions()[0].isEnabled()
        assert {"Copy value", "Copy row"} & set(said)
        assert ("Export …" in said) == bool(source.part)
        assert source.part in ("", *PARTS)
        put_away()
        met += 1
    assert met >= 2  # the network and the strip, or both pictures of a recording


def test_the_menu_key_is_about_what_the_keyboard_stands_at(
    full: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = full()
    window = controller.window
    met = set()
    for source in menus_of(controller).sources:
        brought_up(source)
        ground, hand = source.ground, source.thing_at_hand()
        if hand is None or not ground.isVisible() or not ground.focusPolicy():
            continue
        ground.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(ground.hasFocus)
        hand = source.thing_at_hand()
        assert hand is not None
        keyboard = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        by_keys = (
            lambda ground=ground: qtbot.keyClick(
                ground, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier
            ),
            lambda ground=ground, event=keyboard: QApplication.sendEvent(ground, event),
        )
        for press in by_keys:
            press()
            menu = shown()
            assert menu is not None, type(source).__name__
            assert texts(menu)[0] == window.words(hand[0].name)
            assert pointed(source).rect().contains(hand[1])
            put_away()
        met.add(type(source).__name__)
    assert met >= WITH_THINGS - {"TimingTable", "UnitsCanvas", "WaterfallCanvas"}
    assert KEYS == "Shift+F10"


def test_a_tile_is_copied_gone_to_and_its_layer_swept(full: Callable[..., Controller]) -> None:
    controller = full()
    picture = controller.window.picture
    at = place_of(picture, lambda thing: bool(thing.start))  # not of the first wave
    thing = picture.thing_at(QPointF(at))
    assert thing is not None
    menu = right_click(picture, at)
    assert menu is not None
    choose(menu, "Copy row")
    said = [controller.window.words(part) for part in thing.row]
    assert clipboard() == "\t".join(said).replace("\u202f", "")
    menu = right_click(picture, at)
    assert menu is not None
    choose(menu, "Go to its start")
    assert controller.playback.position == pytest.approx(thing.start)
    before = controller.session
    menu = right_click(picture, at)
    assert menu is not None
    choose(menu, "Sweep the width of fc6")
    assert (controller.session.sweep.axis, controller.session.sweep.layer) == ("width", 0)
    assert controller.window.docks.all["sweep"].seen
    controller.window.commands["undo"].trigger()
    assert controller.session.sweep == before.sweep


def test_the_number_of_a_cell_is_copied_with_all_its_digits(open_on: Open) -> None:
    controller = open_on("two-by-two")
    controller.set_playback(Playback(position=1.0))
    picture = controller.window.picture
    scene = picture.scene()
    assert scene is not None
    found = set()
    for box in (scene.layout.a, scene.layout.b, scene.layout.c):
        menu = right_click(picture, QPoint(int(box.x + 8), int(box.y + 8)))
        assert menu is not None
        choose(menu, "Copy value")
        found.add(clipboard())
    cells = scene.view.cells()
    assert cells is not None
    assert found == {f"{x:.9g}" for x in (cells.a[0, 0], cells.b[0, 0], cells.product()[0, 0])}


def test_a_product_is_gone_to_from_wherever_it_stands(full: Callable[..., Controller]) -> None:
    controller = full()
    window = controller.window
    roofline = window.facts.roofline.findChild(RooflineThings)
    assert roofline is not None
    for source in (window.strip, window.layers.table, roofline, window.passes):
        controller.look_at(0)
        controller.set_playback(Playback(position=0.5))
        brought_up(source)
        menu = right_click(source, place_of(source, lambda thing: thing.product == 2))
        assert menu is not None
        choose(menu, "Go to its start")
        assert (controller.session.product, controller.playback.position) == (2, 0.0)


def test_what_is_copied_of_a_table_is_the_cell_and_its_row(
    full: Callable[..., Controller],
) -> None:
    controller = full()
    table = controller.window.layers.table
    controller.window.docks.all["layers"].raise_()
    names = [table.lines.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    index = table.lines.index(2, names.index("shape") if "shape" in names else 2)
    menu = right_click(table, table.visualRect(index).center())
    assert menu is not None
    choose(menu, "Copy value")
    assert clipboard() == str(index.data()).replace("\u202f", "")
    menu = right_click(table, table.visualRect(index).center())
    assert menu is not None
    choose(menu, "Copy row")
    row = [table.lines.index(2, i).data() for i in range(table.lines.columnCount())]
    assert clipboard() == "\t".join(row).replace("\u202f", "").replace("\n", " ")


def test_a_dash_is_no_value_to_copy(full: Callable[..., Controller]) -> None:
    controller = full()
    table = controller.window.layers.table
    controller.window.docks.all["layers"].raise_()
    dash = next(
        index
        for column in range(table.lines.columnCount())
        if (index := table.lines.index(0, column)).data() == "—"
    )
    table.scrollTo(dash)
    menu = right_click(table, table.visualRect(dash).center())
    assert menu is not None
    assert "Copy row" in texts(menu)
    assert "Copy value" not in texts(menu)


def test_layers_are_changed_from_their_menu(full: Callable[..., Controller]) -> None:
    controller = full()
    panel = controller.window.network

    def units() -> list[int]:
        return [layer.units for layer in controller.session.layered.layers]

    for entry, after in (
        ("Insert a layer behind", [4096, 4096, 4096, 1000]),
        ("Move up", [4096, 4096, 1000]),
        ("Move down", [4096, 1000, 4096]),
        ("Remove", [4096, 1000]),
    ):
        menu = right_click(panel, place_of(panel, lambda thing: thing.layer == 1))
        assert menu is not None
        choose(menu, entry)
        assert units() == after
        controller.window.commands["undo"].trigger()
        assert units() == [4096, 4096, 1000]
    menu = right_click(panel, place_of(panel, lambda thing: thing.layer is None))
    assert menu is not None
    assert texts(menu) == ["Input", "Copy value", "Copy row"]
    put_away()


def test_the_product_pointed_at_is_raced_in_the_race_that_is_chosen(
    full: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = full()
    window = controller.window
    menu = right_click(window.strip, place_of(window.strip, lambda thing: thing.product == 1))
    assert menu is not None
    choose(menu, "Race", "16 lanes against 1 000".replace(" 000", "\u202f000"))
    settled(qtbot, controller)
    [race] = [race for race in window.findChildren(RaceWindow) if race.isVisible()]
    assert [side.device for side in (race.race.left, race.race.right)] == ["lanes-16", "lanes-1000"]
    assert controller.session.product == 1
    [menus] = race.findChildren(ThingMenus)
    assert {type(source).__name__ for source in menus.sources} == {"PictureCanvas", "RaceTable"}
    asked = []
    window.export_asked.disconnect()
    window.export_asked.connect(asked.append)
    for source in menus.sources:
        menu = right_click(source, place_of(source))
        assert menu is not None
        choose(menu, "Export the race …")
        hand = source.thing_at_hand()
        assert hand is not None
        assert texts(menus.menu_of(source, hand[0]))[0] == race.words(hand[0].name)
    assert asked == ["race"] * 3
    index = race.table.model().index(1, 0)
    menu = right_click(race.table, race.table.visualRect(index).center())
    assert menu is not None
    choose(menu, "Copy value")
    assert clipboard() == str(index.data()).replace("\u202f", "")
    race.close()


def test_a_point_of_the_sweep_is_entered_and_raced(
    full: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = full()
    window = controller.window
    window.go_to(CLOCK.id)
    qtbot.waitUntil(lambda: window.sweep.canvas.axes() is not None)
    at = place_of(window.sweep, lambda thing: thing.point is not None and thing.point[0] > 2500)
    thing = window.sweep.thing_at(QPointF(at))
    assert thing is not None
    assert thing.point is not None
    batch = thing.point[0]
    menu = right_click(window.sweep, at)
    assert menu is not None
    choose(menu, f"Race against {window.words(thing.name)}")
    settled(qtbot, controller)
    [race] = [race for race in window.findChildren(RaceWindow) if race.isVisible()]
    assert [side.batch for side in (race.race.left, race.race.right)] == [2048, batch]
    race.close()
    menu = right_click(window.sweep, at)
    assert menu is not None
    choose(menu, "Pin as B")
    assert controller.session.sweep.pinned_batches == (0, batch)
    menu = right_click(window.sweep, at)
    assert menu is not None
    choose(menu, "Go to this pass")
    assert controller.session.batch == batch


def test_a_product_of_a_list_is_opened_alone(full: Callable[..., Controller]) -> None:
    controller = full(open_file(networks.read_preset("gpt2-small")))
    panel = controller.window.network
    menu = right_click(panel, place_of(panel, lambda thing: thing.product == 1))
    assert menu is not None
    assert not any(text.startswith("Sweep") for text in texts(menu))
    choose(menu, "Open alone")
    assert controller.session.layered.layers[0].name == "scores"


def test_where_nothing_is_there_is_no_menu(full: Callable[..., Controller]) -> None:
    controller = full()
    picture = controller.window.picture
    assert right_click(picture, QPoint(2, picture.height() - 2)) is None
    controller.look(lambda session: replace(session, selection=Selection("tile", 30)))
    hand = picture.thing_at_hand()
    assert hand is not None
    assert picture.tile_rect(30).contains(QPointF(hand[1]))
