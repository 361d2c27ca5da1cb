"""What a look at this computer finds: one thing to know, with its remedy and its command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.backends.registry import Entry
from mmviz.bench.health import Health
from mmviz.text import NOTHING, Text

Kind = Literal["slow", "missing", "unread"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: what it is, what to do about it, NOTHING where nothing can be, and the command
    that does it, "" where none does. about: what was looked at, always the same for a program.
    """

    about: str
    kind: Kind
    said: Text
    remedy: Text = NOTHING
    command: str = ""

    @property
    def whole(self) -> Text:
        """What it is and what to do, in one sentence; the command stands below it."""
        if not self.remedy:
            return self.said
        return Text("{said}; {remedy}", said=self.said, remedy=self.remedy)


@dataclass(frozen=True, slots=True)
class Examined:
    """All that the checks look at. usable: cores that products may run on. uncalibrated, window:
    why this machine has no calibration, and why no window can open; NOTHING where that is well.
    """

    health: Health
    entries: tuple[Entry, ...] = ()
    usable: int = 1
    uncalibrated: Text = NOTHING
    window: Text = NOTHING


def unset(variable: str, system: str) -> str:
    """A command of the system's usual shell."""
    return f"Remove-Item Env:{variable}" if system == "win32" else f"unset {variable}"


def put(variable: str, value: str, system: str) -> str:
    if system == "win32":
        return f"$Env:{variable} = '{value}'"
    return f"export {variable}={value}"
