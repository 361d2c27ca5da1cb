"""Which batches and widths a sweep goes over, from what is typed."""

from __future__ import annotations

import re

from mmviz.cli.inputs import parse_count, parse_counts
from mmviz.core.shapes.network import Network
from mmviz.core.time.sweep import MAX_POINTS
from mmviz.core.time.sweep_range import nearest, spaced, stepped
from mmviz.errors import InputError
from mmviz.text import N_, Text

_RANGE = re.compile(r"([^:]*):([^:]*)(?::([^:]*))?")


def counts_of(text: str, what: str, others: int = 1) -> tuple[int, ...]:
    """'1:4096', '64:4096:64', '1,8,64' or '128' as counts, lowest first.

    others: how many points of another kind each of them is combined with.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        if ":" in text:
            said = N_("{what} must look like 1:4096 or 64:4096:64, not {text!r:.40}")
            raise InputError(said, what=what, text=text)
        found = tuple(sorted(parse_counts(text, what)))
        if len(found) * others > MAX_POINTS:
            said = N_(
                "{what} names {points:group} points for each of {others:group} others, "
                "at most {most:group} in all fit a sweep"
            )
            if others == 1:
                said = N_("{what} names {points:group} points, at most {most:group} fit a sweep")
            values = {"points": len(found), "others": others, "most": MAX_POINTS}
            raise InputError(said, what=what, **values)
        return found
    low = parse_count(match[1], Text(N_("start of {what}"), what=what))
    high = parse_count(match[2], Text(N_("end of {what}"), what=what))
    step = 1
    if match[3] is not None:
        step = parse_count(match[3], Text(N_("step of {what}"), what=what))
    return stepped(low, high, step, what, MAX_POINTS, others)


def widths_of(
    text: str | None, network: Network, others: int
) -> tuple[int | None, tuple[int, ...]]:
    """'fc6=64:4096' as the layer's index and its widths."""
    if text is None:
        return None, ()
    name, equals, counts = text.rpartition("=")
    if not equals or not name:
        said = N_("--width must look like fc6=64:4096:64, not {text!r:.60}")
        raise InputError(said, text=text)
    return _layer(name, network), counts_of(counts, f"--width {name}", others)


def _layer(name: str, network: Network) -> int:
    """A layer by its name, else by its number from 1."""
    names = [layer.name for layer in network.layers]
    if name in names:
        if names.count(name) > 1:
            said = N_("--width: {network} has several layers {name!r:.40}: use a number")
            raise InputError(said, network=network.name, name=name)
        return names.index(name)
    if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(names):
        return int(name) - 1
    known = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    said = N_("--width: {network} has no layer {name!r:.40}; its layers are {known}")
    raise InputError(said, network=network.name, name=name, known=known)


def some_of(values: tuple[int, ...], most: int, text: str) -> tuple[int, ...]:
    """All that were named one by one or are few, else some, about the same factor apart."""
    if ":" not in text or len(values) <= most:
        return values
    wanted = spaced(values[0], values[-1], most)
    return tuple(dict.fromkeys(values[nearest(values, count)] for count in wanted))
