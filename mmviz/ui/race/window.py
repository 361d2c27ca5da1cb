"""The window of a race: two pictures on one clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.files.ordinary import no_tick
from mmviz.state import actions
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import STEP, Camera
from mmviz.state.picture.playback import Playback, toggle
from mmviz.state.picture.selection import Selection
from mmviz.state.race.edits import EDITS
from mmviz.state.race.race import Race, Raced, in_full
from mmviz.state.race.ready_made import ready_made
from mmviz.state.race.views import WHOLE_PASS, RaceView, side_views, title_view
from mmviz.state.session import Session
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.first_size import first_size
from mmviz.ui.look.notice import Notice
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.player import Length, Player
from mmviz.ui.look.style import palette, style_sheet
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.thing_menus import ThingMenus
from mmviz.ui.look.things import HasThings, Thing
from mmviz.ui.look.widgets import cut_short
from mmviz.ui.picture.bar import PictureBar
from mmviz.ui.race.commands import EXPORT, make_commands
from mmviz.ui.race.keys import RaceKeys
from mmviz.ui.race.lesson_row import LessonRow
from mmviz.ui.race.lineup import LineUp, first_race
from mmviz.ui.race.ruling import RulingLabel
from mmviz.ui.race.side import SidePanel
from mmviz.ui.race.table import RaceTable
from mmviz.ui.race.transport import RaceTransport
from mmviz.words.speech import ENGLISH, Words

LOW = 620  # pixels below which words give way to the pictures
ARROW = 0.01  # an arrow key, as share of the common time


class RaceWindow(Told, QMainWindow):
    """Opens on the first ready-made race of `session` and leaves that session as it is.

    first: that race, lined up already. export_asked, copy_asked: it is wanted as a picture.
    """

    export_asked = pyqtSignal()
    copy_asked = pyqtSignal()

    def __init__(
        self,
        session: Session,
        theme: Theme,
        parent: QWidget | None = None,
        words: Words = ENGLISH,
        facts: Facts | None = None,
        first: tuple[Raced, RaceView] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.base, self.facts = in_full(session), facts
        tell(self, title=title_view(self.base))
        self.sides = SidePanel("left"), SidePanel("right")
        self.bar = PictureBar()
        self.bar.setAutoFillBackground(False)  # nothing is painted below this one
        self.transport = RaceTransport()
        self.table = RaceTable()
        self.raced, self.view = first or first_race(session, facts)[1](no_tick)
        self.lineup = LineUp(self, (self.base, self.raced.race), facts)
        self.lineup.word.below = self.sides[0].caption
        self.notice = Notice(self, self.lineup.word)
        self.player = Player(self._length, parent=self)
        self.player.moved.connect(self._show_moment)
        self.commands = make_commands(self)
        self._arrange()
        self._connect()
        ThingMenus(self, lambda: self.words, self._more)
        self.setFont(fonts.words())
        self.set_theme(theme)
        self.set_words(words)
        self._show(self.raced, self.view)
        self.sides[0].picture.setFocus()
        screen = self.screen()
        if screen is not None:
            self.resize(first_size(self.sizeHint(), screen.availableSize()))

    def sizeHint(self) -> QSize:
        return QSize(1440, 900)

    @property
    def race(self) -> Race:
        return self.raced.race

    @property
    def playback(self) -> Playback:
        return self.player.playback

    @property
    def working(self) -> bool:
        """Whether what is wanted is not shown yet."""
        return self.lineup.working

    def set_theme(self, theme: Theme) -> None:
        """Dark or light."""
        self.theme = theme
        self.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme))
        for part in (*self.sides, self.transport, self.table, self.lineup.word):
            part.set_theme(theme)

    def set_words(self, words: Words) -> None:
        """Take another language on, in every part."""
        super().set_words(words)
        for part in self.findChildren(QObject):
            if isinstance(part, Told):
                part.set_words(words)

    def come_from(self, row: LessonRow) -> None:
        """Say what a lesson told that opened it, and how to go back there."""
        row.set_words(self.words)
        row.back.clicked.connect(lambda: self.close())
        self._rows.insertWidget(0, row)

    def start(self, make: Callable[[Session], Race]) -> None:
        """Line up another race of the session, from its beginning."""
        base, race = self.lineup.latest
        self.lineup.want(
            lambda: (base, replace(make(base), whole_pass=race.whole_pass)), begin=True
        )

    def seek(self, share: float) -> None:
        """Go to this share of the common time, 0 … 1."""
        self.set_playback(self.playback.at(share))

    def set_playback(self, playback: Playback) -> None:
        """Move in time, start or stop; nothing plays where nothing can be drawn."""
        self.player.set(playback)

    def step(self, direction: int, by: str) -> None:
        """A hundredth of the common time, or to the next wave or finish of a side; pauses."""
        position = self.playback.position + direction * ARROW
        if by == "wave":
            position = self.raced.stop_beside(self.playback.position, direction)
        self.set_playback(replace(self.playback.at(position), playing=False))

    def edit(self, side: int, field: str, value: object) -> None:
        """Change one thing of the left (0) or right (1) session; what is refused is said."""

        base, race = self.lineup.latest

        def changed() -> tuple[Session, Race]:
            if side == 0:
                return base, replace(race, left=EDITS[field](race.left, value))
            return base, replace(race, right=EDITS[field](race.right, value))

        self.lineup.want(changed)

    def look(self, action: Callable[[Session], Session], sides: tuple[int, ...] = (0, 1)) -> None:
        """Look otherwise at both sides, or at one: nothing that is computed changes."""
        seen = [
            side.looked(action) if i in sides else side for i, side in enumerate(self.raced.sides)
        ]
        race = self.race
        if sides == (0, 1):  # later races take colours and orientation on, but no zoom
            self.base = in_full(action(self.base))
            left, right = in_full(action(race.left)), in_full(action(race.right))
            race = replace(race, left=left, right=right)
        self.lineup.now = self.base, race
        self.raced = replace(self.raced, race=race, left=seen[0], right=seen[1])
        self.view = replace(self.view, sides=side_views(self.raced))
        self._show_sides()
        self._show_moment()

    def _zoom(self, step: int) -> None:
        """Both pictures closer (+1), farther (-1) or whole (0)."""
        picture = self.sides[0].picture
        if step:
            picture.zoom(STEP**step)
        else:
            picture.show_whole()

    def look_at(self, product: int) -> None:
        """Race this product of both sides, or WHOLE_PASS."""
        base, race = self.lineup.latest
        whole = product == WHOLE_PASS
        product = base.product if whole else product

        def changed() -> tuple[Session, Race]:
            left, right = (actions.select_product(s, product) for s in (race.left, race.right))
            return actions.select_product(base, product), Race(left, right, whole)

        self.lineup.want(changed, begin=True)

    def _take(self, base: Session, found: tuple[Raced, RaceView], begin: bool) -> None:
        """Show what was lined up, in the colours and the orientation of now."""
        seen, self.base = self.base, base
        self._show(*found)
        if (base.colour_by, base.turned) != (seen.colour_by, seen.turned):
            self.look(lambda s: replace(s, colour_by=seen.colour_by, turned=seen.turned))
        if begin:
            self.set_playback(self.playback.at(0.0))

    def _refuse(self, cause: Text) -> None:
        """Say why everything stays as it is, and put every control back; NOTHING: say nothing."""
        if cause:
            self.notice.refuse(cause)
        else:
            self.notice.say(cause)
        if cause or not self.working:
            self._show(self.raced, self.view)

    def _show(self, raced: Raced, view: RaceView) -> None:
        self.raced, self.view = raced, view
        self._show_sides()
        self.table.show_view(self.view.rows)
        self.transport.show_view(self.view.clock)
        self.say()
        self.set_playback(self.playback)

    def _show_sides(self) -> None:
        for panel, side in zip(self.sides, self.view.sides, strict=True):
            panel.show_view(side)
        self.bar.show_view(self.view.sides[0].still.picture)

    def say(self) -> None:
        view, words = self.view, self.words
        with QSignalBlocker(self.ready), QSignalBlocker(self.product):
            self.ready.clear()
            self.ready.addItems([words(name) for name in view.ready])
            self.ready.setCurrentIndex(view.made)
            self.product.clear()
            for name, index in view.products:
                self.product.addItem(words(name), index)
            self.product.setCurrentIndex(self.product.findData(view.product))
        self.verdict.show_ruling(words(view.ruling.text), decided=view.ruling.decided)
        self.about.show_text(words(view.about))

    def _length(self) -> Length | None:
        axis = self.raced.axis
        return None if axis is None else (axis.end, None)

    def _show_moment(self) -> None:
        axis = self.raced.axis
        if axis is not None:
            for panel in self.sides:
                panel.show_moment(self.playback.position * axis.end)
        self.transport.show_playback(self.playback)

    def _move(self, camera: Camera) -> None:
        self.look(lambda session: actions.set_camera(session, camera))

    def _pick(self, side: int, selection: Selection | None, product: int) -> None:
        """Pick out something of one side's product."""

        def picked(session: Session) -> Session:
            same = session.product == product
            return actions.select(session, selection) if same else session

        self.look(picked, (side,))

    def _more(self, menus: ThingMenus, menu: QMenu, _source: HasThings, _thing: Thing) -> None:
        """What else can be done with what is pointed at."""
        menu.addSeparator()
        menus.add(menu, Text(N_("Export the race …")), self.export_asked.emit)
        menus.add(menu, Text(N_("Copy the race as picture")), self.copy_asked.emit)

    def _connect(self) -> None:
        for i, panel in enumerate(self.sides):
            panel.changed.connect(lambda field, value, i=i: self.edit(i, field, value))
            panel.refused.connect(self._refuse)
            panel.camera_moved.connect(self._move)
            panel.picked.connect(lambda what, product, i=i: self._pick(i, what, product))
        self.lineup.lined_up.connect(self._take)
        self.lineup.refused.connect(self._refuse)
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
        self.ready.activated.connect(lambda i: self.start(ready_made(self.base)[i].make))
        self.product.activated.connect(lambda i: self.look_at(self.product.itemData(i)))
        self.keys = RaceKeys(self)
        self.notice.field = self.keys.field
        self.notice.left.connect(self.keys.rest)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        title = tell(PlainLabel(), text=N_("Race"))
        title.setFont(fonts.words(18, bold=True))
        top.addWidget(title)
        self.ready = tell(QComboBox(), name=N_("Ready-made races"), hint=N_("a race of your own"))
        self.ready.setMinimumWidth(160)
        self.ready.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.ready.setMaximumWidth(310)
        self.product = tell(QComboBox(), name=N_("Product that is raced, or the whole pass"))
        self.product.setMinimumWidth(130)
        top.addSpacing(10)
        for combo in (self.ready, self.product):
            top.addWidget(combo)
        top.addStretch(1)
        top.addWidget(self.bar)
        self.export = tell(QToolButton(), name=EXPORT)
        self.export.setDefaultAction(self.commands["export"])
        top.addWidget(self.export)
        self.about = cut_short()
        self.verdict = tell(RulingLabel(), name=N_("Verdict"))
        pictures = QHBoxLayout()
        pictures.setSpacing(16)
        for panel in self.sides:
            pictures.addWidget(panel, 1)
        whole = QWidget()
        self._rows = rows = QVBoxLayout(whole)
        rows.setContentsMargins(18, 8, 18, 8)
        rows.setSpacing(6)
        rows.addLayout(top)
        rows.addLayout(pictures, 1)
        for part in (self.transport, self.verdict, self.about, self.table):
            rows.addWidget(part)
        self.setCentralWidget(whole)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not self.keys.press(event):
            super().keyPressEvent(event)

    def fill_screen(self) -> None:
        """The whole screen, without a frame, or as it was before."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        low = self.height() < LOW * fonts.scale()
        self.verdict.fit(low=low)
        self.table.fit(low=low)
        self._rows.setSpacing(4 if low else 6)

    def hideEvent(self, event: QHideEvent | None) -> None:
        self.player.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self.player.stop()
        self.lineup.close()
        super().closeEvent(event)
