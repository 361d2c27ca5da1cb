"""The errors mmviz raises on purpose. Anything else that escapes is a bug.

    MmvizError
    ├── InputError     what the user gave cannot be used: one sentence, what and where; exit code 2
    ├── Unavailable    a backend or a library is missing here: the reason and the remedy
    └── BenchError     a timing run broke: the child crashed, ran out of memory or hung

Every message is one line, without a full stop's worth of jargon: it is shown to the user as it is.
"""

from __future__ import annotations


class MmvizError(Exception):
    """Base of all errors that are shown to the user as one line."""


class InputError(MmvizError):
    """Bad input: an unknown name, a number out of range, a file that cannot be read or written."""


class Unavailable(MmvizError):  # noqa: N818  # it is no error that something optional is not there
    """Something optional is missing on this machine.

    `reason` says what is missing, `remedy` what the user can do about it (may be empty).
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(f"{reason}; {remedy}" if remedy else reason)
        self.reason = reason
        self.remedy = remedy


class BenchError(MmvizError):
    """A timing run ended before it was done; the message says why."""
