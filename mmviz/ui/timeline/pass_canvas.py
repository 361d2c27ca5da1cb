"""The pass over time: every product of it on one line, with the launches between them to scale.

Wheel and pinch zoom about the pointer; two fingers, Shift and the wheel, and a drag with Shift or
the middle button pan; a double click shows all. With the keys: arrows choose a product, Enter
enters it, + and - zoom, 0 shows all.
"""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from mmviz.state.picture.pass_span import (
    Block,
    Span,
    about,
    block_at,
    blocks,
    clamp,
    pan,
    pointed,
    reveal,
    whole,
    zoom,
)
from mmviz.state.picture.pass_timeline import PassTimeline
from mmviz.state.picture.time_views import PassView
from mmviz.text import N_, joined
from mmviz.ui.look.painting import paint_widget, painting
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing
from mmviz.ui.timeline.pass_painter import (
    PassScene,
    paint_legend,
    paint_marks,
    paint_pass,
    paint_words,
)
from mmviz.ui.timeline.units_canvas import LABEL_WIDTH, RIGHT_WIDTH

LEGEND_FROM = 1000  # pixels of width from which there is room for the legend
AXIS = 18  # height of the axis below the band
NOTCH = 1.25  # zoom of one notch of the wheel, and of one press of + or -


class PassCanvas(QWidget, Told):
    """Shows the pass; announces products to enter and instants to seek (product, share)."""

    product_entered = pyqtSignal(int)
    sought = pyqtSignal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(66)
        self.setMaximumHeight(90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # A click is about a product and leaves the plain keys with the transport.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # It paints all of itself, so that what lies below need not be painted with it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        tell(self, name=N_("The pass over time"))
        self._theme: Theme = DARK
        self._timeline: PassTimeline | None = None
        self._span = Span(0.0, 1.0)
        self._product = self._cursor = 0
        self._share = 0.0
        self._picture: QPixmap | None = None  # all that stands still between two edits
        self._blocks: tuple[Block, ...] | None = None  # of what it shows
        self._pressed: QPointF | None = None
        self._dragged = ""  # "", "seek" or "pan"

    def sizeHint(self) -> QSize:
        return QSize(860, 78)

    @property
    def span(self) -> Span:
        """The stretch of the pass that is shown."""
        return self._span

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._redraw()

    def show_view(self, view: PassView) -> None:
        """Follow the pass; announces nothing. A new timeline is shown whole."""
        if view.timeline != self._timeline:
            self._timeline, self._span = view.timeline, whole(view.timeline)
        if view.product != self._product:
            self._span = reveal(view.timeline, self._span, view.product)
        self._product = self._cursor = view.product
        self.say()

    def say(self) -> None:
        if self._timeline is not None:
            self.setAccessibleDescription(self.words(self._timeline.summary))
        self._redraw()

    def show_position(self, share: float) -> None:
        """Where the playback stands: 0 … 1 within the computing of the product looked at."""
        if share != self._share:
            self._share = share
            self.update()

    def band(self) -> QRectF:
        """Where time runs, in pixels of this widget."""
        right = RIGHT_WIDTH if self.width() >= LEGEND_FROM else 8
        width = max(20, self.width() - LABEL_WIDTH - right)
        return QRectF(LABEL_WIDTH, 7, width, self.height() - 7 - AXIS)

    def x_of(self, product: int, share: float) -> float:
        """Where an instant of a product lies across this widget, in pixels."""
        scene = self._scene()
        return 0.0 if scene is None else scene.x(scene.timeline.time(product, share))

    def tip_at(self, x: float) -> str:
        """What is said of the place `x`; empty outside the band."""
        timeline, band = self._timeline, self.band()
        if timeline is None:
            return ""
        if not band.left() <= x <= band.right():
            return self.words(timeline.summary)
        block = block_at(self._drawn(), x - band.x())
        return "" if block is None else self.words(joined(about(timeline, block), "lines"))

    part = "pass"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The product that is computed there."""
        timeline = self._timeline
        if timeline is None or not self.band().contains(at):
            return None
        return self._thing(timeline, self._pointed(timeline, at.x())[0])

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The product the keys stand at."""
        if self._timeline is None:
            return None
        at = QPointF(self.x_of(self._cursor, 0.5), self.band().center().y())
        return self._thing(self._timeline, self._cursor), at.toPoint()

    def _thing(self, timeline: PassTimeline, product: int) -> Thing:
        said = timeline.about(product)
        return Thing("product", said[0], said[2], said, product=product)

    def show_all(self) -> None:
        """Zoom out to the whole pass."""
        if self._timeline is not None:
            self._look(whole(self._timeline))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        scene = self._scene()
        if scene is None:
            painter.fillRect(self.rect(), QColor(self._theme.ground))
            return
        if self._picture is None:
            self._picture = self._paint_picture(scene)
        now = scene.timeline.time(self._product, self._share)
        painter.drawPixmap(0, 0, self._picture)
        paint_marks(painter, scene, self._cursor if self.hasFocus() else None, now)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlightedText().color(), 1.0))
            painter.drawRect(scene.band.adjusted(-2, -2, 2, 2))

    def _paint_picture(self, scene: PassScene) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.ground))
        with painting(picture) as painter:
            paint_pass(painter, scene, self._drawn())
            paint_words(painter, scene, 4, LABEL_WIDTH - 20)
            if self.width() >= LEGEND_FROM:
                paint_legend(painter, scene, scene.band.right() + 16)
        return picture

    def _scene(self) -> PassScene | None:
        if self._timeline is None:
            return None
        return PassScene(
            self._timeline, self._span, self._product, self._theme, self.words, self.band()
        )

    def _time(self, x: float) -> float:
        band = self.band()
        return self._span.at((x - band.x()) / band.width())

    def _drawn(self) -> tuple[Block, ...]:
        """The blocks as they are drawn now."""
        if self._blocks is None and self._timeline is not None:
            self._blocks = blocks(self._timeline, self._span, self.band().width())
        return self._blocks or ()

    def _pointed(self, timeline: PassTimeline, x: float) -> tuple[int, float]:
        """The product meant at `x`, and the share of it computed by then."""
        band = self.band()
        return pointed(timeline, self._span, band.width(), self._drawn(), x - band.x())

    def _redraw(self) -> None:
        self._picture = self._blocks = None
        self.update()

    def _look(self, span: Span) -> None:
        if self._timeline is not None:
            self._span = clamp(self._timeline, span)
            self._redraw()

    def _zoom(self, about_x: float, factor: float) -> None:
        if self._timeline is not None:
            band = self.band()
            inside = min(max(about_x, band.left()), band.right())
            self._look(zoom(self._timeline, self._span, self._time(inside), factor))

    def _pan(self, pixels: float) -> None:
        if self._timeline is not None:
            by = -pixels / self.band().width() * self._span.length
            self._look(pan(self._timeline, self._span, by))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._redraw()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), as_tip(self.tip_at(event.pos().x())), self)
            return True
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self._zoom(event.position().x(), 1.0 + max(event.value(), -0.9))
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        turned, modifiers = event.angleDelta(), event.modifiers()
        sideways = abs(turned.x()) > abs(turned.y())
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        fingers = by_fingers(event) and not modifiers & Qt.KeyboardModifier.ControlModifier
        if fingers or shift or sideways:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else turned / 2
            self._pan(moved.x() if sideways else moved.y())
        else:
            self._zoom(event.position().x(), NOTCH ** (turned.y() / 120))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or not self.band().contains(event.position()):
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and shift):
            self._dragged = "pan"
        elif not left:
            return
        self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._pressed is None:
            return
        moved = event.position() - self._pressed
        if self._dragged == "pan":
            self._pressed = event.position()
            self._pan(moved.x())
        elif self._dragged or abs(moved.x()) >= QApplication.startDragDistance():
            self._dragged = "seek"
            self._seek(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        clicked = self._pressed is not None and not self._dragged
        self._pressed, self._dragged = None, ""
        if event is not None and clicked and self._timeline is not None:
            self.product_entered.emit(self._pointed(self._timeline, event.position().x())[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self.show_all()

    def _seek(self, x: float) -> None:
        band = self.band()
        if self._timeline is not None:
            inside = min(max(x, band.left()), band.right())
            self.sought.emit(*self._pointed(self._timeline, inside))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or self._timeline is None:
            return
        key, plain = event.key(), not event.modifiers() & ~_KEYPAD_AND_SHIFT
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            middle = self.x_of(self._cursor, 0.5)
            self._zoom(middle, 1 / NOTCH if key == Qt.Key.Key_Minus else NOTCH)
        elif plain and key == Qt.Key.Key_0:
            self.show_all()
        elif plain and not shift and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose(self._cursor + (1 if key == Qt.Key.Key_Right else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.product_entered.emit(self._cursor)
        else:
            event.ignore()  # the window's: play, steps, layers

    def _choose(self, product: int) -> None:
        """Stand on another product with the keys, without entering it."""
        if self._timeline is None:
            return
        self._cursor = min(max(product, 0), len(self._timeline.products) - 1)
        said = joined(self._timeline.about(self._cursor), "commas")
        self.setAccessibleDescription(self.words(said))
        self._look(reveal(self._timeline, self._span, self._cursor))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._cursor = self._product
        self.update()


def by_fingers(event: QWheelEvent) -> bool:
    """Whether two fingers scroll and not a wheel, which on X11 tells its pixels as well."""
    device = event.device()
    pad = device is not None and device.type() == QInputDevice.DeviceType.TouchPad
    return pad or event.phase() != Qt.ScrollPhase.NoScrollPhase


_KEYPAD_AND_SHIFT = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
