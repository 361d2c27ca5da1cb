"""What a quantity is: how it is computed, what it rests on, its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mmviz.core.provenance import Kind
from mmviz.state.lessons.here import Found, Here, NoData, Value
from mmviz.text import N_

Arguments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """of: of a snapshot, with the arguments in its brackets; raises NoData, Wanted or InputError.

    kind: what it rests on, unless the Found that comes says another. unit: how its number is said.
    least, most: how many arguments it has.
    on: what is clicked on, where it is a set. about: what it is, in a phrase of the page of docs.
    """

    of: Callable[[Here, Arguments], Value | Found]
    kind: Kind
    about: str
    unit: str = ""
    least: int = 0
    most: int = 0
    on: str = ""


def whole(text: str) -> int:
    """An argument that is a number from 0; raises NoData."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NoData(N_("{text!r:.40} is no number from 0"), text=text)
    return int(text)


def pair(text: str) -> tuple[int, int]:
    """An argument '(0,1)'; raises NoData."""
    found = re.fullmatch(r"\(\s*([0-9]{1,9})\s*,\s*([0-9]{1,9})\s*\)", text)
    if not found:
        raise NoData(N_("{text!r:.40} is no row and column in brackets"), text=text)
    return int(found[1]), int(found[2])


def first(arguments: Arguments) -> str:
    """The only argument, "" where there is none."""
    return arguments[0] if arguments else ""


def known(value: Value | None) -> Value:
    """The value; raises NoData where there is none."""
    if value is None:
        raise NoData(N_("no data"))
    return value
