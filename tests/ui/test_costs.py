"""The right column and the table of layers, as a person uses them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz import units
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.files import networks
from mmviz.files.devices import read_device
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.session import Session, open_file
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton


def alexnet(**changes: object) -> Session:
    session = open_file(networks.read_preset("alexnet"))
    kept = {"device": "h100", "dtype": "float16", "batch": 2048, **changes}
    return replace(session, **kept)


def test_the_switch_between_product_and_pass(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(product=1), size=(1680, 1050))
    panel = controller.window.facts.waterfall
    assert panel.view.accessibleDescription().startswith("fc7 in float16 on NVIDIA H100")
    names = [name for name, _, _ in panel.view.lines()]
    assert names[0] == "peak, TFLOP/s"
    assert names[-2:] == ["predicted", "measured here"]
    qtbot.mouseClick(panel.whole, LEFT)
    assert panel.view.accessibleDescription().startswith("whole pass in float16")
    controller.look_at(2)
    assert panel.view.accessibleDescription().startswith("whole pass")
    tab_to(panel.product)
    qtbot.keyClick(panel.product, Qt.Key.Key_Space)
    assert panel.view.accessibleDescription().startswith("fc8 in float16")
    here = panel.view.lines()[-1]
    assert here[1] == "—"
    assert "press Run" in here[2]


def test_a_price_per_hour_is_seen_under_the_whole_pass(qtbot: QtBot, open_on: Open) -> None:
    device = replace(read_device("h100"), price_hour=2.5, currency="USD")
    panel = open_on(alexnet(edited=device), size=(1680, 1050)).window.facts.waterfall
    assert "USD" not in panel.view.said()
    low = panel.view.height()
    qtbot.mouseClick(panel.whole, LEFT)
    price = r"\nA pass costs [\d.e-]+ USD, a million examples [\d.]+, at 2\.50 an hour\.$"
    assert re.search(price, panel.view.said())
    assert panel.view.height() != low
    assert "USD" in panel.view.accessibleDescription()


def test_cards_and_pass_show_the_prediction_with_its_error(open_on: Open) -> None:
    controller = open_on(alexnet(), size=(1680, 1050))
    window, derived = controller.window, controller.derived
    assert "predicted" in window.strip.summary.text()
    assert "±" in window.strip.summary.text()
    tip = window.strip.model.data(window.strip.model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert f"predicted {units.seconds(derived.cost.predicted_s or 0)} ±" in str(tip)
    assert "at least" not in str(derived.timeline.summary)


def test_a_click_on_a_point_selects_its_product(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(), size=(1680, 1050))
    view = controller.window.facts.roofline
    at = view.position(2)
    qtbot.mouseClick(view, LEFT, pos=QPoint(round(at.x()), round(at.y())))
    assert controller.session.product == 2
    assert view.accessibleDescription().startswith("fc8, 2")
    assert view.product_at(QPointF(1, 1)) is None


@pytest.mark.parametrize("product", [0, 1, 2])
@pytest.mark.parametrize("preset", ["alexnet", "llama-7b-ffn"])
def test_the_name_at_the_ring_is_the_products_own(open_on: Open, preset: str, product: int) -> None:
    """At a batch of 2048 their points lie at one place or a few pixels apart."""
    session = open_file(networks.read_preset(preset))
    product = min(product, session.products - 1)
    session = replace(session, device="h100", dtype="float16", batch=2048, product=product)
    view = open_on(session, size=(1680, 1050)).window.facts.roofline
    found = view.named()
    assert product in found
    assert view.shown is not None
    for i, box in found.items():
        if view.labels().names[i].leader is not None:
            continue  # a line ties it to its own
        own = away(box, view.position(i))
        for j in range(len(view.shown.points)):
            same = (view.position(i) - view.position(j)).manhattanLength() < 1.5
            assert same or away(box, view.position(j)) >= own, (i, j)


def away(box: QRectF, point: QPointF) -> float:
    """Pixels from a box to a point."""
    across = max(box.left() - point.x(), point.x() - box.right(), 0.0)
    return math.hypot(across, max(box.top() - point.y(), point.y() - box.bottom(), 0.0))


def test_the_roofline_by_keys(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(), size=(1680, 1050))
    view = controller.window.facts.roofline
    tab_to(view)
    qtbot.keyClick(view, Qt.Key.Key_Left)  # less FLOP per byte: fc7
    assert view.accessibleDescription().startswith("fc7")
    assert controller.session.product == 0
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert controller.session.product == 1


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("device", ["h100", "this-machine", "lanes-16", "tpu-v4"])
def test_nothing_of_the_column_is_wider_than_it(open_on: Open, device: str, theme: object) -> None:
    window = open_on(alexnet(device=device, dtype="bfloat16"), theme, (1280, 720)).window
    window.docks.all["facts"].raise_()
    QApplication.processEvents()
    area = window.facts.findChild(QScrollArea)
    inside, port = area.widget(), area.viewport()
    assert inside.width() == port.width()
    assert window.facts.waterfall.view.height() >= 40
    window.facts.grab()


def test_auto_says_what_it_chose(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(device="a100", batch=512, product=2), size=(1680, 1050))
    controls = controller.window.facts.controls
    m, n = controller.derived.tiling.tile
    assert controls.tile.currentText() == f"auto: {m} × {n}"
    assert controls.order.currentText() == f"auto: {controller.derived.tiling.order.id}"
    controls.order.setCurrentIndex(controls.order.findData("columns"))
    controls.order.activated.emit(controls.order.currentIndex())
    assert controller.session.order == "columns"
    assert controls.order.itemText(0) == "auto"
    controls.order.setCurrentIndex(0)
    controls.order.activated.emit(0)
    assert controller.session.order == ""
    before = controller.session
    qtbot.keyClick(controls.tile, Qt.Key.Key_Return)  # what stands there is asked for already
    assert controller.session == before


def show_layers(qtbot: QtBot, controller: Controller) -> None:
    dock = controller.window.docks.all["layers"]
    dock.raise_()
    qtbot.waitUntil(lambda: not controller.window.layers.visibleRegion().isEmpty())


def shown(controller: Controller, column: int) -> list[str]:
    lines = controller.window.layers.table.lines
    return [str(lines.data(lines.index(row, column))) for row in range(lines.rowCount())]


def test_the_table_follows_sorts_and_is_copied(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(training=True, product=1), size=(1680, 1050))
    show_layers(qtbot, controller)
    table = controller.window.layers.table
    assert shown(controller, 0)[:3] == ["forward pass", "training pass", "fc6"]
    assert table.lines.line(table.currentIndex().row()).product == 1
    names = [str(column.name) for column in table.lines.layers.columns]
    header = table.horizontalHeader()
    x = header.sectionViewportPosition(names.index("predicted")) + 10
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, 10))
    seconds = [table.lines.line(row).seconds for row in range(2, table.lines.rowCount())]
    assert seconds in (sorted(seconds), sorted(seconds, reverse=True))
    assert shown(controller, 0)[:2] == ["forward pass", "training pass"]
    assert table.lines.line(table.currentIndex().row()).product == 1  # went along
    controller.window.keys.rest()  # a click leaves the arrows to the transport
    tab_to(table)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    now = table.lines.line(table.currentIndex().row()).product
    assert controller.session.product == now != 1
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    lines = clipboard.text().splitlines()
    assert len(lines) == 1 + 2 + 8
    assert lines[0].startswith("product\trole\tm x n x k\tpredicted s")


def test_a_hidden_table_counts_nothing_until_it_is_seen(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(alexnet(), size=(1680, 1050))
    assert controller.window.layers.visibleRegion().isEmpty()
    controller.edit("", actions.set_training, True)
    before = controller.window.layers.table.lines.rowCount()
    assert before <= 2 + 3
    show_layers(qtbot, controller)
    assert controller.window.layers.table.lines.rowCount() == 2 + 8


def test_a_list_of_thousands(qtbot: QtBot, open_on: Open) -> None:
    gemms = tuple(
        Gemm(f"p{i}", "product", 64 + i % 512, 64 + i % 300, 64 + i % 700, i) for i in range(4000)
    )
    controller = open_on(Session(Products("many", gemms), dtype="float16", device="h100"))
    show_layers(qtbot, controller)
    table = controller.window.layers.table
    assert table.lines.rowCount() == 1 + 4000
    table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    first, last = table.lines.line(1), table.lines.line(4000)
    assert (first.seconds or 0) >= (last.seconds or 0)
    controller.look_at(3999)
    assert table.lines.line(table.currentIndex().row()).product == 3999
    assert len(controller.window.facts.roofline.shown.points) == 4000
    controller.window.facts.roofline.grab()


def test_a_run_stands_beside_its_prediction(qtbot: QtBot, open_on: Open) -> None:
    small = Session(networks.read_preset("two-by-two").network, batch=2)
    controller = open_on(small, size=(1680, 1050))
    window = controller.window
    window.timing.controls.spin.setValue(0.1)
    for name, box in window.timing.controls.boxes.items():
        box.setChecked(name == "numpy")
    window.commands["run"].trigger()
    qtbot.waitUntil(lambda: bool(controller.facts.runs), timeout=60_000)
    here = window.facts.waterfall.view.lines()
    assert derive(small).setup.timed == controller.facts.runs[-1].of
    assert here == () or "press Run" not in here[-1][2]
    controller.edit("", actions.set_batch, 3)
    controller.window.commands["undo"].trigger()
    assert controller.derived.facts.run_of(controller.derived.setup.timed) is not None
