"""Shape advice under the network: cards with their gain; a click applies one, others confirm."""

from __future__ import annotations

import html

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.advice import MOST
from mmviz.core.neighbours import Change
from mmviz.state.advice import Card, advice_of, cards_of, quick
from mmviz.state.resolve import Snapshot
from mmviz.state.session import Session
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading, muted

REMARKS = 4  # on each side of the roofline one, one at an edge, one to spare
SOON_MS = 30  # after an edit: the window is painted first
GAP = 8  # pixels between words side by side
EDGE = 3  # pixels of colour at the left of a card
MEASURE, CANCEL = "measure it", "cancel"
MEASURE_TIP = (
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
        self.theme = DARK
        self.title = QLabel(self)
        self.title.setFont(fonts.words(bold=True))
        self.title.setWordWrap(True)
        self.figure = QLabel(self)
        self.figure.setFont(fonts.figures(fonts.SMALL))
        self.detail, self.measured = muted(wrap=True), muted(wrap=True)
        for label in (self.title, self.figure, self.detail, self.measured):
            label.setParent(self)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.measure = QToolButton(self)
        self.measure.setText(MEASURE)
        self.measure.setFont(fonts.words(fonts.SMALL))
        self.measure.setToolTip(MEASURE_TIP)
        self.measure.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.measure.clicked.connect(self._ask)
        self.clicked.connect(self._choose)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_card(self, card: Card | None, theme: Theme) -> None:
        """Become this card; None: there is none."""
        self.card, self.theme = card, theme
        self.setVisible(card is not None)
        if card is None:
            return
        applies = card.applies
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if applies else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if applies else Qt.CursorShape.ArrowCursor)
        self.title.setText(card.title)
        self.figure.setText(card.figure)
        self.detail.setText(card.detail)
        self.setToolTip(f"<p>{html.escape(card.tip)}</p>")  # as rich text it is wrapped
        spoken = f"Apply: {card.tip}" if applies else card.tip
        self.setAccessibleName(spoken)
        quiet = theme.muted if card.kind == "note" else theme.text
        self.title.setStyleSheet(f"color: {quiet};")
        self.figure.setStyleSheet(f"color: {theme.agreed};")
        self._rearrange()
        self.update()

    def show_measured(self, text: str, offered: bool, running: bool) -> None:
        """What was measured of it, and whether the button that measures is there."""
        self.measured.setText(text)
        self.measured.setVisible(bool(text))
        shown = self.card is not None and self.card.applies and (offered or running)
        self.measure.setVisible(shown)
        self.measure.setText(CANCEL if running else MEASURE)
        title = self.card.title if self.card is not None else ""
        name = f"Cancel measuring {title}" if running else f"Measure {title}"
        self.measure.setAccessibleName(name)
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
        add(self.figure, left if below else left + inner - figure.width(), y, figure)
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
        theme, card = self.theme, self.card
        if card is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        hot = card.applies and self.underMouse()
        line = theme.now_text if self.hasFocus() else theme.muted if hot else theme.line
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.fillPath(
            path, QColor(theme.selected if self.isDown() and card.applies else theme.ground)
        )
        painter.save()
        painter.setClipPath(path)
        edge = {"gain": theme.identity[1], "ok": theme.agreed}.get(card.kind, theme.muted)
        painter.fillRect(QRectF(0, 0, EDGE, self.height()), QColor(edge))
        painter.restore()
        painter.setPen(QPen(QColor(line)))
        painter.drawPath(path)
        painter.end()


class AdvicePanel(QFrame):
    """Announces what was chosen; asks `state.advice` itself, since nothing else needs it.

    `chosen` and `measure_asked` carry a `Change`.
    """

    chosen = pyqtSignal(object)
    measure_asked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._theme = DARK
        self._session: Session | None = None
        self._asked: tuple[object, ...] = ()
        self._cards: tuple[Card, ...] = ()
        self._offered = False
        self._measured: dict[Change, str] = {}
        self._running: Change | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.settle)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 4, 8)
        column.setSpacing(6)
        column.addWidget(heading("shape advice"))
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(8)
        self.empty = muted(wrap=True)
        self.column.addWidget(self.empty)
        self.cards = [AdviceCard() for _ in range(MOST + REMARKS)]
        for card in self.cards:
            card.chosen.connect(self.chosen)
            card.measure_asked.connect(self.measure_asked)
            self.column.addWidget(card)
        self.column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab scrolls it, card by card
        self.area.setWidget(inside)
        column.addWidget(self.area, 1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._fill()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session; long networks after the window is painted, their old cards dimmed."""
        session = snapshot.session
        asked = (
            *(session.network, session.batch, session.training, session.dtype),
            *(snapshot.device, session.tile, session.order),
        )
        if asked == self._asked:
            return
        self._asked, self._session = asked, session
        if quick(session):
            self.settle()
        else:
            for card in self.cards:
                card.setEnabled(False)
            self._soon.start()

    def settle(self) -> None:
        """The cards of the session as it is now."""
        self._soon.stop()
        if self._session is None:
            return
        session, self._session = self._session, None
        advice = advice_of(session)
        self._cards = cards_of(advice)[: len(self.cards)]
        self.empty.setText(advice.why)
        self._fill()

    def stop(self) -> None:
        """Nothing is asked any more: the window closes."""
        self._session = None
        self._soon.stop()

    def show_measured(
        self, measured: dict[Change, str], offered: bool, running: Change | None
    ) -> None:
        """What was measured of each change; offered: this computer is the device."""
        self._measured, self._offered, self._running = measured, offered, running
        self._fill_measured()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        for card in self.cards:
            card.setDown(False)

    def _fill(self) -> None:
        self.empty.setVisible(bool(self.empty.text()))
        cards = (*self._cards, *[None] * (len(self.cards) - len(self._cards)))
        for widget, card in zip(self.cards, cards, strict=True):
            widget.setEnabled(True)
            widget.show_card(card, self._theme)
        self._fill_measured()

    def _fill_measured(self) -> None:
        for widget in self.cards:
            change = widget.change
            text = "" if change is None else self._measured.get(change, "")
            widget.show_measured(
                text, self._offered, change is not None and change == self._running
            )
