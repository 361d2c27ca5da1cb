"""What a bar leaves out, step by step, as its window becomes narrower."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QWidget


class GiveWay:
    """steps: what goes first, second …; `more` is shown where something of `kept` is hidden, which
    it offers in a menu.
    """

    def __init__(
        self,
        bar: QWidget,
        steps: Sequence[Sequence[QWidget]],
        more: QWidget,
        kept: Sequence[QWidget],
    ) -> None:
        self._bar, self._steps, self._more, self._kept = bar, steps, more, kept
        self._needed: list[int] = []
        self._instead: list[tuple[QWidget, QWidget]] = []

    def instead(self, gone: Sequence[QWidget], shown: QWidget) -> None:
        """Where `gone` gave way, `shown` stands for all of them."""
        self._instead.append((gone[0], shown))

    def measure(self) -> int:
        """Find out how wide the bar has to be after each step; the least width of all."""
        self._needed = []
        for taken in range(len(self._steps) + 1):
            self._take(taken)
            self._needed.append(self._bar.minimumSizeHint().width())
        return self._needed[-1]

    def fit(self, width: int) -> None:
        """Take as many steps as a bar of this width needs."""
        last = len(self._steps)
        self._take(next((i for i, need in enumerate(self._needed) if need <= width), last))

    def _take(self, taken: int) -> None:
        for i, step in enumerate(self._steps):
            for widget in step:
                widget.setVisible(i >= taken)
        for gone, shown in self._instead:
            shown.setVisible(gone.isHidden())
        self._more.setVisible(any(widget.isHidden() for widget in self._kept))
