"""The window: panels in their places. It shows; deciding is left to the controller."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.trace import Frame
from mmviz.state.playback import Playback
from mmviz.state.resolve import Snapshot
from mmviz.ui import fonts
from mmviz.ui.commands import make_actions
from mmviz.ui.facts_panel import FactsPanel
from mmviz.ui.network_panel import NetworkPanel
from mmviz.ui.picture import PictureView
from mmviz.ui.product_strip import ProductStrip
from mmviz.ui.style import palette, style_sheet
from mmviz.ui.theme import Theme
from mmviz.ui.timing_panel import TimingPanel
from mmviz.ui.top_bar import TopBar
from mmviz.ui.transport import Transport
from mmviz.ui.units_view import UnitsView

KEYS = {
    (Qt.Key.Key_Space, False): "play",
    (Qt.Key.Key_Left, False): "step_back",
    (Qt.Key.Key_Right, False): "step_on",
    (Qt.Key.Key_Left, True): "wave_back",
    (Qt.Key.Key_Right, True): "wave_on",
}


class Notice(QFrame):
    """One sentence over the picture, with a button to send it away; it blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAccessibleName("Message")
        row.addWidget(self.text, 1)
        close = QToolButton()
        close.setText("✕")
        close.setAccessibleName("Dismiss the message")
        close.clicked.connect(self.hide)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, text: str) -> None:
        self.text.setText(text)
        self.setVisible(bool(text))


class MainWindow(QMainWindow):
    """Everything visible; `key_sought` (0 … 1) and `product_stepped` (±1) come from plain keys."""

    key_sought = pyqtSignal(float)
    product_stepped = pyqtSignal(int)
    closing = pyqtSignal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mmviz")
        self.setWindowTitle("mmviz")
        self.commands = make_actions(self)
        for action in self.commands.values():
            self.addAction(action)
        self.top = TopBar(self.commands)
        self.network = NetworkPanel()
        self.strip = ProductStrip()
        self.picture = PictureView()
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.units = UnitsView()
        self.transport = Transport(self.commands)
        self.timing = TimingPanel()
        self.facts = FactsPanel()
        self.notice = Notice()
        self._arrange()
        self.setFont(fonts.words())
        self.set_theme(theme)
        self.picture.setFocus()
        for combo in self.findChildren(QComboBox):
            # Once something is chosen, the plain keys are the transport's again.
            combo.activated.connect(lambda _: self.picture.setFocus())

    def sizeHint(self) -> QSize:
        return QSize(1680, 1050)

    def set_theme(self, theme: Theme) -> None:
        """Dark or light, everywhere at once."""
        self.theme = theme
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme))
        for part in (
            self.network,
            self.strip,
            self.picture,
            self.units,
            self.transport,
            self.timing,
            self.facts,
        ):
            part.set_theme(theme)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session: everything that does not change while the picture plays."""
        for part in (
            self.top,
            self.network,
            self.strip,
            self.picture,
            self.units,
            self.transport,
            self.facts,
        ):
            part.show_snapshot(snapshot)
        self.setWindowTitle(f"{snapshot.session.network.name} — mmviz")

    def show_moment(self, playback: Playback, snapshot: Snapshot, frame: Frame | None) -> None:
        """Follow the clock."""
        if frame is not None:
            self.picture.show_frame(frame)
            self.units.show_frame(frame)
        self.strip.show_position(playback.position)
        self.transport.show_playback(playback, snapshot)

    def _arrange(self) -> None:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(18, 12, 18, 8)
        column.setSpacing(6)
        column.addWidget(self.strip)
        column.addWidget(self.notice)
        column.addWidget(self.picture, 6)
        column.addWidget(self.units, 1)
        column.addWidget(self.transport)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.centre.setObjectName("centre")
        self.centre.addWidget(upper)
        self.centre.addWidget(self.timing)
        self.centre.setStretchFactor(0, 1)
        self.centre.setStretchFactor(1, 0)
        self.centre.setChildrenCollapsible(False)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.network, self.centre, self.facts):
            self.body.addWidget(part)
        self.body.setStretchFactor(1, 1)
        self.body.setCollapsible(1, False)
        for splitter in (self.centre, self.body):
            splitter.setHandleWidth(1)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top)
        rows.addWidget(self.body, 1)
        self.setCentralWidget(whole)
        self.network.setMinimumWidth(180)
        self.facts.setMinimumWidth(210)

    def settle(self) -> None:
        """Give the side panels the share of the width that suits the window's size."""
        left = 250 if self.width() >= 1500 else 196
        right = 290 if self.width() >= 1500 else 226
        self.body.setSizes([left, max(400, self.width() - left - right), right])
        below = min(max(190, int(self.height() * 0.23)), 300)
        self.centre.setSizes([max(300, self.height() - below), below])

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        command = KEYS.get((Qt.Key(event.key()), shift))
        if command is not None:
            self.commands[command].trigger()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.key_sought.emit(0.0 if event.key() == Qt.Key.Key_Home else 1.0)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.product_stepped.emit(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._entered()
        else:
            super().keyPressEvent(event)

    def _entered(self) -> None:
        """Enter presses a button that has the focus, and leaves a field that was filled in."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self.picture.setFocus()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self.closing.emit()
        super().closeEvent(event)
