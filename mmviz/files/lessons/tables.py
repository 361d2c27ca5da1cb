"""Tables of a lesson's file, read strictly: a key that nobody asks for is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mmviz.errors import InputError
from mmviz.text import N_, Text, visible

T = TypeVar("T")
MOST = 1e30  # of any number


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands: what is wrong there is said in one line."""

    file: str
    step: str = ""

    def within(self, step: str) -> Place:
        """In a step of it."""
        return replace(self, step=step)

    def error(self, reason: str | Text, **values: Any) -> InputError:
        """What to raise; reason: a marked msgid and its values."""
        why = reason if isinstance(reason, Text) else Text(reason, **values)
        if not self.step:
            return InputError("{file}: {why}", file=self.file, why=why)
        return InputError(
            N_("{file}: step {step}: {why}"), file=self.file, step=self.step[:40], why=why
        )


class Table:
    """A table whose keys are taken one by one; `done` raises InputError for those nobody took."""

    def __init__(self, raw: Any, place: Place, what: str) -> None:
        """what: the key it stands at."""
        if not isinstance(raw, dict):
            raise place.error(N_("{what}: expected a table"), what=what[:60])
        self.raw, self.place, self.what = dict(raw), place, what

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def raw_of(self, key: str) -> Any:
        """What stands at a key, None where nothing does."""
        return self.raw.pop(key, None)

    def text(self, key: str, *, needed: bool = True, longest: int = 400) -> str:
        """A printable line; "" where none is needed and none is there."""
        return self._kind(key, str, needed, "") and self._line(key, longest)

    def whole(self, key: str, least: int, most: int, without: int | None = None) -> int:
        """A whole number from least to most; needed where there is no `without`."""
        value = self.raw.pop(key, without)
        if value is None or isinstance(value, bool) or not isinstance(value, int):
            raise self.place.error(N_("{key}: expected a whole number"), key=self._at(key))
        return int(self._within(key, value, least, most))

    def number(self, key: str, least: float, most: float, without: float | None = None) -> float:
        """A number from least to most."""
        return self._within(key, number(self.raw.pop(key, without), self.place, key), least, most)

    def flag(self, key: str) -> bool:
        """true or false; false where it is not there."""
        value = self.raw.pop(key, False)
        if not isinstance(value, bool):
            raise self.place.error(N_("{key}: expected true or false"), key=self._at(key))
        return value

    def items(self, key: str, least: int, most: int, *, needed: bool = True) -> list[Any]:
        """A list of so many things; [] where none is needed and none is there."""
        value = self.raw.pop(key, None)
        if value is None and not needed:
            return []
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.place.error(
                N_("{key}: expected a list of {least} to {most}"),
                key=self._at(key),
                least=least,
                most=most,
            )
        return value

    def one_of(self, key: str, known: Iterable[str], without: str | None = None) -> str:
        """One of these words."""
        value = self.raw.pop(key, without)
        return word(value, known, self.place, self._at(key))

    def done(self) -> None:
        """Raises InputError for a key that nobody knows."""
        if self.raw:
            unknown = visible(str(next(iter(self.raw))))[:40]
            if self.what:
                unknown = f"{self.what}.{unknown}"
            raise self.place.error(N_("unknown key {key}"), key=unknown)

    def _at(self, key: str) -> str:
        return f"{self.what}.{key}" if self.what else key

    def _kind(self, key: str, kind: type[T], needed: bool, without: T) -> T:
        value = self.raw.get(key, None if needed else without)
        if not isinstance(value, kind):
            raise self.place.error(N_("{key}: expected text"), key=self._at(key))
        return value

    def _line(self, key: str, longest: int) -> str:
        return line(self.raw.pop(key), self.place, self._at(key), longest)

    def _within(self, key: str, value: float, least: float, most: float) -> float:
        if not least <= value <= most:
            raise self.place.error(
                N_("{key}: expected a number from {least} to {most}"),
                key=self._at(key),
                least=least,
                most=most,
            )
        return value


def number(value: Any, place: Place, key: str) -> float:
    """A finite number; raises InputError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.error(N_("{key}: expected a number"), key=key)
    if not math.isfinite(value) or abs(value) > MOST:
        raise place.error(N_("{key}: expected a finite number of at most 1e30"), key=key)
    return value


def line(value: Any, place: Place, key: str, longest: int) -> str:
    """A printable line; raises InputError."""
    if not isinstance(value, str):
        raise place.error(N_("{key}: expected text"), key=key)
    if not value or not value.isprintable():
        raise place.error(N_("{key}: expected a line of printable characters"), key=key)
    if len(value) > longest:
        raise place.error(N_("{key}: longer than {longest} characters"), key=key, longest=longest)
    return value


def word(value: Any, known: Iterable[str], place: Place, key: str) -> str:
    """One of these words; raises InputError that lists them."""
    words = tuple(known)
    if not isinstance(value, str) or value not in words:
        raise place.error(
            N_("{key}: {value!r:.40} is none of {known}"),
            key=key,
            value=value,
            known=", ".join(words),
        )
    return value
