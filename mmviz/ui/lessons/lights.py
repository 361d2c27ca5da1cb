"""What a lesson marks: answer and click of a question, and what is lit once it is answered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, QRectF
from PyQt6.QtWidgets import QWidget

from mmviz.core.device.body import Noun
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.state.lessons.guesses import Click
from mmviz.state.lessons.walk import Walk
from mmviz.text import N_, Text
from mmviz.ui.lessons.board import HIGH, Board, BoardView
from mmviz.ui.lessons.marks import ANSWER, CLICKED, LIT, PAST, Layer, Mark, Regions
from mmviz.ui.lessons.spots import box_of, cells_in, spots
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.picture.scene import Scene, rect
from mmviz.words.products import titled

_IDLE, _PRODUCTS = Text(N_("idle")), Text(N_("Products of the pass"))
_PANEL_OF = {"units": "time", "strip": "strip"}
"""The panels that may be behind the card."""

Marks = Mapping[QWidget, tuple[Mark, ...]]


class Lights(QObject):
    """theme: that there is now. behind: whether the card may hide a panel of that name."""

    def __init__(
        self,
        window: QWidget,
        picture: PictureCanvas,
        theme: Callable[[], Theme],
        behind: Callable[[str], bool],
    ) -> None:
        super().__init__(window)
        self._window, self._picture, self._behind = window, picture, behind
        self._theme = theme
        self.layers: dict[QWidget, Layer] = {}
        self.board = Board(picture, theme)
        self._asked: Marks = {}
        self._lit: dict[QWidget, tuple[Mark, ...]] = {}
        self._boards: dict[str, BoardView] = {}
        picture.installEventFilter(self)  # a panel may be behind the card in another size

    def answer(self, walk: Walk | None, gemms: Sequence[Gemm]) -> None:
        """Mark what came out of a click, and what was clicked on; before that, and of no walk,
        nothing.
        """
        self._asked = {}
        self._boards.pop("asked", None)
        told = walk is not None and walk.revealed and not walk.finished
        if walk is not None and told and walk.form == "click" and walk.answer is not None:
            value, guess = walk.answer.value, walk.guess
            right = value if isinstance(value, frozenset) else frozenset((value,))
            mine = guess.items if isinstance(guess, Click) else frozenset()
            self._mark(walk.step.on, right, mine, gemms)
        self._draw()

    def light(self, what: str, index: int = 0) -> None:
        """Pick out a part of the picture, besides what is lit already."""
        if what == "idle":
            self._light_idle()
        else:
            said = PAST if what == "edge" else LIT
            mark = Mark(said, lambda: _lit(self._picture.scene(), what, index))
            self._lit[self._picture] = (*self._lit.get(self._picture, ()), mark)
        self._draw()

    def clear(self) -> None:
        """Nothing is lit; answers stay."""
        self._lit.clear()
        self._boards.pop("lit", None)
        self._draw()

    def _mark(
        self,
        on: str,
        right: frozenset[Hashable],
        mine: frozenset[Hashable],
        gemms: Sequence[Gemm],
    ) -> None:
        items = [(gemm.layer, gemm.role) for gemm in gemms]
        found = spots(on, self._window, items)
        self._asked = {
            widget: (
                Mark(ANSWER, _at(where, right)),
                Mark(CLICKED, _at(where, mine)),
            )
            for widget, where in found.items()
        }
        if on == "strip":
            names = [titled(gemm.name, gemm.role) for gemm in gemms]
            self._boards["asked"] = BoardView(_PRODUCTS, items, names, right, mine)
        units = self._units()
        if on == "units" and units is not None:
            trace, noun = units
            count = trace.tiling.units
            self._boards["asked"] = BoardView(noun.counts(count), range(count), (), right, mine)

    def _light_idle(self) -> None:
        """The units without a tile in the last wave."""
        units = self._units()
        if units is None:
            return
        trace, noun = units
        busy = np.unique(trace.units.of(trace.tiles_of_wave(trace.waves)))
        count = trace.tiling.units
        idle = frozenset(range(count)) - frozenset(busy.tolist())
        for widget, where in spots("units", self._window, ()).items():
            self._lit[widget] = (Mark(ANSWER, _at(where, idle), _IDLE),)
        said = Text(N_("{n:group} of {units} idle"), n=len(idle), units=noun.counts(count))
        self._boards["lit"] = BoardView(said, range(count), (), idle, (), _IDLE)

    def _units(self) -> tuple[Trace, Noun] | None:
        scene = self._picture.scene()
        return None if scene is None else (scene.trace, scene.view.noun)

    def _draw(self) -> None:
        marked = {**self._asked}
        for widget, marks in self._lit.items():
            # The answer of a question has its own name for the same.
            marked[widget] = marked.get(widget) or marks
            if widget is self._picture and widget in self._asked:
                marked[widget] = (*marks, *self._asked[widget])
        for gone in [one for one in self.layers if sip.isdeleted(one)]:
            del self.layers[gone]
        for widget, layer in self.layers.items():
            if widget not in marked:
                layer.show_marks(())
        for widget, marks in marked.items():
            if widget not in self.layers:
                layer = self.layers[widget] = Layer(widget, self._theme)
                layer.set_words(self._picture.words)
            self.layers[widget].show_marks(marks)
        self._draw_board()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._draw_board()
        return False

    def _draw_board(self) -> None:
        view = self._board()
        if view is not self.board.view:
            self.board.show_view(view)
            self._picture.keep_free(HIGH if view is not None else 0)

    def _board(self) -> BoardView | None:
        kind = "asked" if "asked" in self._boards else "lit"
        view = self._boards.get(kind)
        if view is None:
            return None
        panel = "strip" if any(view.names) else "time"
        return view if self._behind(panel) else None


def _at(where: Callable[[Sequence[Hashable]], list[QRectF]], items: frozenset[Hashable]) -> Regions:
    return lambda: where(list(items))


def _lit(scene: Scene | None, what: str, index: int) -> list[QRectF]:
    if scene is None:
        return []
    match what:
        case "output" | "input" | "weights":
            return [rect(box_of(scene, what))]
        case "row":
            return [_line(scene, on, (index, 0), "across") for on in ("input", "output")]
        case "column":
            return [_line(scene, on, (0, index), "down") for on in ("weights", "output")]
        case "edge":
            return _past(scene)
    return []


def _line(scene: Scene, on: str, cell: tuple[int, int], way: str) -> QRectF:
    """All of a row or a column of a matrix, by the row or the column of one of its cells."""
    box, found = rect(box_of(scene, on)), cells_in(scene, on, (cell,))
    if not found:  # out of sight
        return QRectF()
    (one,) = found
    if (way == "across") != scene.turned:
        return QRectF(box.x(), one.y(), box.width(), one.height())
    return QRectF(one.x(), box.y(), one.width(), box.height())


def _past(scene: Scene) -> list[QRectF]:
    """What tiles compute right of Y and below it."""
    box, (high, wide), (th, tw) = scene.layout.c, scene.sides, scene.tile
    rows, columns = scene.grid
    right, bottom = scene.x(float(wide)), scene.y(float(high))
    left, top = max(box.x, scene.x(0.0)), max(box.y, scene.y(0.0))
    far_right, far_bottom = scene.x(float(columns * tw)), scene.y(float(rows * th))
    found = (
        QRectF(right, top, far_right - right, far_bottom - top),
        QRectF(left, bottom, right - left, far_bottom - bottom),
    )
    return [one for one in found if min(one.width(), one.height()) >= 1.0]
