"""Which counts of a range a sweep looks at, so that no edge of a tile is stepped over."""

from __future__ import annotations

import math

from mmviz.errors import InputError
from mmviz.text import N_, Text


def stepped(
    low: int, high: int, step: int, what: str | Text, most: int, others: int = 1
) -> tuple[int, ...]:
    """low, low + step, … up to high; raises InputError, about `what`, for too many.

    `most` points fit a sweep; each of these is combined with `others` of another range.
    """
    if low > high:
        said = N_("{what} begins at {low:group}, above its end {high:group}")
        raise InputError(said, what=what, low=low, high=high)
    count = (high - low) // step + 1
    if count * others > most:
        room = max(1, most // others)
        needed = step * math.ceil(count / room)
        fits = Text(N_("the {most:group} of a sweep"), most=most)
        if others > 1:
            said = N_(
                "the {room:group} that fit a sweep of {most:group} beside {others:group} others"
            )
            fits = Text(said, room=room, most=most, others=others)
        raise InputError(
            N_(
                "{what} has {count} points, more than {fits}: a step of {needed} or more would "
                "do, as {low:d}:{high:d}:{needed:d}"
            ),
            what=what,
            count=count,
            fits=fits,
            needed=needed,
            low=low,
            high=high,
        )
    return tuple(range(low, high + 1, step))


def edged(low: int, high: int, most: int) -> tuple[int, ...]:
    """Every count where these are at most `most`; else multiples of a step, and one past each.

    The step is a power of two, so that tiles are full at the one and begun anew at the other. The
    ends of the range are always there.
    """
    if high - low + 1 <= most:
        return tuple(range(low, high + 1))
    step = power_step(low, high, max(1, (most - 2) // 2))
    found = {low, high}
    for edge in range(-(-low // step) * step, high + 1, step):
        found.update((edge, min(edge + 1, high)))
    return tuple(sorted(found))


def multiples(low: int, high: int, most: int) -> tuple[int, ...]:
    """About `most` counts at equal distances, a power of two of which all are multiples.

    Tiles are full at them. `low` is left out where it is none, unless nothing else is left.
    """
    step = power_step(low, high, most)
    return tuple(range(-(-low // step) * step, high + 1, step)) or (low,)


def power_step(low: int, high: int, most: int) -> int:
    """The smallest power of two of which at most `most` multiples lie in the range."""
    step = 1
    while high // step - (low - 1) // step > most:
        step *= 2
    return step


def spaced(low: int, high: int, most: int) -> tuple[int, ...]:
    """At most `most` counts from low to high, each by about the same factor above the last."""
    if most == 1 or low == high:
        return (high,)
    ratio = (high / low) ** (1 / (most - 1))
    found = {round(low * ratio**i) for i in range(most)}
    return tuple(sorted(min(max(count, low), high) for count in found | {low, high}))


def nearest(values: tuple[int, ...], wanted: float) -> int:
    """Index of the value nearest to `wanted`; of two as near, the first."""
    return min(range(len(values)), key=lambda i: abs(values[i] - wanted))


def powers(low: int, high: int) -> tuple[int, ...]:
    """The powers of two from low to high, and both ends."""
    found = {low, high}
    found.update(2**i for i in range(high.bit_length()) if low <= 2**i <= high)
    return tuple(sorted(found))
