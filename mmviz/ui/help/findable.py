"""What can be found by typing a part of it, and which of it comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mmviz.text import NOTHING, Text
from mmviz.words.speech import Words

MOST = 60  # lines: who wants more types more


@dataclass(frozen=True, slots=True)
class Findable:
    """title: what it is called; kind: what it is; more: what stands beside it; go: to it."""

    title: Text
    kind: Text
    go: Callable[[], object]
    more: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """A findable as it is said: title, what is beside it, kind."""

    title: str
    more: str
    kind: str
    go: Callable[[], object]


def said(findables: Iterable[Findable], words: Words) -> list[Line]:
    """All of them in a language, in their order."""
    return [Line(words(one.title), words(one.more), words(one.kind), one.go) for one in findables]


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
    everything = f"{title} {line.more} {line.kind}".lower()
    return 4 if all(part in everything for part in wanted.split()) else None
