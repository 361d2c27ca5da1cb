"""Recordings from files and into them; traces of other tools, whose tiles are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable

from PyQt6.QtCore import QObject

from mmviz.core.recording.asking import Answers, missing
from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.foreign_tiles import placed, timeline
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError, MmvizError
from mmviz.files.ordinary import Tick
from mmviz.files.recordings import chrome_trace, npz
from mmviz.state.recording.opening import named
from mmviz.state.workspaces import RECORDING
from mmviz.text import N_, Text, own
from mmviz.ui.recording.listed import ListPanel
from mmviz.ui.recording.placing import PlacingDialog
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import ask_to_read, ask_to_write
from mmviz.ui.shell.opening import FOREIGN, RECORDINGS, TRACES, Opening
from mmviz.ui.shell.record_control import RecordControl

_ALL = (Text(N_("Recordings and traces")), (*RECORDINGS[1], *FOREIGN[1]))


class RecordingFiles(QObject):
    """Reads by way of whoever opens files; shows by way of whoever records."""

    def __init__(self, controller: Controller, opening: Opening, record: RecordControl) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self._opening, self._record = opening, record
        self._asking: PlacingDialog | None = None
        opening.recording_given.connect(record.show)
        opening.foreign_given.connect(self.take)
        self.window.recording_controls.open_asked.connect(self.ask)
        self.window.commands["export_trace"].triggered.connect(self.export)
        for panel in self.window.findChildren(ListPanel):
            panel.save_asked.connect(lambda entry: record.with_entry(entry, self.save))

    def ask(self) -> None:
        """Which file, by the system's dialog."""
        path = ask_to_read(self.window, N_("Open recording"), (_ALL, RECORDINGS, FOREIGN))
        if path:
            self._opening.open(path)

    def save(self, recording: Recording) -> None:
        """Write it to a file of the user's: all of it, or as other tools read traces."""
        kinds = (RECORDINGS, TRACES)
        path = ask_to_write(self.window, N_("Save recording"), "recording.npz", kinds)
        if not path:
            return
        try:
            _write(path, recording)
        except MmvizError as error:
            self.window.notice.say_why(error)
        else:
            self._saved(path)

    def export(self) -> None:
        """Write the schedule of the pass that is shown: the recorded one, else the model's."""
        derived = self.controller.derived
        recorded = self.window.docks.workspace == RECORDING.id or derived.recorded is not None
        recording = derived.recording if recorded else None
        title, kinds = N_("Export the schedule"), (TRACES, RECORDINGS)
        path = ask_to_write(self.window, title, "schedule.json", kinds)
        if not path:
            return
        setup = derived.setup

        def write(_: Tick) -> str:
            _write(path, recording or modelled_pass(setup))
            return path

        about = Text(N_("writing {name} …"), name=os.path.basename(path))
        self.controller.errand.ask(about, write, self._saved)

    def _saved(self, path: str) -> None:
        self.window.notice.say(Text(N_("saved {path}"), path=own(path)), folder=path)

    def take(self, foreign: Foreign) -> None:
        """A trace of another tool: as tiles where nothing has to be asked, else it is asked."""
        try:
            if not missing(foreign, Answers()):
                self._record.show(named(placed(foreign, Answers()), foreign.name))
                return
        except InputError as error:
            self.window.notice.say_why(error)
            return
        window = self.window
        dialog = self._asking = PlacingDialog(foreign, window.theme, window.words, window)
        name = foreign.name
        dialog.placed.connect(lambda answers: self._show(name, lambda: placed(foreign, answers)))
        dialog.as_timeline.connect(lambda: self._show(name, lambda: timeline(foreign)))
        dialog.finished.connect(lambda _: dialog.deleteLater())
        window.closing.connect(dialog.reject)
        dialog.open()

    def _show(self, name: str, made: Callable[[], Recording]) -> None:
        try:
            self._record.show(named(made(), name))
        except InputError as error:
            self.window.notice.say_why(error)


def _write(path: str, recording: Recording) -> None:
    trace = path.lower().endswith(TRACES[1])
    (chrome_trace.save if trace else npz.save)(path, recording)
