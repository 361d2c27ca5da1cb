"""The history of runs: read beside the window, and what is done with the runs in it."""

from __future__ import annotations

import time
from pathlib import Path

from PyQt6.QtCore import QObject

from mmviz.files import history, journal, runs
from mmviz.files.history import Past
from mmviz.files.journal import KeptRun, Record
from mmviz.files.ordinary import Tick
from mmviz.state.clock.history import rows
from mmviz.text import N_, NOTHING, P_, Text, own
from mmviz.ui.clock.history import HistoryWindow
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.look.beside import Beside
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import ask_to_write
from mmviz.ui.shell.question import agreed
from mmviz.words.names import spoken

_KINDS = ((own("CSV"), (".csv",)), (own("JSON"), (".json",)))


class HistoryControl(QObject):
    """What was read stays known as long as the window does: a kept run never changes once it is
    over.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.window, self._errand = controller.window, controller.errand
        self._journal, self._compare = controller.run.journal, controller.since.compare_with
        self._beside = Beside(self)
        self._beside.ticked.connect(self._show_done)
        self._journal.history_asked.connect(self.show)
        for panel in self.window.findChildren(SincePanel):
            panel.history_asked.connect(self.show)
        self.window.closing.connect(self.close)
        self._runs: tuple[KeptRun, ...] = ()
        self._read: dict[Path, Past] = {}
        self._dialog: HistoryWindow | None = None

    @property
    def opened(self) -> HistoryWindow:
        """The window of the history; made when it is first asked for."""
        if self._dialog is None:
            window = self.window
            dialog = self._dialog = HistoryWindow(window.theme, window)
            dialog.set_words(window.words)
            dialog.open_asked.connect(self._open)
            dialog.compare_asked.connect(self._open_both)
            dialog.export_asked.connect(self._export)
            dialog.delete_asked.connect(self._delete)
        return self._dialog

    def show(self) -> None:
        """Show it, and read what is kept now."""
        dialog = self.opened
        dialog.set_theme(self.window.theme)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        self._look()

    def close(self) -> None:
        """Nothing is read any more."""
        self._beside.close()
        if self._dialog is not None:
            self._dialog.close()

    def _look(self) -> None:
        self._runs, _ = journal.kept_runs()
        known = {one.path for one in self._runs}
        self._read = {path: past for path, past in self._read.items() if path in known}
        if all(one.path in self._read for one in self._runs):
            self._show()
            return
        self._show(Text(N_("reading the runs …")))
        self._beside.ask(_read_all, self._found, self._failed)

    def _found(self, found: tuple[Past, ...]) -> None:
        self._read = {past.kept.path: past for past in found}
        self._show()

    def _failed(self, error: Exception) -> None:
        self._show()
        self.window.notice.say_why(error)

    def _show_done(self, done: int, whole: int) -> None:
        reading = N_("reading run {done:group} of {whole:group} …")
        self._show(Text(reading, done=done + 1, whole=whole))

    def _show(self, about: Text = NOTHING) -> None:
        if self._dialog is not None:
            self._dialog.show_rows(rows(self._runs, self._read, time.time()), about)

    # --- what is done with them ------------------------------------------------------------------

    def _open(self, kept: KeptRun) -> None:
        self._compare(None)
        self._journal.open(kept)

    def _open_both(self, earlier: KeptRun, later: KeptRun) -> None:
        dock = self.window.docks.all.get("since")

        def show() -> None:
            self._compare(earlier.head.when)
            if dock is not None:
                dock.show()
                dock.raise_()

        self._journal.open(later, show)

    def _export(self, kept: KeptRun) -> None:
        path = ask_to_write(self.window, N_("Export the samples"), "timing.csv", _KINDS)
        if not path:
            return

        def write(record: Record) -> None:
            save = runs.save_json if path.lower().endswith(".json") else runs.save_csv
            try:
                save(record.results, path)
            except Exception as error:
                self.window.notice.say_why(error)
            else:
                self.window.notice.say(Text(N_("wrote {path}"), path=path))

        about = Text(N_("reading {name} …"), name=spoken(kept.head.plan.network.name))
        self._errand.ask(about, lambda tick: journal.read(kept.path, tick), write)

    def _delete(self, chosen: tuple[KeptRun, ...]) -> None:
        question = P_(
            "Delete this run with all its samples? It cannot be brought back.",
            "Delete these {n:group} runs with all their samples? They cannot be brought back.",
        )
        if not agreed(self.window, Text(question, n=len(chosen)), N_("Delete"), N_("Keep")):
            return
        try:
            for kept in chosen:
                journal.forget(kept)
        except Exception as error:
            self.window.notice.say_why(error)
        self._journal.look()
        self._look()


def _read_all(tick: Tick) -> tuple[Past, ...]:
    return tuple(history.history(tick))
