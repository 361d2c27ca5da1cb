"""Help of a window: what a term means, where it stands; the window of F1; the finder."""

from __future__ import annotations

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QToolTip

from mmviz.ui.help.finder import Finder
from mmviz.ui.help.hover import Hover
from mmviz.ui.help.terms import bound, places
from mmviz.ui.help.walk import Walk
from mmviz.ui.help.window import HelpWindow
from mmviz.ui.look.plain_keys import typing
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.findables import findables
from mmviz.ui.shell.keys_told import chapters


class HelpControl(QObject):
    """Answers whoever asks what something is."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        window = self.window = controller.window
        self.hover = Hover(window, lambda: window.words)
        self._help: HelpWindow | None = None
        window.commands["help"].triggered.connect(lambda: self.open_help(self.asked_about()))
        self.walk = Walk(window)
        self.walk.asked.connect(self.open_help)
        window.commands["explain"].triggered.connect(self._explain)
        window.device_editor.addActions([window.commands[name] for name in ("help", "explain")])
        self.finder = Finder(window, lambda: findables(controller, self.open_help))
        self.finder.closed.connect(window.keys.rest)
        window.commands["find"].triggered.connect(self._find)
        window.closing.connect(self._close)

    def open_help(self, term: str = "") -> None:
        """The window of help; at a term, where one is asked about."""
        if self._help is None:  # made when it is first asked for
            window = self.window
            self._help = HelpWindow(window.theme, lambda: chapters(window), window)
            self._help.problem.connect(window.notice.say)
        self._help.set_theme(self.window.theme)
        self._help.set_words(self.window.words)
        self._help.open_at(term)

    def asked_about(self) -> str:
        """The term whose tip is shown, or that of a control that was walked to by Tab or
        is typed into; "" for none.
        """
        if QToolTip.isVisible() and self.hover.explained:
            return self.hover.explained[0]
        focus = QApplication.focusWidget()
        if focus is None or not (focus is self.window.keys.plain.kept or typing(focus)):
            return ""  # who plays did not choose what has the focus
        painted = (place.id for place in places(focus, self.window.words))
        return next(iter((*bound(focus), *painted)), "")

    def _find(self) -> None:
        self.finder.set_theme(self.window.theme)
        self.finder.open()

    def _explain(self) -> None:
        if not self.walk.open():
            self.open_help()

    def _close(self) -> None:
        if self._help is not None:
            self._help.close()
