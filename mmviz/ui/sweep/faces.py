"""What a sweep's chart is written in: faces, and a language."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtGui import QFont, QFontMetricsF

from mmviz.ui.look import fonts
from mmviz.words.speech import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Faces:
    """Of words, of figures, of names."""

    words: QFont
    figures: QFont
    bold: QFont
    say: Words = ENGLISH

    @classmethod
    def of_now(cls, say: Words) -> Faces:
        """Those of the window, or of the paper that is painted on."""
        small = fonts.SMALL
        bold = fonts.words(small, bold=True)
        return cls(fonts.words(small), fonts.figures(small), bold, say)

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return QFontMetricsF(self.words).height()

    def width(self, text: str) -> float:
        """Of words."""
        return QFontMetricsF(self.words).horizontalAdvance(text)

    def bold_width(self, text: str) -> float:
        return QFontMetricsF(self.bold).horizontalAdvance(text)

    def figure_width(self, text: str) -> float:
        return QFontMetricsF(self.figures).horizontalAdvance(text)
