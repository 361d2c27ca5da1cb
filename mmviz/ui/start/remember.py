"""What the next start brings back, written soon after a change: a window may end at any moment."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TypeVar, cast

import msgspec
from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QWidget

from mmviz.errors import cause_of, passed_on
from mmviz.files.settings import StoredExport, StoredLesson, ThemeChoice
from mmviz.files.window_files import WindowFiles
from mmviz.state import settings as state
from mmviz.state.derived import derive
from mmviz.state.learn.choice import stored
from mmviz.state.session import Session
from mmviz.state.settings import Settings, same_work
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.look import fonts
from mmviz.ui.look.beside import Beside
from mmviz.ui.look.painting import UNPAINTED
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.export_control import ExportControl
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.start.layout import sealed

T = TypeVar("T")

EVERY_MS = 1000  # at most so often
SOON_MS = 50  # what was changed is painted first: a session that breaks that is not written
_LOOKS = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.Move,
        QEvent.Type.WindowStateChange,
        QEvent.Type.StyleChange,
        QEvent.Type.FontChange,
        QEvent.Type.LayoutRequest,
    }
)
"""Events of the window after which its look may be another one."""


class _Writer:
    """Writes, one after the other, from whichever thread. last: what was written last; good: the
    session in it, or the one that was read.
    """

    def __init__(self, files: WindowFiles) -> None:
        self.files = files
        self.last: Settings | None = None
        self.good: Session | None = None
        self._one = threading.Lock()

    def write(self, settings: Settings, edited: bool) -> Text:
        """Why that cannot be, NOTHING where it is done."""
        with self._one:
            try:
                state.save(settings, self.files, edited=edited)
            except Exception as error:
                return cause_of(error)
            self.last, self.good = settings, settings.session
            return NOTHING


class Remembering(QObject):
    """Writes the settings of one window, beside it, and at the end at once.

    A session is written once it was shown whole; what cannot be written is said once.
    """

    def __init__(
        self, controller: Controller, files: WindowFiles, before: Settings, choice: str
    ) -> None:
        """before: as they were read. choice: the theme the window was opened with."""
        super().__init__(controller)
        self.controller, self.files = controller, files
        self.restored = False
        self._window, self._before, self._choice = controller.window, before, choice
        self._spoken = controller.window.view_menu.languages.choice
        self._opened = controller.session
        self._touched = False
        self._told = NOTHING  # that it could not be written
        self._writer, self._beside, self._reading = _Writer(files), Beside(self), Beside(self)
        self._over = self._on = self._stale = False
        self._always: frozenset[object] = frozenset()  # what is broken whatever is shown
        self._at = 0.0  # when was looked what is to be written, of the monotonic clock
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._write_beside)
        controller.changed.connect(self.soon)
        self._window.view_menu.languages.chosen.connect(self.soon)
        self._window.transport.speed_chosen.connect(lambda _: self.soon())
        self._teaching = self._window.findChildren(TeachingPanel)
        for panel in self._teaching:
            panel.recipe.changed.connect(self.soon)
        self._window.installEventFilter(self)

    def stems_from_stored(self, *, restored: bool) -> None:
        """The window's session is the one that was read, or one in its place that nobody chose."""
        self.restored = restored
        self._opened = self._writer.good = self.controller.to_keep
        self._touched = restored and self._before.touched
        self.files.adopt()

    def begin(self, always: Iterable[object] = ()) -> None:
        """All was shown: from now on what changes is written. always: what of `broken` is no
        session's fault, so that it keeps none from being written.
        """
        self._on, self._always = True, frozenset(always)
        self.soon()

    @property
    def told_of(self) -> tuple[str, ...]:
        """Windows of whose sessions the user was told."""
        return self._before.offered

    def tell_of(self, windows: tuple[str, ...]) -> None:
        """The user is told of the sessions of these windows."""
        self._before = msgspec.structs.replace(self._before, offered=windows)
        self.soon()

    def look(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read something beside the window, unless it is closed meanwhile."""
        self._reading.ask(lambda _: work(), then, self._window.notice.say_why)

    def soon(self) -> None:
        """Something has changed."""
        self._stale = True
        waits = self._soon.isActive() or self._beside.working
        if self._on and not self._over and not waits:
            since = 1000 * (time.monotonic() - self._at)
            self._soon.start(max(SOON_MS, round(EVERY_MS - since)))

    def now(self) -> None:
        """Write at once, whatever is being written, and what is wanted though it is not shown."""
        self._soon.stop()
        settings, edited, _ = self._wanted(self._wish())
        self._hear(self._writer.write(settings, edited))

    def finish(self) -> None:
        """The window closes: the last writing."""
        if self._over:
            return
        told = self._told
        try:
            self.now()
        finally:
            self._over = True
            self._beside.close()
            self._reading.close()
            self.files.closed()
        if self._told and self._told != told:  # nobody reads the window any more
            print(f"mmviz: {self._window.words(self._told)}", file=sys.stderr)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in _LOOKS:
            self.soon()
        return False

    def _wanted(self, now: Session | None = None) -> tuple[Settings, bool, Text]:
        """What is to be written, whether the session in it is one that was edited here, and why it
        is not the one that is there. now: that one, where it is not what is shown.
        """
        now, good = now or self.controller.to_keep, self._writer.good
        found = broken(self._window)
        why = next((why for what, why in found.items() if what not in self._always), NOTHING)
        session = good if why else now
        self._touched = self._touched or not (why or same_work(now, self._opened))
        try:
            settings = self._look()
        except Exception as error:  # the session is worth more
            passed_on(error)
            settings = self._before
        settings = msgspec.structs.replace(settings, session=session, touched=self._touched)
        return settings, not same_work(session, good), why

    def _wish(self) -> Session:
        """What is derived still, where that can be; else what is shown."""
        controller = self.controller
        if controller.working and controller.aside is None:
            with contextlib.suppress(Exception):  # it would be said once it is shown
                return derive(controller.session, controller.facts).session
        return controller.to_keep

    def _look(self) -> Settings:
        """A theme asked for on the command line counts for that window alone."""
        window, before = self._window, self._before
        exports = self.controller.findChild(ExportControl)
        chosen = window.theme_choice if window.theme_choice != self._choice else before.theme
        return msgspec.structs.replace(
            before,
            theme=cast(ThemeChoice, chosen),
            language=self._language(),
            large_type=fonts.scale() > 1,
            speed=self.controller.playback.speed,
            workspace=window.docks.now.named,
            geometry=sealed(bytes(window.saveGeometry().data())),
            layouts={name: sealed(layout) for name, layout in window.docks.all_saved().items()},
            lesson=self._lesson(),
            export=StoredExport(**asdict(exports.choice)) if exports else before.export,
        )

    def _language(self) -> str:
        """As the theme: one asked for on the command line counts for that window alone."""
        choice = self._window.view_menu.languages.choice
        return choice if choice != self._spoken else self._before.language

    def _lesson(self) -> StoredLesson:
        """How a network would be taught."""
        for panel in self._teaching:
            return stored(panel.recipe.wished())
        return self._before.lesson

    def _write_beside(self) -> None:
        self._stale, self._at = False, time.monotonic()  # to look what is wanted takes some ms
        settings, edited, why = self._wanted()
        if why:
            until = Text(N_("the next start brings back the session as it was before"))
            self._window.notice.say(joined((why, until), "semicolons"), error=True)
        if settings == self._writer.last:
            return
        write = self._writer.write
        self._beside.ask(lambda _: write(settings, edited), self._hear, self._failed)

    def _hear(self, why: Text) -> None:
        """What became of a writing."""
        if why:
            why = Text(N_("the session cannot be kept for the next start: {why}"), why=why)
            if why != self._told:
                self._window.notice.say(why, error=True)
        self._told = why
        if self._stale:
            self.soon()

    def _failed(self, error: Exception) -> None:
        self._hear(cause_of(error))


def broken(window: MainWindow) -> dict[object, Text]:
    """What of the session could not be shown as it is now, and why."""
    found: dict[object, Text] = {
        key: why for key, why in window.apart.failed.items() if key[0] in ("view", "moment")
    }  # not a theme or a language
    for part in (window, *window.findChildren(QWidget)):
        why = part.property(UNPAINTED)
        if why and part.isVisible() and not isinstance(part.window(), RaceWindow):
            found[part] = cast(Text, why)
    return found
