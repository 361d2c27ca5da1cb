"""Any file that holds a recording of mmviz: its own npz, or the Chrome Trace JSON it wrote."""

from __future__ import annotations

import os

from mmviz.core.recording.recording import Recording
from mmviz.files.kinds import HEAD, is_recording
from mmviz.files.ordinary import Tick, no_tick, reading
from mmviz.files.recordings import chrome_reading, npz


def holds_one(path: str | os.PathLike[str]) -> bool:
    """Whether it begins as such a file does, sound or not; raises InputError where it cannot be
    read.
    """
    head = _head(path)
    return is_recording(head) or chrome_reading.is_own(head)


def read(path: str | os.PathLike[str], tick: Tick = no_tick) -> Recording:
    """The recording; raises InputError for a file that holds none, or one that cannot have been."""
    own = chrome_reading.is_own(_head(path))
    return chrome_reading.read(path, tick) if own else npz.read(path, tick)


def _head(path: str | os.PathLike[str]) -> bytes:
    with reading(path), open(path, "rb") as file:
        return file.read(HEAD)
