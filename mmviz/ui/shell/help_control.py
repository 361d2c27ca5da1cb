"""Help of a window: what a term means, where it stands; the window of F1; the finder."""

from __future__ import annotations

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QToolTip

from mmviz.errors import passed_on
from mmviz.state.checkup import examine
from mmviz.text import Text
from mmviz.ui.help.finder import Finder
from mmviz.ui.help.hover import Hover
from mmviz.ui.help.terms import bound, places
from mmviz.ui.help.walk import Walk
from mmviz.ui.help.window import HelpWindow
from mmviz.ui.look.beside import Beside
from mmviz.ui.look.plain_keys import typing
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.findables import findables
from mmviz.ui.shell.keys_told import chapters


class HelpControl(QObject):
    """Answers whoever asks what something is."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        window = self.window = controller.window
        self.hover = Hover(window, lambda: window.words)
        self._help: HelpWindow | None = None
        window.commands["help"].triggered.connect(lambda: self.open_help(self.asked_about()))
        window.commands["computer"].triggered.connect(lambda: self.opened().open_computer())
        self._beside = Beside(self)
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
        self.opened().open_at(term)

    def opened(self) -> HelpWindow:
        """The window of help, in the window's theme and language."""
        if self._help is None:  # made when it is first asked for
            window = self.window
            self._help = HelpWindow(window.theme, lambda: chapters(window), window)
            self._help.problem.connect(window.notice.say)
            self._help.computer.asked.connect(self._look)
            self._help.computer.copied.connect(self._told)
        self._help.set_theme(self.window.theme)
        self._help.set_words(self.window.words)
        return self._help

    def _told(self, text: Text) -> None:
        """Of what was done in the window of help, there."""
        assert self._help is not None
        self.window.notice.say(text, beside=self._help.computer.copy)

    def _look(self) -> None:
        """At this computer, beside the window, once it is known who can compute here."""
        self._controller.look_around(self._examine)

    def _examine(self) -> None:
        if self._help is not None:
            entries, page = self._controller.facts.backends, self._help.computer
            self._beside.ask(
                lambda tick: examine(entries=entries, tick=tick),
                page.set_examined,
                lambda error: page.set_problem(passed_on(error)),
            )

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
        self._beside.close()
        if self._help is not None:
            self._help.close()
