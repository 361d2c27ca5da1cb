"""A text in lines of a width: a number stays with its unit, and no word is cut or left alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from PyQt6.QtGui import QFont, QFontMetricsF

DOTS = " · "
_CLOSED = ("±", "×", "→")  # never end a line
_UNIT = re.compile(r"(%|×|→|·|min|[hds]|[mµn]s|[kMGTPE]?(B|FLOP|OP|Hz)(/s)?)[.,;:)]*")
_ALONE = 0.15  # of the width: a last word narrower than that takes one more with it
_SPACES = re.compile(" *")


def in_lines(text: str, font: QFont, width: float, *, parted: bool = False) -> tuple[str, ...]:
    """`text` broken at spaces into lines of at most `width` pixels.

    What is wider than a line is broken where it must be. Lines after the first have the spaces
    with which the text begins. parted: of parts with dots between, each in one line if possible.
    """
    metrics = QFontMetricsF(font)
    indent = _SPACES.match(text)[0]  # type: ignore[index]  # none is one, too
    room = max(1.0, width - metrics.horizontalAdvance(indent))

    def fits(line: str) -> bool:
        return metrics.horizontalAdvance(line) <= room

    pieces = _parts(text.strip(" ")) if parted else _held(text.strip(" "))
    lines: list[list[str]] = []
    for piece in _fitting(pieces, fits):
        if lines and fits(" ".join((*lines[-1], piece))):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    if len(lines) > 1 and not parted and len(lines[-1]) == 1 and len(lines[-2]) > 2:
        moved = [lines[-2][-1], *lines[-1]]
        alone = metrics.horizontalAdvance(lines[-1][0]) < _ALONE * room
        if alone and fits(" ".join(moved)):
            lines[-2:] = [lines[-2][:-1], moved]
    return tuple(indent + " ".join(line) for line in lines) or (indent,)


def _parts(text: str) -> list[str]:
    parts = text.split(DOTS)
    return [f"{part} ·" for part in parts[:-1]] + parts[-1:]


def _held(text: str, *, named: bool = True) -> list[str]:
    """Words, and what stays together: '± 7.5 %', '64 × 128'; named: 'batch 300', too."""
    held: list[str] = []
    last = ""
    for word in text.split(" "):
        number = word[:1].isdigit()
        with_last = (
            last in _CLOSED
            or not word
            or (_UNIT.fullmatch(word) and (last[-1:].isdigit() or word[0] in "×→·"))
            or (named and number and last.isalpha())
        )
        if held and with_last:
            held[-1] += f" {word}"
        else:
            held.append(word)
        last = word
    return held


def _fitting(pieces: Iterable[str], fits: Callable[[str], bool]) -> Iterator[str]:
    """Each as it is, or in the fewest that fit: its words, and of a word its letters."""
    for piece in pieces:
        if fits(piece):
            yield piece
        elif " " in piece:
            ways = _held(piece), _held(piece, named=False), piece.split(" ")
            yield from _fitting(next(way for way in ways if len(way) > 1), fits)
        else:
            yield from _letters(piece, fits)


def _letters(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    while word:
        most = bisect_left(range(2, len(word) + 1), True, key=lambda n: not fits(word[:n])) + 1
        yield word[:most]
        word = word[most:]
