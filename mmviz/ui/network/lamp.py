"""The light that goes over the strip while a network is taught."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from mmviz.state.network.lit import Lit
from mmviz.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Light:
    """lit: what is shown of a lesson, None of none. moment: which part of its last step, None where
    products are lit by their shares.
    """

    lit: Lit | None = None
    moment: int | None = None

    @property
    def said(self) -> Text:
        """What is computed now; NOTHING where shares are shown."""
        if self.lit is None or self.moment is None:
            return NOTHING
        return self.lit.moments[self.moment].said

    def glow(self, product: int) -> float:
        """How bright a product is, 0 … 1."""
        if self.lit is None or product >= len(self.lit.shares):
            return 0.0
        if self.moment is None:
            return self.lit.shares[product]
        return float(self.lit.moments[self.moment].product == product)

    def told(self, product: int) -> Text:
        """'31 %'."""
        if self.lit is None or product >= len(self.lit.told):
            return NOTHING
        return self.lit.told[product]


class Lamp(QObject):
    """Plays the last step of a lesson once, part after part; `changed` after each.

    still: nothing moves by itself.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.light, self.still = Light(), False
        self._newest: Lit | None = None  # played when the one before is over
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)

    def follow(self, lit: Lit | None) -> None:
        """Show this; a step that is being played is played to its end."""
        before, self._newest = self.light, lit
        if lit is None or not lit.moments or self.still:
            self._next.stop()
            self._show(Light(lit))
        elif before.moment is None or before.lit is None or not self._next.isActive():
            self._play(Light(lit, 0))
        elif before.lit.step == lit.step:
            self._show(Light(lit, before.moment))

    def _go_on(self) -> None:
        light = self.light
        if light.lit is not None and light.moment is not None:
            last = len(light.lit.moments) - 1
            if light.moment < last:
                self._play(Light(light.lit, light.moment + 1))
            elif self._newest is not None and self._newest.step != light.lit.step:
                self._play(Light(self._newest, 0))

    def _play(self, light: Light) -> None:
        assert light.lit is not None
        self._next.start(round(1e3 * light.lit.moment_s))
        self._show(light)

    def _show(self, light: Light) -> None:
        if light != self.light:
            self.light = light
            self.changed.emit()
