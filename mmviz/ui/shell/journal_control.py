"""The runs that are kept on disk: written while one is on, offered in a menu, opened again."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from mmviz.bench.messages import Message
from mmviz.bench.plan import BenchPlan
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.journal import Journal, KeptRun, Record
from mmviz.state.facts import Facts, Timed
from mmviz.text import N_, NOTHING, P_, Text, own
from mmviz.ui.look.tell import tell
from mmviz.ui.shell.errand import Errand
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words import earlier

NOT_KEPT = N_("samples are not kept on disk: {why}; export them before you close")


class JournalControl(QObject):
    """Whoever runs something calls `begin`, `hear` for each message, and `end`.

    `learn` takes in what becomes of the facts; with `errand` a kept run is read. What cannot be
    kept is said once, and the run goes on.
    """

    history_asked = pyqtSignal()

    def __init__(
        self,
        window: MainWindow,
        learn: Callable[[Callable[[Facts], Facts]], None],
        errand: Errand,
    ) -> None:
        super().__init__(window)
        self.window, self._learn, self._errand = window, learn, errand
        self._journal: Journal | None = None
        self.began: float | None = None  # the last run of this window, in seconds since 1970
        self._elsewhere = False  # it shows what was not measured in this window
        self._said = False
        self._kept: tuple[KeptRun, ...] = ()
        self._damaged: tuple[Path, ...] = ()
        self.menu = tell(QMenu(window), head=earlier.BUTTON)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.fill)
        window.timing.controls.earlier.setMenu(self.menu)
        window.top.add_exports(self.menu)

    def begin(self, plan: BenchPlan, path: Path | None = None) -> None:
        """A run starts, or goes on in the file in which it is kept."""
        begun = (one.head.when for one in self._kept if one.path == path)
        self.began = next(begun, time.time())
        self._journal, self._elsewhere = Journal(plan, self.began, path), False

    def hear(self, message: Message) -> None:
        """Keep what it says."""
        if self._journal is not None:
            now = self._journal
            self._try(now, lambda: now.add(message))

    def end(self, reason: Text, done: float) -> Path | None:
        """The run is over; the file in which all its samples are kept, None where they are not."""
        if self._journal is None:
            return None
        now, self._journal = self._journal, None
        keeps = now.keeps
        return now.path if self._try(now, lambda: now.end(reason, done)) and keeps else None

    def look(self) -> None:
        """Which runs are kept now."""
        found, self._damaged = journal.kept_runs()
        if found != self._kept:
            self._kept = found
            self._learn(lambda facts: replace(facts, kept=found))

    def fill(self) -> None:
        """The menu as it is now: another window may have measured something."""
        self.look()
        self.menu.clear()
        now = time.time()
        if self._elsewhere:
            back = self._add(Text(N_("Back to what this window measured")))
            back.triggered.connect(lambda: self._show(None))
            self.menu.addSeparator()
        for one in self._kept:
            action = self._add(earlier.title(one.head, now), str(one.path))
            action.triggered.connect(lambda _=False, one=one: self.open(one))
        for path in self._damaged:
            text = Text(journal.DAMAGED, path=path.name)
            self._add(text, str(path)).setEnabled(False)
        if not self.menu.actions():
            self._add(Text(N_("no run is kept yet"))).setEnabled(False)
            return
        self.menu.addSeparator()
        self._add(earlier.HISTORY).triggered.connect(lambda: self.history_asked.emit())

    def open(self, kept: KeptRun, then: Callable[[], None] | None = None) -> None:
        """Look at a kept run in place of what was measured in this window, `then` do something."""

        def opened(path: Path, found: Record) -> None:
            self._opened(path, found)
            if then is not None:
                then()

        self.read_again(kept.path, opened, kept.head.plan.network.name)

    def read_again(self, path: Path, then: Callable[[Path, Record], None], name: str = "") -> None:
        """Read a kept run, and do something with it."""
        about = Text(N_("reading {name} …"), name=name or path.name)
        read = functools.partial(journal.read, path)
        self._errand.ask(about, read, lambda found: then(path, found))

    def _opened(self, path: Path, found: Record) -> None:
        plan, over = found.head.plan, found.over
        of = Pass(plan.network, plan.batches[0], plan.dtype, plan.training)
        when = found.head.when
        self._show(Timed(of, found.results, over.ended, over.done, when=when, path=path))
        unread = P_(
            "{path}: {n:group} line was not understood and is left out",
            "{path}: {n:group} lines were not understood and are left out",
        )
        said = Text(unread, n=found.unread, path=str(path)) if found.unread else NOTHING
        self.window.notice.say(said)

    def _show(self, opened: Timed | None) -> None:
        self._elsewhere = opened is not None
        self._learn(lambda facts: replace(facts, opened=opened))
        self.window.docks.all["timing"].raise_()  # it may lie behind another tab

    def _add(self, text: Text, tip: str = "") -> QAction:
        action = tell(QAction(self.menu), self.window.words, text=text, tip=own(tip))
        self.menu.addAction(action)
        return action

    def _try(self, now: Journal, work: Callable[[], None]) -> bool:
        try:
            work()
        except InputError as error:
            if now.full or not self._said:
                self._said |= not now.full
                self.window.notice.say(Text(NOT_KEPT, why=error.cause), error=True)
            return False
        return True
