"""Playing: the one timer and clock that move a playback on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QElapsedTimer, QObject, QTimer, pyqtSignal

from mmviz.state.picture.playback import Playback, advance

FRAME_MS = 16
Length = tuple[float, float | None]
"""How long what is played lasts, and the duration its pace is made for, None: that."""


class Player(QObject):
    """Holds a playback and moves it on; `moved` is emitted after every change of it.

    length: what is played now, None where nothing can. go_on: asked at the end of it; goes on to
    what comes next and says whether there was any.
    """

    moved = pyqtSignal()

    def __init__(
        self,
        length: Callable[[], Length | None],
        go_on: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.playback = Playback()
        self._length, self._go_on = length, go_on
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()

    def set(self, playback: Playback) -> None:
        """Move in time, start or stop; nothing plays where nothing can be drawn."""
        if self._length() is None:
            playback = replace(playback, playing=False)
        if playback.playing and not self._timer.isActive():
            self._clock.start()
            self._timer.start()
        elif not playback.playing:
            self._timer.stop()
        self.playback = playback
        self.moved.emit()

    def stop(self) -> None:
        """No longer playing, and nothing is shown anew: for a window that goes."""
        self._timer.stop()
        self.playback = replace(self.playback, playing=False)

    def _tick(self) -> None:
        wall_s, length = self._clock.restart() / 1e3, self._length()
        if length is None:
            self.set(self.playback)
            return
        playback = advance(self.playback, wall_s, *length)
        if playback.position < 1.0 or not self._go_on():
            self.set(playback)
