"""The window of a race: two pictures on one clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QElapsedTimer, QSignalBlocker, QSize, Qt, QTimer
from PyQt6.QtGui import QAction, QCloseEvent, QHideEvent, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.state import actions
from mmviz.state.picture.camera import STEP, WHOLE
from mmviz.state.picture.playback import Playback, advance, toggle
from mmviz.state.picture.view import picture_view
from mmviz.state.race.race import Race, RaceSnapshot, resolve_race
from mmviz.state.race.setups import read_tile, setups
from mmviz.state.session import Session
from mmviz.ui.look import fonts
from mmviz.ui.look.style import palette, style_sheet
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import muted
from mmviz.ui.picture.bar import PictureBar
from mmviz.ui.race.side import SidePanel
from mmviz.ui.race.table import RaceTable
from mmviz.ui.race.transport import RaceTransport

FRAME_MS = 16
ARROW = 0.01  # an arrow key, as share of the common time
EDITS: dict[str, Callable[..., Session]] = {
    "device": actions.set_device,
    "batch": actions.set_batch,
    "dtype": actions.set_dtype,
    "tile": lambda session, text: actions.set_tile(session, read_tile(text)),
    "order": lambda session, text: actions.set_order(session, text.strip()),
    "number": lambda session, cell: _set_number(session, *cell),
}


class RaceWindow(QMainWindow):
    """Opens on the first ready-made race of `session` and leaves that session as it is."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Race · {session.network.name} — mmviz")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.base = _in_full(session)
        self.playback = Playback()
        self.sides = SidePanel("left"), SidePanel("right")
        self.bar = PictureBar()
        self.transport = RaceTransport()
        self.table = RaceTable()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()
        self._arrange()
        self._connect()
        self.setFont(fonts.words())
        self._list_setups()
        self.derived: RaceSnapshot = resolve_race(setups(self.base)[0].make(self.base))
        self.set_theme(theme)
        self._show(self.derived)
        self.sides[0].picture.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(1440, 900)

    @property
    def race(self) -> Race:
        return self.derived.race

    def set_theme(self, theme: Theme) -> None:
        """Dark or light."""
        self.theme = theme
        self.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme))
        for part in (*self.sides, self.transport, self.table):
            part.set_theme(theme)
        self.transport.show_playback(self.playback, self.derived)

    def start(self, make: Callable[[Session], Race]) -> None:
        """Line up another race of the session, from its beginning."""
        self._try(lambda: replace(make(self.base), whole_pass=self.race.whole_pass))
        self.set_playback(self.playback.at(0.0))

    def seek(self, share: float) -> None:
        """Go to this share of the common time, 0 … 1."""
        self.set_playback(self.playback.at(share))

    def set_playback(self, playback: Playback) -> None:
        """Move in time, start or stop; nothing plays where nothing can be drawn."""
        if self.derived.axis is None:
            playback = replace(playback, playing=False)
        if playback.playing and not self._timer.isActive():
            self._clock.start()
            self._timer.start()
        elif not playback.playing:
            self._timer.stop()
        self.playback = playback
        self._show_moment()

    def step(self, direction: int, by: str) -> None:
        """A hundredth of the common time, or to the next wave or finish of a side; pauses."""
        position = self.playback.position + direction * ARROW
        if by == "wave":
            position = self.derived.stop_beside(self.playback.position, direction)
        self.set_playback(replace(self.playback.at(position), playing=False))

    def edit(self, side: int, field: str, value: object) -> None:
        """Change one thing of the left (0) or right (1) session; what is refused is said."""

        def changed() -> Race:
            if side == 0:
                return replace(self.race, left=EDITS[field](self.race.left, value))
            return replace(self.race, right=EDITS[field](self.race.right, value))

        self._try(changed)

    def look(self, action: Callable[[Session], Session], sides: tuple[int, ...] = (0, 1)) -> None:
        """Look otherwise at both sides, or at one: nothing that is computed changes."""
        looked = [
            side.looked(action) if i in sides else side for i, side in enumerate(self.derived.sides)
        ]
        race = self.race
        if sides == (0, 1):  # later races take colours and orientation on, but no zoom
            self.base = _in_full(action(self.base))
            left, right = _in_full(action(race.left)), _in_full(action(race.right))
            race = replace(race, left=left, right=right)
        self.derived = replace(self.derived, race=race, left=looked[0], right=looked[1])
        for panel, side in zip(self.sides, looked, strict=True):
            panel.show_side(side, self.derived.axis)
        self.bar.show_view(picture_view(looked[0].derived))
        self._show_moment()

    def _zoom(self, step: int) -> None:
        """Both pictures closer (+1), farther (-1) or whole (0)."""
        picture = self.sides[0].picture
        if step:
            picture.zoom(STEP**step)
        else:
            picture.show_whole()

    def look_at(self, product: int) -> None:
        """Race this product of both sides, or with -1 the whole pass."""
        whole = product < 0
        product = self.base.product if whole else product
        before, self.base = self.base, actions.select_product(self.base, product)

        def changed() -> Race:
            left, right = self.race.left, self.race.right
            return Race(
                actions.select_product(left, product), actions.select_product(right, product), whole
            )

        self._list_setups()
        if self._try(changed):
            self.set_playback(self.playback.at(0.0))
        else:
            self.base = before
            self._list_setups()
            self._show(self.derived)

    def _try(self, make: Callable[[], Race]) -> bool:
        """Show the race; one that cannot be leaves everything as it was and says why."""
        try:
            derived = resolve_race(make())
        except InputError as error:
            self.refusal.setText(str(error))
            self.refusal.show()
            self._show(self.derived)
            return False
        self.refusal.hide()
        self.refusal.setText("")
        self._show(derived)
        return True

    def _show(self, derived: RaceSnapshot) -> None:
        self.derived = derived
        for panel, side in zip(self.sides, derived.sides, strict=True):
            panel.show_side(side, derived.axis)
        same = [setup.make(self.base) for setup in setups(self.base)]
        race = replace(derived.race, whole_pass=False)
        with QSignalBlocker(self.setup), QSignalBlocker(self.product):
            self.setup.setCurrentIndex(same.index(race) if race in same else -1)
            index = -1 if derived.race.whole_pass else derived.race.left.product
            self.product.setCurrentIndex(self.product.findData(index))
        self.bar.show_view(picture_view(derived.left.derived))
        self.verdict.setText(derived.verdict)
        axis = derived.axis
        about = f"Common time: {axis.about}." if axis and axis.comparable else "No common time."
        launched = "counted" if axis and axis.predicted else "left out"
        gaps = f" Launches between products are {launched}." if derived.race.whole_pass else ""
        self.about.setText(f"{about} Times are modelled.{gaps}")
        self.table.show_rows(derived.rows)
        self.transport.show_race(derived)
        self.set_playback(self.playback)

    def _show_moment(self) -> None:
        axis = self.derived.axis
        if axis is not None:
            for panel in self.sides:
                panel.show_moment(self.playback.position * axis.end)
        self.transport.show_playback(self.playback, self.derived)

    def _tick(self) -> None:
        wall_s = self._clock.restart() / 1e3
        if self.derived.axis is None:
            return
        playback = advance(self.playback, wall_s, self.derived.axis.end)
        self.set_playback(playback)

    def _connect(self) -> None:
        for i, panel in enumerate(self.sides):
            panel.changed.connect(lambda field, value, i=i: self.edit(i, field, value))
            panel.looked.connect(self.look)
            panel.picked.connect(lambda action, i=i: self.look(action, (i,)))
        transport = self.transport
        transport.sought.connect(self.seek)
        transport.speed_chosen.connect(
            lambda speed: self.set_playback(replace(self.playback, speed=speed))
        )
        transport.play_asked.connect(lambda: self.set_playback(toggle(self.playback)))
        transport.stepped.connect(self.step)
        transport.loop.clicked.connect(
            lambda on: self.set_playback(replace(self.playback, loop=on))
        )
        self.bar.colour_chosen.connect(lambda what: self.look(lambda s: actions.colour_by(s, what)))
        self.bar.turn_chosen.connect(lambda on: self.look(lambda s: actions.turn(s, on)))
        self.bar.zoom_asked.connect(self._zoom)
        self.setup.activated.connect(lambda i: self.start(setups(self.base)[i].make))
        self.product.activated.connect(lambda i: self.look_at(self.product.itemData(i)))
        for combo in self.findChildren(QComboBox):
            if not combo.isEditable():  # the plain keys are the clock's again
                combo.activated.connect(lambda _: self.sides[0].picture.setFocus())
        close = QAction("Close", self)
        close.setShortcut(QKeySequence("Ctrl+W"))
        close.triggered.connect(self.close)
        self.addAction(close)

    def _list_setups(self) -> None:
        base = self.base
        with QSignalBlocker(self.setup), QSignalBlocker(self.product):
            self.setup.clear()
            self.setup.addItems([setup.name for setup in setups(base)])
            self.product.clear()
            for i, gemm in enumerate(base.network.lower(base.batch, base.training)):
                role = f" {gemm.role}" if gemm.backward else ""
                self.product.addItem(gemm.name + role, i)
            if not isinstance(base.network, Products):  # a list is no pass
                self.product.addItem("whole pass", -1)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        title = QLabel("Race")
        title.setFont(fonts.words(18, bold=True))
        top.addWidget(title)
        self.setup, self.product = QComboBox(), QComboBox()
        self.setup.setAccessibleName("Ready-made races")
        self.setup.setPlaceholderText("a race of your own")
        self.setup.setMinimumWidth(310)
        self.product.setAccessibleName("Product that is raced, or the whole pass")
        self.product.setMinimumWidth(150)
        top.addSpacing(10)
        for combo in (self.setup, self.product):
            top.addWidget(combo)
        top.addStretch(1)
        top.addWidget(self.bar)
        self.about = muted()
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.verdict = QLabel()
        self.verdict.setFont(fonts.words(fonts.TITLE, bold=True))
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setAccessibleName("Verdict")
        self.refusal = QLabel()
        self.refusal.setObjectName("lost")
        self.refusal.setWordWrap(True)
        self.refusal.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.setAccessibleName("Message")
        self.refusal.hide()
        pictures = QHBoxLayout()
        pictures.setSpacing(16)
        for panel in self.sides:
            pictures.addWidget(panel, 1)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(18, 10, 18, 10)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.refusal)
        rows.addLayout(pictures, 1)
        for part in (self.transport, self.verdict, self.about, self.table):
            rows.addWidget(part)
        self.setCentralWidget(whole)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match Qt.Key(event.key()):
            case Qt.Key.Key_Space:
                self.set_playback(toggle(self.playback))
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                self.step(1 if key == Qt.Key.Key_Right else -1, "wave" if shift else "share")
            case Qt.Key.Key_Home | Qt.Key.Key_End as key:
                self.seek(0.0 if key == Qt.Key.Key_Home else 1.0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._entered()
            case _:
                super().keyPressEvent(event)

    def _entered(self) -> None:
        """Enter presses a button that has the focus, and leaves a field that was filled in."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self.sides[0].picture.setFocus()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._timer.stop()
        self.playback = replace(self.playback, playing=False)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self._timer.stop()
        super().closeEvent(event)


def _set_number(session: Session, product: int, *cell: int | float) -> Session:
    """Change a number of that product's drawing; see `actions.set_number`."""
    which, row, column, value = cell
    at = actions.select_product(session, product)
    changed = actions.set_number(at, int(which), int(row), int(column), value)
    return actions.select_product(changed, session.product)


def _in_full(session: Session) -> Session:
    """The session with nothing selected and all in view."""
    return replace(session, selection=None, camera=WHOLE)
