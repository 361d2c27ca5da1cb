"""Guesses of before, each with what came out: an earlier step's, or all of a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.lessons.card import Recalled, Summed
from mmviz.text import N_, Text, own
from mmviz.ui.lessons.answering import RIGHT
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked
from mmviz.ui.look.wrapped import Wrapped
from mmviz.words.lessons import Judged, say
from mmviz.words.speech import Words

APART = 6  # pixels between pairs


def judged(line: Judged, words: Words) -> str:
    """Guess and result, with a mark before those that agree."""
    return (RIGHT if line.equal else "") + say(line, words)


class Past(QWidget):
    """Lines in pairs: what was asked, muted, and below it guess and result."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.lines: list[Wrapped] = []

    def show_recalled(self, recalled: Recalled | None, words: Words) -> None:
        """An earlier guess, "" of none."""
        self.setVisible(recalled is not None)
        if recalled is None:
            self._show([])
            return
        title = own(say(recalled.lesson, words))
        ask, line = own(say(recalled.ask, words)), own(judged(recalled.line, words))
        asked = Text(N_("Earlier, in “{title}”: {ask}"), title=title, ask=ask)
        self._show([(words(asked), words(line))])

    def show_rows(self, rows: Sequence[Summed], words: Words) -> None:
        """All of a lesson."""
        self._show([(say(row.ask, words), self._result(row, words)) for row in rows])

    def _result(self, row: Summed, words: Words) -> str:
        if row.line is not None:
            return judged(row.line, words)
        state = N_("Done") if row.done else N_("Skipped") if row.skipped else N_("Not asked")
        told = Text(state)
        if row.best:
            told = Text(N_("{state}, your best: {best}"), state=told, best=row.best)
        if row.note:
            told = Text(N_("{state}: “{note}”"), state=told, note=row.note)
        return words(told)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        for i, label in enumerate(self.lines):
            inked(label, theme.text if i % 2 else theme.muted)

    def _show(self, pairs: Sequence[tuple[str, str]]) -> None:
        texts = [text for pair in pairs for text in pair]
        while len(self.lines) > len(texts):
            label = self.lines.pop()
            self._column.removeWidget(label)
            label.hide()
            label.deleteLater()
        while len(self.lines) < len(texts):
            label = Wrapped(fonts.SMALL)
            if self.lines and len(self.lines) % 2 == 0:
                label.setContentsMargins(0, APART, 0, 0)
            self._column.addWidget(label)
            self.lines.append(label)
        for label, text in zip(self.lines, texts, strict=True):
            label.setText(text)
        self.set_theme(self.theme)
