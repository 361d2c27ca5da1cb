"""Much in one line of TOML: numbers and texts too many to be read by eye, exact, short and quick.

weights = '300x300 eNrs…'    # rows × columns of float64: their first bytes, then their second …
list = 'csv eNrs…'           # a text

zlib's bytes in base64, as a literal string, which TOML's reader takes at one go. What is in it is
never larger than it says beforehand, and is not unfolded where that is too much.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import zlib
from typing import Any

import numpy as np
import tomli_w
from numpy.typing import NDArray

from mmviz.core.shapes.network import MAX_COUNT, MAX_GIVEN
from mmviz.errors import InputError
from mmviz.text import N_, Text

_NUMBERS = re.compile(r"([1-9][0-9]{0,7})x([1-9][0-9]{0,7}) ([A-Za-z0-9+/=]*)", re.ASCII)
_TEXT = re.compile(r"csv ([A-Za-z0-9+/=]*)", re.ASCII)
_WIDTH = 8  # bytes of a number
_LEVEL = 1  # zlib's: random numbers do not get shorter by more work


def pack(array: NDArray[np.float64]) -> str:
    """Numbers [rows × columns]; most are float32s, so that three of their bytes are all zeros."""
    rows, columns = array.shape
    planes = array.astype("<f8").view(np.uint8).reshape(-1, _WIDTH).T.tobytes()
    return f"{rows}x{columns} {_folded(planes)}"


def shape_of(text: str, what: str | Text) -> tuple[int, int]:
    """How many rows and columns `unpack` will give; raises InputError about `what`."""
    found = _NUMBERS.match(text)
    if found is None or max(int(found[1]), int(found[2])) > MAX_COUNT:
        raise _not_packed(what)
    return int(found[1]), int(found[2])


def unpack(text: str, what: str | Text) -> NDArray[np.float64]:
    """The numbers `pack` was given; raises InputError about `what` for any other text."""
    rows, columns = shape_of(text, what)
    found = _NUMBERS.fullmatch(text)
    size = rows * columns
    if found is None or size > MAX_GIVEN:
        raise _not_packed(what)
    data = _unfolded(found[3], size * _WIDTH, what)
    if len(data) != size * _WIDTH:
        raise _not_packed(what)
    planes = np.frombuffer(data, np.uint8).reshape(_WIDTH, size)
    return np.ascontiguousarray(planes.T).view("<f8").reshape(rows, columns)


def pack_text(text: bytes) -> str:
    """A text of several lines."""
    return f"csv {_folded(text)}"


def unpack_text(text: str, most: int, what: str | Text) -> bytes | None:
    """The text `pack_text` was given, None where `text` is not packed.

    Raises InputError about `what` where it is broken or of more than `most` bytes.
    """
    found = _TEXT.fullmatch(text)
    return None if found is None else _unfolded(found[1], most, what)


def dumps(table: dict[str, Any]) -> str:
    """The table as TOML; long packed texts are not looked through sign by sign, as tomli_w does.

    They have no apostrophe and no line end, so that they are literal strings as they are.
    """
    mark, kept = secrets.token_hex(8), list[str]()
    text = tomli_w.dumps(_marked(table, mark, kept))
    return re.sub(f'"{mark}-([0-9]+)"', lambda found: f"'{kept[int(found[1])]}'", text)


def _marked(value: Any, mark: str, kept: list[str]) -> Any:
    """The value with a short mark in the place of each packed text in its tables."""
    if isinstance(value, str) and (_NUMBERS.fullmatch(value) or _TEXT.fullmatch(value)):
        kept.append(value)
        return f"{mark}-{len(kept) - 1}"
    if isinstance(value, dict):
        return {key: _marked(x, mark, kept) for key, x in value.items()}
    if isinstance(value, list) and any(isinstance(x, dict) for x in value):
        return [_marked(x, mark, kept) for x in value]
    return value


def _folded(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, _LEVEL)).decode("ascii")


def _unfolded(text: str, most: int, what: str | Text) -> bytes:
    """At most `most` bytes; raises InputError."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, zlib.error):
        raise _not_packed(what) from None
    if len(data) > most or not reader.eof or reader.unused_data:
        raise _not_packed(what)
    return data


def _not_packed(what: str | Text) -> InputError:
    return InputError(
        N_("{what} must be a list, or packed as mmviz writes it: this text is neither"),
        what=what,
    )
