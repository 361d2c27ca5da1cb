"""A card of shape advice: a coloured edge, a title, the gain at the right, the reason below."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QToolButton, QToolTip, QWidget

from mmviz.core.advice.neighbours import Change
from mmviz.state.peak.advice import Card
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept, paint_widget
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.rich import unbroken, wrapped
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked, muted
from mmviz.words.speech import ENGLISH, Words

GAP = 8  # pixels between words side by side
EDGE = 3  # pixels of colour at the left of a card
MEASURE, CANCEL = Text(N_("measure it")), Text(N_("cancel"))
TIP_WIDTH, TIP_FRAME, TIP_OFFSET = 380, 24, 16  # pixels; Qt shows a tip so far below its place
MEASURE_TIP = N_(
    "Time both shapes on this computer, about two seconds each. A pass on the clock also adds "
    "biases and activations, which the prediction leaves out."
)


class AdviceCard(QAbstractButton):
    """One card. With advice it is a button that applies it, as a remark it only says something."""

    chosen = pyqtSignal(object)
    measure_asked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: Card | None = None
        self.theme, self.words = DARK, ENGLISH
        self.title = PlainLabel(parent=self)
        self.title.setFont(fonts.words(bold=True))
        self.title.setWordWrap(True)
        self.figure = PlainLabel(parent=self)
        self.figure.setFont(fonts.figures(fonts.SMALL))
        self.detail, self.measured = muted(wrap=True), muted(wrap=True)
        for label in (self.title, self.figure, self.detail, self.measured):
            label.setParent(self)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.measure = QToolButton(self)
        self.measure.setFont(fonts.words(fonts.SMALL))
        tell(self.measure, text=MEASURE, tip=MEASURE_TIP)
        self.measure.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.measure.clicked.connect(self._ask)
        self.clicked.connect(self._choose)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_card(self, card: Card | None, theme: Theme, words: Words) -> None:
        """Become this card; None: there is none."""
        self.card, self.theme, self.words = card, theme, words
        self.setVisible(card is not None)
        if card is None:
            return
        applies = card.applies
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if applies else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if applies else Qt.CursorShape.ArrowCursor)
        for label, text in (
            (self.title, card.title),
            (self.figure, card.figure),
            (self.detail, card.detail),
        ):
            label.setText(unbroken(words(text)))
        self.setToolTip(wrapped(words(card.tip), TIP_WIDTH))
        spoken = Text(N_("Apply: {advice}"), advice=card.tip) if applies else card.tip
        self.setAccessibleName(words(spoken))
        quiet = theme.muted if card.kind == "note" else theme.text
        for label, colour in ((self.title, quiet), (self.figure, theme.agreed)):
            inked(label, colour)
        self._rearrange()
        self.update()

    def show_measured(self, text: Text, offered: bool, running: bool) -> None:
        """What was measured of it, and whether the button that measures is there."""
        if self.card is None:
            return
        self.measured.setText(self.words(text))
        self.measured.setVisible(bool(text))
        shown = self.card.applies and (offered or running)
        self.measure.setVisible(shown)
        name = N_("Cancel measuring {title}") if running else N_("Measure {title}")
        tell(
            self.measure,
            self.words,
            text=CANCEL if running else MEASURE,
            name=Text(name, title=self.card.title),
        )
        self._rearrange()

    def _rearrange(self) -> None:
        self.updateGeometry()
        self._arrange(self.width())

    def _arrange(self, width: int, *, place: bool = True) -> int:
        """Put every part in its place in a card of that width; the height that takes.

        By hand, since layouts within layouts give wrapped lines too little room or too much. A
        figure that leaves the title's longest word no room stands below it.
        """
        left, inner, y = EDGE + 10, width - EDGE - 20, 7
        figure = self.figure.sizeHint() if self.figure.text() else QSize(0, 0)
        words = self.title.text().split(" ")
        longest = max(self.title.fontMetrics().horizontalAdvance(word) for word in words)
        beside = inner - figure.width() - GAP * bool(figure.width())
        below = longest > beside
        rows: list[tuple[QWidget, QRect]] = []

        def add(part: QWidget, x: int, top: int, size: QSize) -> None:
            rows.append((part, QRect(QPoint(x, top), size)))

        room = inner if below else beside
        height = self.title.heightForWidth(max(room, 1))
        add(self.title, left, y, QSize(room, height))
        if below:
            y += height + 2
            height = figure.height()
        level = self.title.fontMetrics().ascent() - self.figure.fontMetrics().ascent()
        x, down = (left, 0) if below else (left + inner - figure.width(), level)  # on one line
        add(self.figure, x, y + down, figure)
        y += max(height, figure.height()) + 3
        height = self.detail.heightForWidth(max(inner, 1))
        add(self.detail, left, y, QSize(inner, height))
        y += height
        button = self.measure.sizeHint() if self.measure.isVisibleTo(self) else QSize(0, 0)
        room = inner - button.width() - GAP
        said = self.measured.heightForWidth(max(room, 1)) if self.measured.text() else 0
        if tall := max(button.height(), said):
            y += 5
            add(self.measured, left, y + (tall - said) // 2, QSize(room, said))
            add(
                self.measure,
                left + inner - button.width(),
                y + (tall - button.height()) // 2,
                button,
            )
            y += tall
        for part, rect in rows if place else ():
            part.setGeometry(rect)
        return y + 8

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, place=False)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange(self.width())

    def event(self, event: QEvent | None) -> bool:
        """The tip stands beside the column, where it covers no other card."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(self._beside(), self.toolTip(), self, self.rect())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        QToolTip.hideText()  # it would stay a moment over what is pointed at next

    def _beside(self) -> QPoint:
        """Where Qt is asked to put the tip: it adds some pixels, and keeps it on the screen."""
        screen = self.screen()
        left = self.mapToGlobal(QPoint(0, 0))
        place = QPoint(left.x() + self.width() + GAP, left.y() - TIP_OFFSET)
        if screen is not None:
            room = screen.availableGeometry()
            if place.x() + TIP_WIDTH + TIP_FRAME > room.right():
                place.setX(max(room.left(), left.x() - TIP_WIDTH - TIP_FRAME))
        return place

    @property
    def change(self) -> Change | None:
        """What it advises, None for a remark."""
        return None if self.card is None or self.card.piece is None else self.card.piece.change

    def _choose(self) -> None:
        if self.card is not None and self.card.applies:
            self.chosen.emit(self.change)

    def _ask(self) -> None:
        self.measure_asked.emit(self.change)

    def sizeHint(self) -> QSize:
        return QSize(180, self._arrange(max(self.width(), 180), place=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        theme, card = self.theme, self.card
        if card is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        hot = card.applies and self.underMouse()
        still = theme.edge if card.applies else theme.line
        line = theme.now_text if self.hasFocus() else theme.muted if hot else still
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.fillPath(
            path, QColor(theme.selected if self.isDown() and card.applies else theme.ground)
        )
        with kept(painter):
            painter.setClipPath(path)
            edge = {"gain": theme.identity[1], "ok": theme.agreed}.get(card.kind, theme.muted)
            painter.fillRect(QRectF(0, 0, EDGE, self.height()), QColor(edge))
        painter.setPen(QPen(QColor(line)))
        painter.drawPath(path)
