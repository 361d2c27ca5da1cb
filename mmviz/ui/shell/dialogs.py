"""The system's file dialogs, and what is saved and exported through them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from mmviz.bench.results import Results
from mmviz.errors import MmvizError
from mmviz.files import network_writer, recent, runs
from mmviz.files.networks import NetworkFile
from mmviz.state.session import as_file
from mmviz.text import N_, Text, own
from mmviz.ui.export.parts import NO_SAMPLES
from mmviz.ui.look.eliding import both_ends
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.question import agreed

FileKind = tuple[Text, tuple[str, ...]]
"""What files of a kind are called, and their suffixes."""

_NAME = 60  # characters of a name that a question has room for
_NETWORKS = Text(N_("Networks")), (".toml",)
_LISTS = Text(N_("Lists of products")), (".csv",)
_CSV, _JSON = (own("CSV"), (".csv",)), (own("JSON"), (".json",))


class Dialogs(QObject):
    """Asks for a path, does the work, and says in the window what could not be done."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.window = controller.window
        commands = self.window.commands
        for name, slot in (
            ("save", self.save),
            ("export_csv", self.csv),
            ("export_json", self.json),
        ):
            commands[name].triggered.connect(slot)

    def save(self) -> None:
        file = as_file(self.controller.session)
        layered = file.network.layered is not None
        name, kind = ("network.toml", _NETWORKS) if layered else ("products.csv", _LISTS)
        path = self._ask(N_("Save network"), name, (kind,))
        if path:
            self._do(lambda: _save(file, path), path, N_("saved {path}"))

    def csv(self) -> None:
        self._export(N_("Export the samples"), "timing.csv", (_CSV,), runs.save_csv)

    def json(self) -> None:
        self._export(N_("Export the samples"), "timing.json", (_JSON,), runs.save_json)

    def _export(
        self,
        title: str,
        name: str,
        kinds: Sequence[FileKind],
        write: Callable[[Results, str], None],
    ) -> None:
        results = self.controller.run.results()
        if results is None or not any(run.samples_s for run in results.runs):
            self.window.notice.say(NO_SAMPLES)
            return
        path = self._ask(title, name, kinds)
        if path:
            self._do(lambda: write(results, path), path)

    def _ask(self, title: str, name: str, kinds: Sequence[FileKind]) -> str:
        return ask_to_write(self.window, title, name, kinds)

    def _do(self, work: Callable[[], None], path: str, done: str = N_("wrote {path}")) -> None:
        """Do `work`, and say that it is `done` and where the file is."""
        try:
            work()
        except MmvizError as error:
            self.window.notice.say_why(error)
        else:
            self.window.notice.say(Text(done, path=path), folder=path)


def _save(file: NetworkFile, path: str) -> None:
    network_writer.save(file, path)
    recent.add(path)


def ask_to_read(window: MainWindow, title: str, kinds: Sequence[FileKind]) -> str:
    """A path to read, "" for none. title: a marked msgid."""
    offered = ";;".join(_suffixes(window, kinds))
    path, _ = QFileDialog.getOpenFileName(window, window.words(Text(title)), "", offered)
    return path


def ask_for_folder(window: MainWindow, title: str) -> str:
    """A folder to read from, "" for none. title: a marked msgid."""
    return QFileDialog.getExistingDirectory(window, window.words(Text(title)))


def ask_to_write(window: MainWindow, title: str, name: str, kinds: Sequence[FileKind]) -> str:
    """A path to write to, "" for none, with a suffix of `kinds`; nothing is replaced unasked.

    The system's dialog asks before a file of the very name that was typed is replaced; what is
    written may have a suffix more, and then that is asked here. Who says no chooses again.
    title: a marked msgid.
    """
    filters = _suffixes(window, kinds)
    known = [suffix for _, suffixes in kinds for suffix in suffixes]
    said, offered = window.words(Text(title)), ";;".join(filters)
    while True:
        typed, kind = QFileDialog.getSaveFileName(window, said, name, offered)
        if not typed:
            return ""
        path = written_as(typed, known, filters.get(kind, known[0]))
        if path == typed or not os.path.exists(path) or _may_replace(window, path):
            return path
        name = path


def written_as(typed: str, known: Sequence[str], suffix: str) -> str:
    """The file that is written where `typed` was typed: it ends in one of `known`, else `suffix`.

    A dot alone makes no suffix ("llama-3.1-8b"); a folder stays what it is.
    """
    if typed.lower().endswith(tuple(known)) or os.path.isdir(typed):
        return typed
    return typed + suffix


def _may_replace(window: MainWindow, path: str) -> bool:
    name = both_ends(os.path.basename(path), _NAME)
    question = Text(N_("{name} is there already. Replace it?"), name=name)
    return agreed(window, question, N_("Replace"), N_("Another name"))


def _suffixes(window: MainWindow, kinds: Sequence[FileKind]) -> dict[str, str]:
    """The kinds as a dialog offers them, 'Networks (*.toml)', and the suffix of each."""
    return {
        f"{window.words(name)} ({' '.join('*' + suffix for suffix in suffixes)})": suffixes[0]
        for name, suffixes in kinds
    }
