"""Ending early: a signal asks for the end, and what was measured until then is told and written."""

from __future__ import annotations

import contextlib
import errno
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from time import monotonic

from mmviz.cli.complain import complain
from mmviz.errors import MmvizError
from mmviz.text import N_, Text
from mmviz.words.speech import Words

STOPPED = N_("stopped")
AGAIN_S = 0.5
EXIT_SIGNALLED = 128  # and the signal's number: what shells say of who was ended by one
ASKING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
"""What asks a program to end: Ctrl+C, kill, a closed terminal or a log-out, Ctrl+Break."""


class Stop(threading.Event):
    """Set by a signal, which it remembers."""

    signal = 0

    @property
    def code(self) -> int:
        """The exit code."""
        return EXIT_SIGNALLED + (self.signal or signal.SIGINT)


class UnheardError(Exception):
    """Nobody hears any more of what was stopped: its terminal is closed. `code`: the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Within it a signal that asks for the end sets the Stop; the rest has time to be told.

    Ctrl+C once more, AGAIN_S later, interrupts as ever, and so does a third signal of another kind:
    at a log-out two may come in a row, and a launcher may pass on what the terminal has sent
    already. What this process was told to ignore (`nohup`) it goes on to ignore. Only the main
    thread may listen.
    """
    stop = Stop()
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in ASKING}
    listened = {n: old for n, old in before.items() if old not in (signal.SIG_IGN, None)}
    came: list[float] = []

    def ask(number: int, _: object) -> None:
        came.append(monotonic())
        if not stop.is_set():
            stop.signal = number
            stop.set()
        elif number == signal.SIGINT and came[-1] - came[0] >= AGAIN_S:
            raise KeyboardInterrupt
        if len(came) > 1:
            for other, handler in listened.items():
                if other != signal.SIGINT:
                    signal.signal(other, handler)

    for number in listened:
        signal.signal(number, ask)
    try:
        yield stop
        if stop.is_set():
            sys.stdout.flush()
    except OSError as error:
        if stop.is_set() and error.errno in (errno.EPIPE, errno.EIO):
            raise UnheardError(stop.code) from None
        raise
    finally:
        for number, handler in listened.items():
            signal.signal(number, handler)


def stopped(words: Words, stop: Stop | None = None, what: str | Text = STOPPED) -> int:
    """Say that it ended early, by which signal if by another than Ctrl+C; the exit code.

    Without a `stop` it was Ctrl+C. what: a marked msgid or a Text.
    """
    found = Stop() if stop is None else stop
    said = what if isinstance(what, Text) else Text(what)
    if found.signal not in (0, signal.SIGINT):
        name = signal.Signals(found.signal).name
        said = Text(N_("{what} ({signal})"), what=said, signal=name)
    complain(words, said)
    return found.code


def do_all(works: Sequence[Callable[[], None]], words: Words) -> None:
    """Do each, whatever becomes of the others: what was measured is not lost by one full disk.

    Raises the last of their MmvizErrors, and says those before it.
    """
    failed: list[MmvizError] = []
    for work in works:
        try:
            work()
        except MmvizError as error:
            failed.append(error)
    for early in failed[:-1]:
        complain(words, early.cause)
    if failed:
        raise failed[-1]
