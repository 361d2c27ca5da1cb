"""How fast a lesson goes, which may be changed while it goes on: slow motion, or as it computes.

Who asks for it writes a line to the child's standard input once the child has said something, so
that none of it is read with the plan. A pace changes when steps are taken, and no number in them.
"""

from __future__ import annotations

import math
import os
import threading
from time import perf_counter

import msgspec

MOST_LINE = 1_000  # bytes


class Paced(msgspec.Struct, frozen=True, tag="pace"):
    """pace: steps a second at most, None for as fast as it computes."""

    pace: float | None

    def __post_init__(self) -> None:
        if self.pace is not None and not 0 < self.pace < math.inf:
            raise ValueError("no pace")


class Pace:
    """Steps a second at most, as they are wanted now; None for as fast as it computes."""

    def __init__(self, now: float | None) -> None:
        self.now = now
        self._changed = threading.Event()

    def set(self, pace: float | None) -> None:
        """From now on so, whoever rests."""
        self.now = pace
        self._changed.set()

    def rest(self, began: float) -> None:
        """Wait until the step after the one that began then; another pace is kept at once."""
        while self.now is not None:
            self._changed.clear()
            left = began + 1 / self.now - perf_counter()
            if left <= 0 or not self._changed.wait(min(left, threading.TIMEOUT_MAX)):
                return


def encode(pace: float | None) -> bytes:
    """The line that asks for it, newline included."""
    return msgspec.json.encode(Paced(pace)) + b"\n"


def listen(pace: Pace, descriptor: int = 0) -> threading.Thread:
    """Heed what is asked for, until whoever asks is gone; what is no pace is passed over."""
    thread = threading.Thread(target=_heed, args=(pace, descriptor), daemon=True)
    thread.start()
    return thread


def _heed(pace: Pace, descriptor: int) -> None:
    rest = b""
    while data := _read(descriptor):
        *lines, rest = (rest + data).split(b"\n")
        rest = rest[-MOST_LINE:]
        for line in lines:
            try:
                pace.set(msgspec.json.decode(line, type=Paced).pace)
            except ValueError:
                continue


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, MOST_LINE)
    except OSError:
        return b""
