"""Every way to open something: the system's dialog, widths, a recent file, one that is dropped."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files import networks, recent
from mmviz.files.foreign import traces
from mmviz.files.kinds import LISTED
from mmviz.files.networks import DeviceGiven, NetworkFile
from mmviz.files.ordinary import Tick
from mmviz.files.recordings import reading
from mmviz.files.recordings.npz import SUFFIX
from mmviz.files.typed import of_typed
from mmviz.state.recording.opening import named
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import FileKind, ask_to_read
from mmviz.ui.shell.dropping import Dropping
from mmviz.ui.shell.network_menu import NetworkMenu
from mmviz.ui.shell.widths_field import WidthsField

RECORDINGS: FileKind = (Text(N_("Recordings")), (SUFFIX,))
TRACES: FileKind = (Text(N_("Chrome traces")), (".json",))
FOREIGN: FileKind = (Text(N_("Traces of other tools")), traces.SUFFIXES)
_KINDS: tuple[FileKind, ...] = (
    (Text(N_("Networks, lists and recordings")), (".toml", *LISTED, SUFFIX)),
    (Text(N_("Networks")), (".toml",)),
    (Text(N_("Lists of products")), LISTED),
    RECORDINGS,
    FOREIGN,
)
_Given = NetworkFile | Recording | Foreign | None
_Read = Callable[[str, Tick], _Given]


class Opening(QObject):
    """Opens what the user names: a network, a list or a recording; a device becomes the one of the
    picture. recording_given: a recording was read; foreign_given: a trace of another tool.

    Each can be undone like any edit, and a lesson that is on is left for it. Files are read beside
    the window.
    """

    recording_given = pyqtSignal(object)
    foreign_given = pyqtSignal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self._widths: WidthsField | None = None
        commands, menu = self.window.commands, self.window.top.preset.menu()
        commands["open"].triggered.connect(self.ask)
        commands["widths"].triggered.connect(self._open_widths)
        if isinstance(menu, NetworkMenu):
            menu.recent_chosen.connect(lambda path: self._read(path, _again))
            menu.recent_cleared.connect(recent.clear)
        dropping = Dropping(self.window)
        dropping.files_dropped.connect(lambda paths: self.open(paths[0], len(paths) - 1))
        dropping.text_dropped.connect(self._dropped_text)

    def _open_widths(self) -> None:
        """The field for widths, made when it is first asked for, and no more once the window is."""
        if self._widths is None:
            self._widths = WidthsField(self.window)
            self._widths.entered.connect(self._typed)
            self.window.closing.connect(self._widths.deleteLater)
        self._widths.set_words(self.window.words)
        self._widths.open_below(self.window.top.preset)

    def ask(self) -> None:
        """Which file, by the system's dialog."""
        path = ask_to_read(self.window, N_("Open network"), _KINDS)
        if path:
            self.open(path)

    def open(self, path: str, left: int = 0) -> None:
        """A file, whatever is in it; left: how many others were named with it."""
        self._read(path, _what, left)

    def _read(self, path: str, read: _Read, left: int = 0) -> None:
        about = Text(N_("reading {name} …"), name=os.path.basename(path))
        work = functools.partial(read, path)
        self.controller.errand.ask(about, work, lambda file: self._take(path, file, left))

    def _take(self, path: str, file: _Given, left: int) -> None:
        recent.add(path)
        said = NOTHING
        if file is None:
            said = self.controller.make_way("device")
            self.controller.turn_to(os.path.abspath(path))
        elif isinstance(file, Recording):
            self.recording_given.emit(file)
        elif isinstance(file, Foreign):
            self.foreign_given.emit(file)
        else:
            said = self.controller.open(file)
        others = NOTHING
        if left:
            told = P_(
                "one file is opened at a time: {n:group} that was dropped with it is left",
                "one file is opened at a time: {n:group} that were dropped with it are left",
            )
            others = Text(told, n=left)
        if others or (said and self.window.notice.isHidden()):  # else it is said, or what failed
            self.window.notice.say(joined((said, others), "semicolons"))

    def _typed(self, file: NetworkFile) -> None:
        """The batch stays, unless it was typed with them."""
        session = self.controller.session
        both = session.network.has_batch and file.network.has_batch
        kept = session.batch if both else None
        self.controller.open(replace(file, batch=file.batch or kept))

    def _dropped_text(self, text: str) -> None:
        try:
            self._typed(of_typed(text))
        except InputError as error:
            why = Text(N_("what was dropped is no file; {why}"), why=error.cause)
            self.window.notice.say(why)


def _what(path: str, tick: Tick) -> _Given:
    """The network, the list, the recording or the trace in a file; None of a device."""
    if reading.holds_one(path):
        return named(reading.read(path, tick), path)
    if traces.is_foreign_file(path):
        return traces.read(path, tick)
    try:
        return networks.read_file(path, tick)
    except DeviceGiven:
        return None


def _again(path: str, tick: Tick) -> _Given:
    """The same of a file that was open before, and may be gone."""
    if not os.path.lexists(path):
        recent.remove(path)
        said = N_("{path} is not there any more: the list of recent files forgets it")
        raise InputError(said, path=path)
    return _what(path, tick)
