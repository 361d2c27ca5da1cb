"""The page about this computer: what it has, what would make it faster, what is missing.

The same as `mmviz doctor` prints; whoever opens it has it looked at again.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from PyQt6.QtCore import Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.leaving import copy
from mmviz.ui.look.rich import unbroken
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.words.doctor import WELL, findings, has, outline, title, well
from mmviz.words.finding import Examined, Finding

LOOKING = N_("Looking at this computer …")
COPY = "copy:"  # what a link says that copies a command


class Computer(Told, QWidget):
    """asked: somebody wants this computer to be looked at. copied: a Text that tells so."""

    asked = pyqtSignal()
    copied = pyqtSignal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._examined: Examined | None = None
        self._problem = NOTHING
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.page = tell(QTextBrowser(), name=N_("This computer"))
        self.page.setFont(fonts.words())
        self.page.setOpenLinks(False)
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.page.anchorClicked.connect(self._follow)
        column.addWidget(self.page, 1)
        row = QHBoxLayout()
        self.again = tell(
            QPushButton(), text=N_("Look again"), tip=N_("After something was installed or changed")
        )
        self.again.clicked.connect(self._ask)
        self.copy = tell(
            QPushButton(), text=N_("Copy these lines"), tip=N_("For a question or a bug report")
        )
        self.copy.clicked.connect(self._copy)
        row.addWidget(self.again)
        row.addWidget(self.copy)
        row.addStretch(1)
        column.addLayout(row)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.say()

    def set_examined(self, examined: Examined) -> None:
        """What was found."""
        self._examined, self._problem = examined, NOTHING
        self.say()

    def set_problem(self, why: Text) -> None:
        """Why nothing was found out."""
        self._problem = why
        self.say()

    def say(self) -> None:
        self.copy.setEnabled(self._examined is not None)
        self.page.setHtml("".join(self._said()))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._examined is None:
            self._ask()

    def _ask(self) -> None:
        self._examined, self._problem = None, NOTHING
        self.say()
        self.asked.emit()

    def _said(self) -> Iterator[str]:
        theme, words = self._theme, self.words
        if self._examined is None:
            yield _paragraph(theme.muted, words(self._problem or Text(LOOKING)))
            return
        yield '<table cellspacing="0" cellpadding="3" width="100%">'
        for name, told in has(self._examined):
            left = _coloured("b", theme.muted, words(name))
            right = _coloured("span", theme.text, words(told))
            yield f'<tr><td width="20%">{left}</td><td>{right}</td></tr>'
        yield "</table>"
        found = findings(self._examined)
        if well(found):
            yield _paragraph(theme.text, words(Text(WELL)))
        kind = ""
        for number, finding in enumerate(found):
            if finding.kind != kind:
                kind = finding.kind
                yield f"<p><br>{_coloured('b', theme.muted, words(title(finding.kind)))}</p>"
            yield from self._finding(number, finding)

    def _finding(self, number: int, finding: Finding) -> Iterator[str]:
        theme, words = self._theme, self.words
        said = unbroken(html.escape(words(finding.whole)))
        bullet = f'<td width="14" style="color:{theme.muted}">•</td>'
        yield f'<table cellpadding="2"><tr>{bullet}<td style="color:{theme.text}">{said}</td></tr>'
        if finding.command:
            family = fonts.figures().family()
            link = f'<a href="{COPY}{number}" style="color:{theme.now_text}">'
            yield (
                f"<tr><td></td><td><span style=\"font-family:'{family}'; "
                f'color:{theme.text}">{html.escape(finding.command)}</span> &nbsp; '
                f"{link}{html.escape(words(Text(N_('Copy'))))}</a></td></tr>"
            )
        yield "</table>"

    def _follow(self, link: QUrl) -> None:
        number = link.toString().removeprefix(COPY)
        if self._examined is not None and number.isdecimal():
            command = findings(self._examined)[int(number)].command
            copy(command)
            self.copied.emit(Text(N_("copied: {command}"), command=command))

    def _copy(self) -> None:
        if self._examined is not None:
            said = (begin + self.words(text) for begin, text in outline(self._examined))
            copy("\n".join(said))


def _paragraph(colour: str, text: str) -> str:
    return f'<p style="margin:0 0 4px 0; color:{colour}">{unbroken(html.escape(text))}</p>'


def _coloured(tag: str, colour: str, text: str) -> str:
    return f'<{tag} style="color:{colour}">{unbroken(html.escape(text))}</{tag}>'
