"""What does not fit is cut with …: a name, a label that gives way, a text in a box."""

from __future__ import annotations

import re

from PyQt6.QtCore import QEvent, QRect, QSize, Qt
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel, as_tip


def both_ends(name: str, most: int) -> str:
    """At most so many characters of a name, both ends: they are what names differ in."""
    half = most // 2
    return name if len(name) <= most else f"{name[:half]}…{name[-half:]}"


class Eliding(QLabel):
    """`show_text` takes the whole text; while it is cut, the tool tip has all of it. A `tip` of
    its own, which says more, stays; a text that it begins with is left out where it is seen whole.

    Its width is what the layout leaves it, so a long text never widens a panel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = self._tip = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show as much of `text` as has room."""
        self.whole, self._tip = text, tip
        self._cut()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Of the whole text, for a layout that aligns it."""
        margins = self.width() - self.contentsRect().width()
        wide = self.fontMetrics().horizontalAdvance(self.whole) + margins + 2
        return QSize(wide, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        cut = shown != self.whole
        tip = self._tip if cut else self._tip.removeprefix(f"{self.whole}\n")
        if not cut and tip == self.whole:
            tip = ""
        self.setToolTip(as_tip(tip or (self.whole if cut else "")))
        self.setAccessibleName(self._tip or self.whole)


class Shrinking(Eliding):
    """In smaller type, then on two lines, before it is cut; one line is always as high."""

    def hasHeightForWidth(self) -> bool:
        """See `Wrapping`."""
        return False

    def _cut(self) -> None:
        room, sizes = self.contentsRect().width(), (fonts.TITLE, fonts.TEXT, fonts.SMALL)
        faces = [*(fonts.words(size, bold=True) for size in sizes), fonts.words(fonts.SMALL)]
        fits = [f for f in faces if QFontMetrics(f).horizontalAdvance(self.whole) <= room]
        self.setFont(fits[0] if fits else faces[-1])
        self.setWordWrap(not fits)
        high, two = QFontMetrics(faces[0]).height(), 2 * self.fontMetrics().lineSpacing()
        self.setFixedHeight((high if fits else max(high, two)) + 2)
        super()._cut()
        whole = fitted(self.whole, self.fontMetrics(), room, two).replace(_BREAK, "")
        if not fits and room > 0 and whole == self.whole:
            self.setText(whole)
            self.setToolTip("")


class Wrapping(PlainLabel):
    """Secondary text that is seen whole, in as many lines as its width takes; it widens nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("muted")
        self.setFont(fonts.words(fonts.SMALL))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def whole(self) -> str:
        """What is said."""
        return self.text()

    def show_text(self, text: str) -> None:
        """Say this instead."""
        self.setText(text)
        self._fit()

    def hasHeightForWidth(self) -> bool:
        """Not asked by layouts: one that is would want the usual height of all beside it, too, and
        scroll where the least would do.
        """
        return False

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Qt's own answer is never less than the height that was set before.
        room = QRect(0, 0, max(self.width(), 1), _TALL)
        lines = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        self.setFixedHeight(max(lines.height(), self.fontMetrics().height()))


_BREAK = "\u200b"  # not seen; a line may end there
_TALL = 1_000_000


class FittedLabel(PlainLabel):
    """A label of a few lines, whose words may be longer than a line."""

    def fit(self, text: str, width: int, height: int) -> None:
        """Show as much of `text` as has room; the whole is told to screen readers."""
        shown = fitted(text, self.fontMetrics(), width, height)
        self.setFixedWidth(width)
        self.setText(shown)
        self.setAccessibleDescription("" if self.text() == text else text)

    def text(self) -> str:
        """What is read, without the places where Qt may end a line."""
        return super().text().replace(_BREAK, "")


def fitted(text: str, metrics: QFontMetrics, width: int, height: int) -> str:
    """As much of `text` as has room in `width` × `height` pixels, in lines.

    A word that is wider than a line is broken where the line ends.
    """

    def broken(word: re.Match[str]) -> str:
        return _BREAK.join(word[0]) if metrics.horizontalAdvance(word[0]) > width else word[0]

    def tall(letters: int) -> int:
        room = QRect(0, 0, width, _TALL)
        shown = whole[:letters] + "…" * (letters < len(whole))
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, shown).height()

    whole = re.sub(r"\S+", broken, text)
    least, most = 0, len(whole)
    if tall(most) <= height:
        return whole
    while least + 1 < most:
        middle = (least + most) // 2
        least, most = (middle, most) if tall(middle) <= height else (least, middle)
    return whole[:least].rstrip() + "…"
