"""Which lessons there are, how far each is, and what is kept of them: the lists in the window."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.errors import MmvizError
from mmviz.files.atomic import write_bytes
from mmviz.files.lessons import progress as kept
from mmviz.files.lessons.progress import Progress
from mmviz.files.lessons.shelf import Shelf, read_shelf
from mmviz.files.settings import lesson_folders
from mmviz.state.lessons.listed import listed_view
from mmviz.text import N_, Text
from mmviz.ui.lessons.listed import LessonsPanel
from mmviz.ui.shell.dialogs import ask_to_write
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.question import agreed

_CSV = (Text(N_("Tables")), (".csv",))


class WalkShelf(QObject):
    """shelf: None until it is read. on: the id of the lesson that is on, "" where none is.

    asked: a lesson, by its id; forgotten: all guesses are.
    """

    asked = pyqtSignal(str)
    forgotten = pyqtSignal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.shelf: Shelf | None = None
        self.progress = Progress()
        self.on = ""
        self.lists = window.findChildren(LessonsPanel)
        for panel in self.lists:
            panel.asked.connect(self.asked)
            panel.forget_asked.connect(self.forget)
            panel.export_asked.connect(self.export)

    def look(self) -> None:
        """Read which there are, once the list of them is seen."""
        if self.shelf is None and any(not panel.isHidden() for panel in self.lists):
            self.read()

    def read(self) -> Shelf:
        """Which lessons there are, and how far each is."""
        self.shelf = read_shelf(lesson_folders())
        try:
            self.progress = kept.read()
        except MmvizError as error:
            self.window.notice.say_why(error)
        self.show()
        return self.shelf

    def show(self) -> None:
        """The lists, as far as it is known what is in them."""
        if self.shelf is None:
            return
        view = listed_view(self.shelf, self.progress, self.on)
        for panel in self.lists:
            panel.show_view(view)

    def save(self) -> None:
        """Keep how far each is."""
        if not self.progress.steps:
            return
        try:
            kept.write(self.progress)
        except MmvizError as error:
            self.window.notice.say_why(error)

    def forget(self) -> None:
        """Delete all guesses, once the user agrees."""
        said = Text(N_("Delete all guesses, and how far each lesson is? They cannot come back."))
        if not agreed(self.window, said, N_("Delete"), N_("Keep")):
            return
        try:
            kept.forget()
        except MmvizError as error:
            self.window.notice.say_why(error)
            return
        self.progress = Progress()
        self.forgotten.emit()
        self.show()

    def export(self) -> None:
        """Guesses and results as a table."""
        path = ask_to_write(self.window, N_("Export guesses"), "lessons.csv", (_CSV,))
        if not path:
            return
        try:
            write_bytes(path, kept.as_csv(self.progress))
        except MmvizError as error:
            self.window.notice.say_why(error)
        else:
            self.window.notice.say(Text(N_("wrote {path}"), path=path), folder=path)
