"""Threads that stay: all begin a piece of work together, and it is done when the last one is."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from mmviz.backends.cpu_tiles.cores import pin
from mmviz.errors import InputError, MmvizError
from mmviz.text import N_

Work = Callable[[int], None]
"""What each thread does, by its number from 0."""

_LEFT = N_("thread {number} left in the middle of its tiles")
_BROKE = N_("thread {number} broke in the middle of its tiles: {error:.200}")


class Crew:
    """So many threads; each waits for a lock of its own, which costs microseconds where a pool's
    queue costs ten times that. cores: which logical CPU each stays on, () for wherever it is put.
    """

    def __init__(self, threads: int, cores: tuple[int, ...] = ()) -> None:
        self.cores = tuple(cores[number % len(cores)] for number in range(threads)) if cores else ()
        self._go = [threading.Lock() for _ in range(threads)]
        self._done = [threading.Lock() for _ in range(threads)]
        self._work: Work | None = None
        self._faults: dict[int, BaseException] = {}
        self._threads = []
        for number in range(threads):
            self._go[number].acquire()
            self._done[number].acquire()
            thread = threading.Thread(target=self._live, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)
        for done in self._done:  # each is where it stays
            done.acquire()

    def __len__(self) -> int:
        return len(self._threads)

    @property
    def ids(self) -> tuple[int, ...]:
        """Each thread's number in the system."""
        return tuple(thread.native_id or 0 for thread in self._threads)

    def run(self, work: Work) -> None:
        """Every thread does `work`; returns when all have. Raises MmvizError where one of them did
        not come to its end: nothing may be asked of this crew afterwards.
        """
        if self._faults:
            raise self._fault()
        self._work = work
        for go in self._go:
            go.release()
        for done in self._done:
            done.acquire()
        self._work = None
        if self._faults:
            raise self._fault()

    def close(self) -> None:
        """Let them go, and wait until they are gone."""
        self._work = None
        for number, thread in enumerate(self._threads):
            if thread.is_alive():
                self._go[number].release()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _live(self, number: int) -> None:
        if self.cores:
            pin(self.cores[number])
        go, done = self._go[number], self._done[number]
        done.release()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of each thread
            go.acquire()
            while (work := self._work) is not None:
                try:
                    work(number)
                except BaseException as error:  # one that leaves, too: nobody waits for it
                    self._faults[number] = error
                done.release()
                go.acquire()

    def _fault(self) -> Exception:
        number, error = next(iter(self._faults.items()))
        if isinstance(error, MmvizError | MemoryError):
            return error
        if not isinstance(error, Exception):
            return InputError(_LEFT, number=number)
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return InputError(_BROKE, number=number, error=said)
