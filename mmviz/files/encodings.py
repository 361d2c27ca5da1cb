"""Which letters the bytes of a text stand for: UTF-8, or what spreadsheets write instead."""

from __future__ import annotations

import codecs
import re

MARKED = "\ufeff"  # the byte order mark, which some programs write twice
LATIN = "as-windows-1252"  # how bytes are read that are not UTF-8, as names in older tables
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),  # "Unicode text", as spreadsheets call it
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins with `head`, as Python names it; UTF-8 unless it shows."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:64]
    if len(sample) >= 4 and b"\0" in sample:  # two bytes a sign, and no mark before them
        if not any(sample[1::2]):
            return "utf-16-le"
        if not any(sample[0:-1:2]):
            return "utf-16-be"
    return "utf-8-sig"


def decoded(data: bytes) -> str:
    """`data` as text, whatever it is: the same as a file opened with `encoding_of` and LATIN."""
    return data.decode(encoding_of(data), LATIN).lstrip(MARKED)


def _latin(error: UnicodeError) -> tuple[str, int]:
    """The bytes that cannot be read, each as a letter of its own."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = _NO_ASCII.match(error.object, error.start)  # at one go: there may be megabytes of them
    part = error.object[error.start : error.end if end is None else end.end()]
    return "".join(_LETTERS[byte] for byte in part), error.start + len(part)


def _letter(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:  # five of them stand for nothing
        return chr(byte)


_LETTERS = tuple(map(_letter, range(256)))
_NO_ASCII = re.compile(rb"[\x80-\xff]+")

codecs.register_error(LATIN, _latin)
