"""Reading TOML nobody vouches for: bounded, and every failure is one sentence."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from mmviz.errors import InputError
from mmviz.files import kinds
from mmviz.files.encodings import MARKED
from mmviz.files.ordinary import BLOCK, Tick, check_size, no_tick, reading
from mmviz.files.toml_cost import beside_literals, check_cost, check_quotes
from mmviz.text import N_, Text, own, visible

MAX_BYTES = 1_000_000

T = TypeVar("T")


def read_bounded(
    path: str | os.PathLike[str], max_bytes: int = MAX_BYTES, tick: Tick = no_tick
) -> bytes:
    """The bytes of an ordinary file of at most `max_bytes`, with a `tick` for each BLOCK of them.

    Raises InputError, naming the file, for a missing or unreadable one, a folder, a pipe or a
    device (which might never end), and one that is too large.
    """
    data = bytearray()
    with reading(path), open(path, "rb") as file:
        whole = os.fstat(file.fileno()).st_size
        check_size(whole, path, max_bytes)
        while part := file.read(min(BLOCK, max_bytes + 1 - len(data))):
            data += part
            tick(len(data), whole)
    check_size(len(data), path, max_bytes)  # it may have grown, or say that it holds nothing
    return bytes(data)


def decode(data: bytes, where: str | Text, kind: type[T]) -> T:
    """`data` as TOML of the shape `kind`, a msgspec.Struct; InputError begins with `where:`."""
    return shaped(loads(data, where), where, kind)


def loads(data: bytes, where: str | Text, plain: int = MAX_BYTES) -> dict[str, Any]:
    """`data` as TOML of any shape, bounded by `toml_cost`; InputError begins with `where:`.

    plain: the most bytes there may be beside what `mmviz.files.packed` has packed.
    """
    check_quotes(data, where)
    if len(data) > plain and beside_literals(data) > plain:
        raise InputError(
            N_("{where}: larger than {most:group} bytes without its packed numbers"),
            where=where,
            most=plain,
        )
    try:
        return _loads(data, where)
    except InputError:
        kinds.check(data[: kinds.HEAD], where, N_("a TOML file is read here"))  # a better reason
        raise


def _loads(data: bytes, where: str | Text) -> dict[str, Any]:
    try:
        text = data.decode().lstrip(MARKED)
    except UnicodeDecodeError as error:
        raise InputError(
            N_("{where}: not UTF-8 text (byte {byte})"), where=where, byte=error.start
        ) from None
    check_cost(data, where)
    try:
        raw: dict[str, Any] = tomllib.loads(text)
        place = _too_long(raw)
    except RecursionError:  # dotted keys within brackets: each alone would do
        raise InputError(N_("{where}: brackets nested too deep"), where=where) from None
    except ValueError as error:
        raise InputError(
            N_("{where}: not valid TOML: {reason}"), where=where, reason=_one_line(error)
        ) from None
    if place is not None:
        raise InputError(
            N_("{where}: {place}: a whole number of more than 64 bits"),
            where=where,
            place=place[:60],
        )
    return raw


def shaped(raw: dict[str, Any], where: str | Text, kind: type[T]) -> T:
    """What `loads` gave as a msgspec.Struct `kind`; InputError begins with `where:`."""
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, OverflowError, RecursionError) as error:
        raise InputError(
            "{where}: {reason}", where=where, reason=_reason(_one_line(error), kind)
        ) from None


def read(path: Path, kind: type[T]) -> T:
    """The file at `path` as TOML of the shape `kind`; raises InputError."""
    return decode(read_bounded(path), str(path), kind)


# msgspec hands over finished English sentences; these can come up, the last that fits is said.
# Another one stays as it is.
_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), msgid)
    for pattern, msgid in (
        ("Expected `(?P<kind>.*)`, got `(?P<got>.*)`", N_("expected {kind}, got {got}")),
        (
            "Expected `(?P<kind>int( . null)?)`, got `float`",
            N_("expected {kind}, got a number with a point or an exponent"),
        ),
        (
            "Expected `(?P<kind>array)` of length (?P<length>[0-9]+), got (?P<had>[0-9]+)",
            N_("expected {kind} of length {length}, got {had}"),
        ),
        ("Invalid enum value (?P<value>.*)", N_("{value} is none of {known}")),
        ("Object contains unknown field (?P<name>.*)", N_("object contains unknown field {name}")),
        (
            "Object missing required field (?P<name>.*)",
            N_("object missing required field {name}"),
        ),
    )
)
_KINDS = {
    "int": N_("a whole number"),
    "float": N_("a number"),
    "float | object": N_("a number"),  # or a table with one
    "str": N_("text"),
    "array": N_("a list"),
    "object": N_("a table"),
    "bool": N_("true or false"),
    "str | array": N_("a list"),  # or text that mmviz packed itself
}


def version_of(raw: dict[str, Any], where: str, without: int) -> int:
    """The number at `version`, `without` where there is none; raises InputError as `shaped`."""
    version = shaped(raw, where, _Version).version
    return without if version is None else version


class _Version(msgspec.Struct):
    version: int | None = None


def without_none(value: Any) -> Any:
    """Without the keys that hold None, which TOML cannot write."""
    if isinstance(value, dict):
        return {key: without_none(x) for key, x in value.items() if x is not None}
    return [without_none(x) for x in value] if isinstance(value, list | tuple) else value


def _too_long(value: Any, place: str = "") -> str | None:
    """Where a whole number lies that no 64 bits hold, None: nowhere; TOML promises no more."""
    if isinstance(value, dict):
        inner: Iterable[tuple[str, Any]] = ((f".{key}", x) for key, x in value.items())
    elif isinstance(value, list):
        inner = ((f"[{i}]", x) for i, x in enumerate(value) if not isinstance(x, float | str))
    else:
        wide = isinstance(value, int) and not -(2**63) <= value < 2**63
        return place.removeprefix(".") if wide else None
    found = (_too_long(x, place + step) for step, x in inner)
    return next((where for where in found if where is not None), None)


def _reason(message: str, kind: type) -> Text:
    """msgspec's 'Expected `int`, got `str` - at `$.layers[0].units`' with the place first."""
    what, _, place = message.partition(" - at `$")
    place = place.removesuffix("`").removeprefix(".")
    said = own(what[:1].lower() + what[1:])
    for pattern, msgid in _REASONS:
        if found := pattern.fullmatch(what):
            values = found.groupdict()
            kinds = {name: _kind(values[name]) for name in ("kind", "got") if name in values}
            if "value" in values:
                words = _words(inspect.type_info(kind), place.rpartition(".")[2])
                values["known"] = ", ".join(dict.fromkeys(words))
            said = Text(msgid, **(values | kinds))
    return Text("{place}: {reason}", place=place, reason=said) if place else said


def _words(info: inspect.Type, field: str, here: bool = False) -> Iterator[str]:
    """The words that a field of that name may hold, wherever it lies."""
    match info:
        case inspect.LiteralType(values=values) if here:
            yield from map(str, values)
        case inspect.StructType(fields=fields):
            for one in fields:
                yield from _words(one.type, field, one.encode_name == field)
        case inspect.UnionType(types=types):
            for part in types:
                yield from _words(part, field, here)
        case inspect.DictType(value_type=part) | inspect.VarTupleType(item_type=part):
            yield from _words(part, field)


def _kind(name: str) -> Text:
    known = _KINDS.get(name.removesuffix(" | null"))
    return own(f"`{name}`") if known is None else Text(known)


def _one_line(error: Exception) -> str:
    return visible(" ".join(str(error).split()))[:200]  # as long as it is when it is seen
