"""Texts of a lesson: in English and other languages, with the same names of values in each."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from typing import Any

from mmviz.files.lessons.format import SOURCE, Said
from mmviz.files.lessons.tables import Place, line
from mmviz.text import N_, STEERING

LONGEST = {"zh": 90}  # signs of a text, that it fits the smallest window
LONGEST_ELSE = 160
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_ELSEWHERE = re.compile(r"://|\bwww\.|\bfile:|\bmailto:", re.IGNORECASE)
_FORMATTER = string.Formatter()


def read_said(
    raw: Any, place: Place, key: str, known: Iterable[str] = (), *, bound: bool = True
) -> Said:
    """A text by language; raises InputError where it has no English, names a value that is none of
    `known`, or other ones in one language than in another. bound: its length is.
    """
    if not isinstance(raw, dict):
        raise place.error(N_("{key}: expected a table with a text in each language"), key=key)
    if SOURCE not in raw:
        raise place.error(N_("{key}: the text has no {language}"), key=key, language=SOURCE)
    names: set[str] | None = None
    for language, text in raw.items():
        at = f"{key}.{language}"[:60]
        if not _LANGUAGE.fullmatch(language):
            raise place.error(N_("unknown key {key}"), key=at)
        found = _names(_checked(text, place, at, language, bound), place, at)
        if names is not None and found != names:
            different = sorted(found ^ names)[0]
            raise place.error(
                N_("{key}: {{{name}}} stands in one language only"), key=key, name=different
            )
        names = found
    if unknown := sorted((names or set()) - set(known)):
        raise place.error(N_("{key}: no value is called {name}"), key=key, name=unknown[0][:40])
    return tuple(sorted(raw.items(), key=lambda item: (item[0] != SOURCE, item[0])))


def _checked(text: Any, place: Place, key: str, language: str, bound: bool) -> str:
    plain = text.replace("\n", " ") if isinstance(text, str) else text
    longest = LONGEST.get(language.partition("_")[0], LONGEST_ELSE) if bound else 10_000
    line(plain, place, key, longest)
    if STEERING.search(plain):
        raise place.error(N_("{key}: expected a line of printable characters"), key=key)
    nowhere_else(plain, place, key)
    return str(text)


def nowhere_else(text: str, place: Place, key: str) -> str:
    """A line that has no address of a page or a file in it; raises InputError."""
    if _ELSEWHERE.search(text):
        raise place.error(N_("{key}: a lesson points nowhere outside"), key=key)
    return text


def _names(text: str, place: Place, key: str) -> set[str]:
    """The values a text names: bare names in braces."""
    if "{{" in text or "}}" in text:
        raise place.error(N_("{key}: between braces stands the bare name of a value"), key=key)
    try:
        parsed = [part for part in _FORMATTER.parse(text) if part[1] is not None]
    except ValueError:
        raise place.error(N_("{key}: a brace without its other one"), key=key) from None
    for _, name, how, conversion in parsed:
        if how or conversion or not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?", name or ""):
            raise place.error(N_("{key}: between braces stands the bare name of a value"), key=key)
    return {name or "" for _, name, _, _ in parsed}
