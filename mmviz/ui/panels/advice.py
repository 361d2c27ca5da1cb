"""Shape advice under the network: cards with their gain; a click applies one, others confirm."""

from __future__ import annotations

import html

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
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
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE + 10, 7, 10, 8)
        column.setSpacing(3)
        self.title = QLabel()
        self.title.setFont(fonts.words(bold=True))
        self.title.setWordWrap(True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.figure = QLabel()
        self.figure.setFont(fonts.figures(fonts.SMALL))
        self.detail = muted(wrap=True)
        self.measured = muted(wrap=True)
        self.head = QHBoxLayout()
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self.head)
        column.addWidget(self.detail)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        self.measure = QToolButton()
        self.measure.setText(MEASURE)
        self.measure.setFont(fonts.words(fonts.SMALL))
        self.measure.setToolTip(MEASURE_TIP)
        self.measure.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.measure.clicked.connect(self._ask)
        self.clicked.connect(self._choose)
        foot.addWidget(self.measured, 1)
        foot.addWidget(self.measure)
        column.addLayout(foot)
        for label in (self.title, self.figure, self.detail, self.measured):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
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
        self._make_room()
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
        self._make_room()

    def _make_room(self) -> None:
        """All lines of every label: layouts within layouts would give a wrapped one too few."""
        column, foot = self.layout(), GAP + self.measure.sizeHint().width()
        if column is None:
            return
        margins = column.contentsMargins()
        inner = self.width() - margins.left() - margins.right()
        head = GAP + self.figure.sizeHint().width() if self.figure.text() else 0
        metrics = self.title.fontMetrics()
        longest = max(
            (metrics.horizontalAdvance(w) for w in self.title.text().split(" ")), default=0
        )
        if longest > inner - head:  # then the figure stands below
            self.head.setDirection(QHBoxLayout.Direction.TopToBottom)
            self.head.setSpacing(2)
            head = 0
        else:
            self.head.setDirection(QHBoxLayout.Direction.LeftToRight)
            self.head.setSpacing(GAP)
        beside = foot if self.measure.isVisibleTo(self) else 0
        for label, width in (
            (self.title, inner - head),
            (self.detail, inner),
            (self.measured, inner - beside),
        ):
            label.setMinimumHeight(max(0, label.heightForWidth(max(width, 1))))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._make_room()

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
        layout = self.layout()
        return QSize(160, 60) if layout is None else layout.sizeHint()

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
