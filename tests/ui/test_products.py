"""Opening a list of products as a person would: looked through, not changed, one opened alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.files import networks
from mmviz.state.picture.layout import Box
from mmviz.state.picture.selection import tile_lines
from mmviz.state.session import LIST, open_file
from mmviz.ui.picture.stack import Chooser
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


@pytest.fixture
def opened(
    qtbot: QtBot, open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Controller:
    """A window in which Ctrl+O was pressed and a list chosen."""
    path = tmp_path / "mine.csv"
    path.write_text("m,n,k,count,name\n64,48,32,12,scores\n8,9,10,1,tail\n")
    controller = open_on("mlp")
    controller.window.top.training.click()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window = controller.window
    qtbot.keyClick(window.picture, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, controller)
    assert isinstance(controller.session.network, Products)
    return controller


def test_it_is_shown_row_by_row(qtbot: QtBot, opened: Controller) -> None:
    window = opened.window
    assert window.windowTitle() == "mine — mmviz"
    model = window.network.list.model()
    assert model is not None
    said = [model.data(model.index(i, 0)) for i in range(model.rowCount())]
    assert said == ["scores, 64 × 48 × 32 ×12", "tail, 8 × 9 × 10"]
    assert window.strip.model.rowCount() == 2
    assert "2 rows · 13 products" in window.strip.summary.text()
    viewport = window.network.list.viewport()
    where = window.network.list.visualRect(model.index(1, 0)).center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    assert opened.derived.gemm.name == "tail"


def test_what_it_has_not_cannot_be_reached_and_says_why(opened: Controller) -> None:
    window = opened.window
    for widget in (window.top.batch, window.top.slider, window.top.training, window.top.inference):
        assert not widget.isEnabled()
        assert widget.toolTip() == LIST
    assert not window.network.editor.isVisible()
    assert not window.network.add.isVisible()
    window.commands["undo"].trigger()
    assert window.top.batch.isEnabled()
    assert window.top.training.isChecked()
    assert window.top.batch.toolTip() != LIST
    assert window.network.editor.isVisible()
    assert not window.network.alone.isVisible()


def test_what_is_launched_at_once_is_told(open_on: Open) -> None:
    window = open_on("gpt2-small").window
    model = window.strip.model
    tips = [str(model.data(model.index(i, 0), Qt.ItemDataRole.ToolTipRole)) for i in (0, 1)]
    assert "at once" not in tips[0]
    assert "12 in a launch, computed ×12" in tips[1]


def test_run_times_all_of_it(qtbot: QtBot, opened: Controller) -> None:
    window = opened.window
    window.timing.controls.spin.setValue(0.1)
    with qtbot.waitSignal(opened.desk.worker.ended, timeout=60_000):
        qtbot.mouseClick(window.top.run, Qt.MouseButton.LeftButton)
    results = opened.run.results()
    assert results is not None
    (numpy,) = [run for run in results.runs if run.backend == "numpy"]
    assert numpy.stats is not None
    assert numpy.max_error is not None
    assert numpy.max_error < 1e-5
    assert opened.facts.run_of(opened.derived.setup.timed) is not None
    opened.look_at(1)  # whichever product is looked at, the run is of the list
    assert window.timing.results() is results


def test_a_product_opened_alone_is_a_network_and_can_be_taken_back(
    qtbot: QtBot, opened: Controller
) -> None:
    window = opened.window
    opened.look_at(1)
    qtbot.mouseClick(window.network.alone, Qt.MouseButton.LeftButton)
    session = opened.session
    assert (session.network.name, session.batch, session.layered.widths) == (
        "mine: tail",
        8,
        (10, 9),
    )
    assert window.network.editor.isVisible()
    assert window.top.batch.isEnabled()
    qtbot.keyClick(window.picture, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.session.network.name == "mine"


def test_playing_walks_on_to_the_next_product(qtbot: QtBot, opened: Controller) -> None:
    opened.set_playback(replace(opened.playback, position=1.0, playing=True))
    qtbot.waitUntil(lambda: opened.session.product == 1)
    opened.set_playback(replace(opened.playback, playing=False))
    assert opened.derived.gemm.name == "tail"


def test_a_list_can_be_raced_product_by_product(opened: Controller) -> None:
    opened.window.commands["race"].trigger()
    (race,) = opened.window.findChildren(RaceWindow)
    assert [race.product.itemText(i) for i in range(race.product.count())] == ["scores", "tail"]
    assert not any("batch" in race.ready.itemText(i) for i in range(race.ready.count()))
    race.close()


def test_it_is_saved_as_csv(
    opened: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(*words: object) -> tuple[str, str]:
        asked.extend(str(word) for word in words[1:])
        return str(tmp_path / "again"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    opened.window.commands["save"].trigger()
    again = networks.read_file(tmp_path / "again.csv").network
    assert isinstance(again, Products)
    assert again == opened.session.network
    assert "products.csv" in asked


def test_a_wrong_list_is_refused_and_nothing_changes(
    qtbot: QtBot, open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("m,n,k\n1,2\n")
    controller = open_on("mlp")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    controller.window.commands["open"].trigger()
    settled(qtbot, controller)
    assert (
        "bad.csv, line 2: 2 cells in a row, but 3 columns" in controller.window.notice.text.text()
    )
    assert controller.session.preset == "mlp"


def test_the_longest_list_there_is(open_on: Open, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("m,n,k\n" + "".join(f"{i + 1},64,64\n" for i in range(MAX_PRODUCTS)))
    controller = open_on(open_file(networks.read_file(path)))
    controller.look_at(MAX_PRODUCTS - 1)
    assert controller.derived.gemm.m == MAX_PRODUCTS
    assert controller.window.network.list.model() is not None
    assert controller.window.network.layer == MAX_PRODUCTS - 1


def test_what_of_a_list_is_not_used_is_said_in_the_window(
    qtbot: QtBot, open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bmm.csv"
    path.write_text("B,M,N,K,transA,Layer,us\n64,128,128,128,T,heads,31.1\n")
    controller = open_on("alexnet")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    controller.window.commands["open"].trigger()
    qtbot.waitUntil(lambda: controller.session.network.layered is None)
    (gemm,) = controller.session.network.lower()
    assert (gemm.name, gemm.count, gemm.stack) == ("heads", 1, 64)
    assert controller.window.notice.text.text() == (
        "m, n and k are the sides of the product, whatever transA says of storage; column us is "
        "not used"
    )


def test_another_kind_of_file_is_named_in_the_window(
    qtbot: QtBot, open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.toml"
    path.write_bytes(b"\x08\x08\x12\x07pytorch\x1a\x052.1.0")
    controller = open_on("alexnet")
    before = controller.session
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    controller.window.commands["open"].trigger()
    qtbot.waitUntil(controller.window.notice.isVisible)
    assert controller.session == before
    assert "model.toml: this is an ONNX model; write its" in controller.window.notice.text.text()


def test_a_product_of_too_many_terms_for_a_layer_is_looked_at_and_not_opened(
    open_on: Open, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("m,n,k\n64,64,1e9\n")
    controller = open_on(open_file(networks.read_file(path)))
    before = controller.session
    controller.window.network.alone.click()
    assert controller.session == before
    assert controller.window.notice.text.text() == (
        "a layer has at most 16\u202f777\u202f216 inputs, "
        "and this product sums 1\u202f000\u202f000\u202f000 terms"
    )


@pytest.mark.parametrize("field", ["name", "units"])
def test_an_entry_in_a_layer_ends_with_the_layer(open_on: Open, field: str) -> None:
    controller = open_on("alexnet")
    panel = controller.window.network
    controller.look_at(2)
    edit = panel.name if field == "name" else panel.units.lineEdit()
    (panel.name if field == "name" else panel.units).setFocus()
    edit.selectAll()
    edit.insert("7")
    controller.open(networks.read_preset("gpt2-small"))  # a list
    assert controller.session.network.layered is None
    assert not panel.editor.isVisible()
    assert panel.list.currentIndex().row() == 0
    assert controller.window.notice.isHidden()


def test_a_stack_is_drawn_as_one_and_any_slice_comes_to_the_front(
    qtbot: QtBot, open_on: Open, tmp_path: Path
) -> None:
    path = tmp_path / "heads.csv"
    path.write_text("m,n,k,batch,name\n512,512,64,12,scores\n")
    controller = open_on(replace(open_file(networks.read_file(path)), device="a100"))
    settled(qtbot, controller)
    canvas = controller.window.picture
    canvas.resize(900, 420)
    scene = canvas.scene()
    assert scene is not None
    trace = scene.trace
    assert (trace.tiling.gemm.stack, len(trace)) == (12, trace.tiling.tiles)
    canvas.show_frame(trace.at(trace.duration))
    scene = canvas.scene()
    assert scene is not None
    assert scene.slice == 11  # what began last
    chooser = canvas._stage().chooser(scene.view)
    assert chooser is not None
    at = chooser.box(3).center().toPoint()
    assert "slice 3" in canvas.words(chooser.tip(scene.frame, 3))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    settled(qtbot, controller)
    assert controller.session.camera.slice == 3
    canvas.show_frame(trace.at(trace.duration))
    scene = canvas.scene()
    assert scene is not None
    assert scene.slice == 3
    row = scene.row_at(0, 0)
    assert trace.tiling.place_of(int(trace.m[row])) == (3, 0)
    assert "of slice 3" in canvas.words(tile_lines(scene.frame, row, scene.view.noun)[0])
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert controller.session.camera.slice == 4
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=chooser.box(4).center().toPoint())
    assert controller.session.camera.slice is None


@pytest.mark.parametrize("stack", [2, 40, 5_000, 16_000_000])
def test_the_slices_stand_where_they_are_chosen(stack: int) -> None:
    chooser = Chooser(Box(700.0, 40.0, 140.0, 370.0), stack)
    for which in {0, stack // 2, stack - 1}:
        box = chooser.box(which)
        assert box.bottom() <= chooser.area.bottom
        assert box.right() <= chooser.area.right
        found = chooser.at(box.center().x(), box.center().y())
        assert found is not None
        assert found <= which < found + chooser.together
    assert chooser.at(10.0, 10.0) is None
