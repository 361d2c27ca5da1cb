"""What can be found by typing a part of it, and which of it comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mmviz.text import NOTHING, Text
from mmviz.words.speech import Words

MOST = 60  # lines: who wants more types more


@dataclass(frozen=True, slots=True)
class Findable:
    """title: what it is called; kind: what it is; more: what stands beside it, and is searched,
    too, where it is `told`; go: to it.
    """

    title: Text
    kind: Text
    go: Callable[[], object]
    more: Text = NOTHING
    told: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A findable as it is said: title, kind, and in small letters what else is searched."""

    title: str
    kind: str
    searched: str
    of: Findable


def said(findables: Iterable[Findable], words: Words) -> list[Line]:
    """All of them in a language, in their order. There may be ten thousand: what stands beside
    them is said of those that are shown.
    """
    kinds: dict[Text, str] = {}
    lines = []
    for one in findables:
        kind = kinds.get(one.kind) or kinds.setdefault(one.kind, words(one.kind))
        title = words(one.title)
        parts = (title, kind, words(one.more)) if one.told else (title, kind)
        lines.append(Line(title, kind, " ".join(parts).lower(), one))
    return lines


def found(lines: Iterable[Line], typed: str) -> list[Line]:
    """Those with all that was typed in them, at most MOST: titles that are it, begin with it, have
    a word that begins with it, have it anywhere; then those in whose other words it stands.

    What is equally near keeps its order. Nothing typed: the first ones.
    """
    wanted = " ".join(typed.lower().split())
    ranked = ((_rank(line, wanted), line) for line in lines)
    kept = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    return [line for _, line in kept[:MOST]]


def _rank(line: Line, wanted: str) -> int | None:
    """How near it is, 0 the nearest; None for not at all."""
    title = line.title.lower().strip()
    if title == wanted:
        return 0
    if title.startswith(wanted):
        return 1
    if f" {wanted}" in title:
        return 2
    if wanted in title:
        return 3
    return 4 if all(part in line.searched for part in wanted.split()) else None
