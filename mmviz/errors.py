"""The errors mmviz raises on purpose. Anything else that escapes is a bug.

    MmvizError
    ├── InputError     what the user gave cannot be used: one sentence, what and where; exit code 2
    ├── Unavailable    a backend or a library is missing here: the reason and the remedy
    └── BenchError     a timing run broke: the child crashed, ran out of memory or hung

Every one carries its cause as a `mmviz.text.Text`, a marked msgid and its values, and is put into
words only where it is shown: in one line, without a full stop's worth of jargon.

    raise InputError(N_("unknown order {order!r:.60}"), order=text)
"""

from __future__ import annotations

import sys
from typing import Any

from mmviz.text import N_, Plural, Text


class MmvizError(Exception):
    """Base of all errors that are shown to the user as one line: `cause`, in the user's words."""

    def __init__(self, msgid: str | Plural | Text, **values: Any) -> None:
        self.cause = msgid if isinstance(msgid, Text) else Text(msgid, **values)
        super().__init__(self.cause)

    def __str__(self) -> str:
        return str(self.cause)


def cause_of(error: BaseException) -> Text:
    """What to say of any error; of one that nobody foresaw its kind and its first line."""
    if isinstance(error, MmvizError):
        return error.cause
    lines = str(error).strip().splitlines()
    said = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return Text(N_("an error in mmviz itself: {error:.200}"), error=said)


def passed_on(error: Exception) -> Text:
    """The same; an error nobody foresaw goes to `sys.excepthook`, too, where it is heard of."""
    if not isinstance(error, MmvizError):
        sys.excepthook(type(error), error, error.__traceback__)
    return cause_of(error)


def reason_of(error: Exception) -> str:
    """What the system says of a file, without its number and the path."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


class InputError(MmvizError):
    """Bad input: an unknown name, a number out of range, a file that cannot be read or written."""


class Unavailable(MmvizError):  # noqa: N818  # it is no error that something optional is not there
    """Something optional is missing on this machine.

    `reason` says what is missing, `remedy` what the user can do about it (may be empty).
    """

    def __init__(self, reason: str | Text, remedy: str | Text = "") -> None:
        self.reason = reason if isinstance(reason, Text) else Text(reason)
        self.remedy = remedy if isinstance(remedy, Text) else Text(remedy)
        whole = Text(N_("{reason}; {remedy}"), reason=self.reason, remedy=self.remedy)
        super().__init__(whole if self.remedy else self.reason)


class BenchError(MmvizError):
    """A timing run ended before it was done; the message says why."""
