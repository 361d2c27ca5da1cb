"""Reading TOML nobody vouches for: bounded, and every failure is one sentence."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from mmviz.errors import InputError
from mmviz.files.ordinary import reading

MAX_BYTES = 1_000_000

T = TypeVar("T")


def read_bounded(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file of at most `max_bytes`.

    Raises InputError, naming the file, for a missing or unreadable one, a folder, a pipe or a
    device (which might never end), and one that is too large.
    """
    with reading(path), open(path, "rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(f"cannot read {path}: larger than {max_bytes:,} bytes")
    return data


def decode(data: bytes, where: str, kind: type[T]) -> T:
    """`data` as TOML of the shape `kind`, a msgspec.Struct; InputError begins with `where:`."""
    try:
        text = data.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 text (byte {error.start})") from None
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not valid TOML: {_one_line(error)}") from None
    except RecursionError:
        raise InputError(f"{where}: brackets nested too deep") from None
    except ValueError as error:  # a number of over 4,300 digits, a date that does not exist
        long = "int_max_str_digits" in str(error)
        reason = "a number of thousands of digits" if long else _one_line(error)
        raise InputError(f"{where}: {reason}") from None
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, OverflowError, RecursionError) as error:
        raise InputError(f"{where}: {_named(_one_line(error))}") from None


def read(path: Path, kind: type[T]) -> T:
    """The file at `path` as TOML of the shape `kind`; raises InputError."""
    return decode(read_bounded(path), str(path), kind)


def _named(message: str) -> str:
    """msgspec's 'Expected `int`, got `str` - at `$.layers[0].units`' with the place first."""
    what, _, place = message.partition(" - at `$")
    place = place.removesuffix("`").removeprefix(".")
    words = {"int": "a whole number", "float": "a number", "str": "text", "array": "a list"}
    words["float | object"] = "a number"  # or a table that says more of it
    for name, word in words.items():
        what = what.replace(f"`{name}`", word).replace(f"`{name} | null`", word)
    what = what[:1].lower() + what[1:]
    return f"{place}: {what}" if place else what


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
