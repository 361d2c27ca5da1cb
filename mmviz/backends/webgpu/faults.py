"""What wgpu says where something goes wrong, as what it means."""

from __future__ import annotations

import re

from mmviz.errors import MmvizError, Unavailable
from mmviz.text import N_, Text

FAILED = N_("{gpu} fails: {why}")
NOT_OPENED = N_("{gpu} cannot be opened: {why}")
REFUSED = N_("the driver of {gpu} refuses a program: {why}")
LOST = N_("{gpu} was lost: its driver was reset, or the card is gone")
RESET = N_("update the driver of the graphics card")
NO_ROOM = N_("{gpu} is out of memory")
TOO_LARGE = N_("{gpu} holds no {size:size} in one buffer, but {most:size} at most")
NO_HALF = N_("{gpu} does not compute in float16: its driver offers no shader-f16")

_FULL = re.compile("not enough memory|out of memory")


class NoRoomError(MmvizError, MemoryError):
    """The GPU's memory does not suffice."""


class Refused(Unavailable):
    """The driver does not take a program; it may take another."""


def first_line(error: Exception) -> str:
    """What went wrong, in a line: of several, the one that says what, which stands last or, where a
    program is shown, says "error:".
    """
    lines = [line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if "error:" in line] or lines[-1:]
    return said[0][:200] if said else type(error).__name__


def meaning(error: Exception, gpu: str, else_: str = FAILED) -> Exception:
    """The error to raise in the place of one of wgpu's, which calls most of them "validation"."""
    if isinstance(error, MmvizError | MemoryError):
        return error
    said = str(error).lower()
    if type(error).__name__ == "GPUOutOfMemoryError" or _FULL.search(said):
        return NoRoomError(Text(NO_ROOM, gpu=gpu))
    if "lost" in said:
        return Unavailable(Text(LOST, gpu=gpu), RESET)
    text = Text(else_, gpu=gpu, why=first_line(error))
    return Refused(text) if else_ == REFUSED else Unavailable(text)
