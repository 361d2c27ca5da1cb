"""What is fetched beside the window on somebody's word: a file is read, a race is lined up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PyQt6.QtCore import QObject

from mmviz.text import Text
from mmviz.ui.look.beside import Beside, Work
from mmviz.ui.look.working import WORKING
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.wishes import Wishes

T = TypeVar("T")


class Errand(QObject):
    """One at a time, the newest. The window's one word for all that goes on beside it is said here:
    an errand's own, else that something is derived; its button calls both off.
    """

    def __init__(self, wishes: Wishes) -> None:
        super().__init__(wishes)
        self._window: MainWindow = wishes.window
        self._wishes = wishes
        self._about = WORKING
        self._beside = Beside(self)
        for beside in (self._beside, wishes.beside):
            beside.changed.connect(lambda _: self._say())
        self._beside.ticked.connect(self._window.working.show_done)
        self._window.working.cancelled.connect(self._call_off)

    @property
    def working(self) -> bool:
        """Whether somebody is on the way."""
        return self._beside.working

    def ask(self, about: Text, work: Work[T], then: Callable[[T], None]) -> None:
        """Have `work` done, which `about` says, and `then` something with what it gives."""
        self._about = about
        self._beside.ask(work, then, self._window.notice.say_why)
        self._say()

    def close(self) -> None:
        """Nothing is fetched any more."""
        self._beside.close()

    def _call_off(self) -> None:
        self._beside.drop()
        self._wishes.let_go()

    def _say(self) -> None:
        about = self._about if self.working else WORKING
        self._window.working.show_work(self.working or self._wishes.beside.working, about)
