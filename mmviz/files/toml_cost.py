"""What reading a TOML file will cost, told before it is parsed.

tomllib takes time and memory that grow with the square of the parts of a key (`a.a.a…`), a kilobyte
for every table, and more for a number of a million digits. What is counted here are the marks that
lie outside strings and comments; nothing is understood, so a faulty file stays a matter of tomllib,
which stops at the first fault: until there both see the same marks.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from mmviz.errors import InputError
from mmviz.text import N_, Text

MAX_PARTS = 16  # of a key or a table's head, as in calibration.float16.constants
MAX_DEPTH = 32  # of brackets within brackets
MAX_WORD = 1_000  # characters of a key or a number outside quotes
MAX_NAMES = 50_000  # keys, tables' heads and their further parts
MAX_VALUES = 400_000  # commas
MAX_QUOTES = 800_000  # and signs that begin a comment

# An open string ends where tomllib gives up at the latest, so that no sign is looked at twice.
_QUOTED = re.compile(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'
    rb"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    rb'|"(?:[^"\\\n]++|\\[^\n])*+"?'
    rb"|'[^'\n]*+'?"
    rb"|#[^\n]*+",
    re.DOTALL,
)
_MARKS = b".=,\n[]{}"
_OTHERS = bytes(set(range(256)) - set(_MARKS))
_WORD = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-+:."
_WORDS_ONLY = bytes(0x78 if sign in _WORD else 0x20 for sign in range(256))
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1


def check_quotes(data: bytes, where: str | Text) -> None:
    """Raises InputError, beginning `where:`, where finding all texts and comments is dear."""
    if sum(map(data.count, (b'"', b"'", b"#"))) > MAX_QUOTES:
        raise InputError(
            N_("{where}: more than {most:group} quotes and comments"), where=where, most=MAX_QUOTES
        )


def beside_literals(data: bytes) -> int:
    """Bytes that are not within 'literal strings' of one line, which cost next to nothing.

    For this and for `check_cost`: first `check_quotes`.
    """
    found = (match[0] for match in _QUOTED.finditer(data) if match[0][:1] == b"'")
    return len(data) - sum(len(text) for text in found if text[:3] != b"'''")


def check_cost(data: bytes, where: str | Text) -> None:
    """Raises InputError, beginning `where:`, for TOML that is dear to parse."""
    plain = _QUOTED.sub(b"", data)
    if b"x" * (MAX_WORD + 1) in plain.translate(_WORDS_ONLY):
        raise InputError(
            N_("{where}: a number or a key of more than {most:group} characters"),
            where=where,
            most=MAX_WORD,
        )
    marks = plain.translate(None, _OTHERS)
    if b"." * MAX_PARTS in marks:
        raise InputError(
            N_("{where}: a key of more than {most:group} parts"), where=where, most=MAX_PARTS
        )
    signs = np.frombuffer(marks, np.uint8)
    depth = np.cumsum(_STEP[signs], dtype=np.int32)
    if depth.max(initial=0) > MAX_DEPTH:
        raise InputError(N_("{where}: brackets nested too deep"), where=where)
    if _names(signs, depth) > MAX_NAMES:
        raise InputError(N_("{where}: more than {most:group} keys"), where=where, most=MAX_NAMES)
    if marks.count(b",") > MAX_VALUES:
        raise InputError(N_("{where}: more than {most:group} values"), where=where, most=MAX_VALUES)


def _names(signs: NDArray[np.uint8], depth: NDArray[np.int32]) -> int:
    """Keys, heads of tables (brackets that open a line outside all others), parts beyond two."""
    opens = (signs == ord("[")) & (depth == 1)
    opens[1:] &= signs[:-1] == ord("\n")
    dots = signs == ord(".")
    found = np.count_nonzero(signs == ord("=")) + np.count_nonzero(opens)
    return int(found + np.count_nonzero(dots[1:] & dots[:-1]))
