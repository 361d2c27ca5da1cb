"""The hand on the bars of WHERE A PASS GOES: hover tells, a click or Enter goes to the product."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.clock.parts import Bar, PartsView, Piece
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.clock.parts_painter import (
    APART,
    Slot,
    bars_height,
    head_of,
    legend_height,
    paint_bars,
    paint_legend,
    slots,
)
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing

_EDGE = 3.0  # for the mark at a piece


class PartsCanvas(Told, QWidget):
    """With the focus ← and → walk from piece to piece, ↑ and ↓ from bar to bar."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Where a pass goes, backend by backend"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.theme: Theme = DARK
        self.equal = True
        self._view = PartsView()
        self._at: tuple[int, int] | None = None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._view.bars

    @property
    def at(self) -> tuple[int, int] | None:
        """Bar and piece the hand is at."""
        return self._at

    def show_view(self, view: PartsView) -> None:
        """Show these bars instead."""
        if view.bars != self._view.bars:
            self._at = None
        self._view = view
        self.say()

    def show_equal(self, equal: bool) -> None:
        """Whether every bar is as long as there is room, else as long as its pass."""
        self.equal = equal
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        self._describe()
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, self.minimumHeight())

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        area = self._area()
        legend = legend_height(self.bars, area.width(), self.words)
        self.setFixedHeight(round(bars_height(self.bars) + legend + 2 * _EDGE))

    def _area(self) -> QRectF:
        return QRectF(_EDGE, _EDGE, max(20.0, self.width() - 2 * _EDGE), self.height())

    def slots(self) -> list[Slot]:
        """Where every piece stands, in pixels of this widget."""
        return slots(self.bars, self._area(), equal=self.equal)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        view, area = self._view, self._area()
        paint_bars(
            painter,
            self.theme,
            view.bars,
            area,
            self.words,
            equal=self.equal,
            product=view.product,
            at=self._at,
        )
        low = area.adjusted(0, bars_height(view.bars), 0, 0)
        paint_legend(painter, self.theme, view.bars, low, self.words)

    part = "parts"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The piece there, or the whole bar."""
        found = self._found(at)
        return None if found is None else self._thing(found)

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The piece the keys stand at."""
        if self._at is None:
            return None
        box = next(slot.box for slot in self.slots() if (slot.bar, slot.piece) == self._at)
        return self._thing(self._at), box.center().toPoint()

    def _thing(self, at: tuple[int, int]) -> Thing:
        bar, piece = self.bars[at[0]], self.piece(at)
        if piece is None:
            value = Text("{p50:seconds}", p50=bar.pass_s)
            return Thing("row", bar.name, value, (bar.name, value))
        value = Text("{seconds:seconds}", seconds=piece.seconds)
        share = Text("{share:percent}", share=piece.share)
        row = (bar.name, piece.label, value, share)
        if piece.product is None:
            return Thing("row", piece.label, value, row)
        return Thing("product", piece.label, value, row, product=piece.product)

    def piece(self, at: tuple[int, int] | None) -> Piece | None:
        """The piece at a place; None for a bar as a whole."""
        return None if at is None or at[1] < 0 else self.bars[at[0]].pieces[at[1]]

    def told(self, at: tuple[int, int] | None) -> Text:
        """What is said of a piece, or of a bar."""
        if at is None:
            return joined([self._of_bar(bar) for bar in self.bars], "lines")
        piece = self.piece(at)
        return self._of_bar(self.bars[at[0]]) if piece is None else piece.told

    def _of_bar(self, bar: Bar) -> Text:
        times = Text(N_("a pass {p50:seconds}"), p50=bar.pass_s)
        if bar.about:
            times = Text(N_("a pass about {p50:tick}, estimated"), p50=bar.pass_s)
        parts = NOTHING
        if bar.pieces:
            parts = Text(N_("its parts one by one {sum:seconds}"), sum=bar.sum_s)
        said = joined((times, parts, bar.why), "commas")
        return Text(N_("{name}: {said}"), name=bar.name, said=said)

    def _found(self, at: QPointF) -> tuple[int, int] | None:
        """Bar and piece there; a bar's name is the bar itself. A piece of a pixel is met, too."""
        best: tuple[float, tuple[int, int]] | None = None
        for slot in self.slots():
            if not slot.box.top() <= at.y() <= slot.box.bottom():
                continue
            far = max(slot.box.left() - at.x(), at.x() - slot.box.right(), 0.0)
            if far <= _EDGE and (best is None or far < best[0]):
                best = far, (slot.bar, slot.piece)
        if best is not None:
            return best[1]
        area = self._area()
        for i in range(len(self.bars)):
            if head_of(i, area).adjusted(0, -APART / 2, 0, 0).contains(at):
                return i, -1
        return None

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._found(QPointF(event.pos()))
            told = "" if found is None else self.words(self.told(found))
            QToolTip.showText(event.globalPos(), as_tip(told), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            found = self._found(event.position())
            self._point_at(None if found is None or found[1] < 0 else found)
            piece = self.piece(self._at)
            hand = piece is not None and piece.product is not None
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
            )

    def leaveEvent(self, event: object) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._enter(self._found(event.position()))

    def _enter(self, at: tuple[int, int] | None) -> None:
        piece = self.piece(at)
        if piece is not None and piece.product is not None:
            self.product_selected.emit(piece.product)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.bars:
            super().keyPressEvent(event)
            return
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if event.key() in steps:
            self._step(*steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self._at)
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, on: int) -> None:
        if self._at is None:
            self._point_at((0, 0 if self.bars[0].pieces else -1))
            return
        bar, piece = self._at
        bar = min(max(bar + down, 0), len(self.bars) - 1)
        last = len(self.bars[bar].pieces) - 1
        self._point_at((bar, min(max(piece + on, 0), last)))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        if self._at is None and self.bars:
            self._step(0, 0)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def _point_at(self, at: tuple[int, int] | None) -> None:
        if at != self._at:
            self._at = at
            self._describe()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words(self.told(self._at)))
