"""The list of recordings: those of this window, those on disk, those that mmviz ships."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmviz.core.recording.recording import Recording
from mmviz.core.time.setup import Pass
from mmviz.files.recordings.shelf import KeptRecording
from mmviz.state.derived import Derived
from mmviz.state.offers import OPEN_RECORDING, RECORD, Offer
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.earlier import moment
from mmviz.words.names import spoken
from mmviz.words.recorded import tiles_run
from mmviz.words.timing import pass_text

EMPTY = Text(N_("No recording is kept on this computer yet, and none came with this mmviz"))
TILES = P_("{n:group} tile", "{n:group} tiles")
BLOCKS = P_("{n:group} block", "{n:group} blocks")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """name: of what; detail: when, how many tiles ran; tip: all that is known without its tiles.

    recording: with its tiles, None where `kept` has to be read. shown: it is looked at; against: it
    is what that is held against.
    """

    name: Text
    detail: Text
    tip: Text
    recording: Recording | None
    kept: KeptRecording | None
    shown: bool = False
    against: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ListView:
    """modelled: the model is what a recording is held against."""

    entries: tuple[Entry, ...] = ()
    modelled: bool = True
    why: Text = EMPTY
    offers: tuple[Offer, ...] = ()


def list_view(
    recordings: tuple[Recording, ...],
    kept: tuple[KeptRecording, ...],
    shown: Recording | None,
    against: Recording | None,
) -> ListView:
    """Newest first, those that are shipped last: to look at one moves none."""
    minutes = Counter(moment(one.when) for one in _each(recordings, kept) if one.when is not None)
    known = {_key(one): one for one in recordings}
    files = {_key(one): one for one in reversed(kept)}
    entries = [
        _entry(one, files.get(key), minutes, shown=one is shown, against=one is against)
        for key, one in reversed(known.items())
    ]
    held = None if against is None else _key(against)
    entries += [
        _kept_entry(one, minutes, against=_key(one) == held)
        for one in kept
        if _key(one) not in known
    ]
    entries.sort(key=_place)
    why = NOTHING if entries else EMPTY
    return ListView(tuple(entries), against is None, why, (RECORD, OPEN_RECORDING))


def _each(
    recordings: tuple[Recording, ...], kept: tuple[KeptRecording, ...]
) -> tuple[Recording | KeptRecording, ...]:
    """Each once, whether it is on disk, read, or both."""
    found: dict[tuple[Any, ...], Recording | KeptRecording] = {_key(one): one for one in kept}
    found.update((_key(one), one) for one in recordings)
    return tuple(found.values())


def _key(one: Recording | KeptRecording) -> tuple[Any, ...]:
    """The same of a recording and of its file."""
    return one.when, one.by, one.machine, one.order, one.of.batch, one.of.workload.name


def _place(entry: Entry) -> tuple[bool, float, str]:
    """Where it stands, whichever is looked at; one that tells no moment is as new as can be."""
    one = entry.kept if entry.recording is None else entry.recording
    assert one is not None
    when = math.inf if one.when is None or one.shipped else one.when
    return one.shipped, -when, str(one.about) if one.shipped else ""


def _entry(
    one: Recording,
    kept: KeptRecording | None,
    minutes: Mapping[str, int],
    *,
    shown: bool,
    against: bool,
) -> Entry:
    order = any(product.order_only for product in one.products)
    blocks = not all(product.placed for product in one.products)
    tiles = tiles_run(one)
    when = NOTHING if one.shipped else _when(one.when, minutes)
    detail = _detail(when, tiles, shipped=one.shipped, order=order, blocks=blocks)
    tip = _tip(one)
    return Entry(_name(one.of, one.about), detail, tip, one, kept, shown, against)


def _kept_entry(one: KeptRecording, minutes: Mapping[str, int], *, against: bool) -> Entry:
    when = NOTHING if one.shipped else _when(one.when, minutes)
    detail = _detail(
        when, one.tiles_run, shipped=one.shipped, order=one.order_only, blocks=one.timeline
    )
    tip = _tip(one)
    return Entry(_name(one.of, one.about), detail, tip, None, one, against=against)


def _name(of: Pass, about: Text) -> Text:
    """As what was said of it, else what it is of."""
    batch = Text(N_("batch {n:group}"), n=of.batch) if of.workload.has_batch else NOTHING
    training = Text(N_("training")) if of.training else NOTHING
    return about or joined((spoken(of.workload.name), batch, training))


def _when(when: float | None, minutes: Mapping[str, int]) -> Text:
    """To the minute; to the second where there are others of that minute."""
    if when is None:
        return NOTHING
    return own(moment(when, exactly=minutes[moment(when)] > 1))


def _detail(at: Text, tiles: int, *, shipped: bool, order: bool, blocks: bool) -> Text:
    came = Text(N_("shipped")) if shipped else NOTHING
    clock = Text(N_("order only")) if order else NOTHING
    return joined((came or at, clock, Text(BLOCKS if blocks else TILES, n=tiles)))


def _tip(one: Recording | KeptRecording) -> Text:
    at = NOTHING if one.when is None else own(moment(one.when, exactly=True))
    told = joined((own(one.machine), own(one.by), own(one.order), at))
    return joined((pass_text(one.of), told), "lines")


def _needs(derived: Derived) -> tuple[Any, ...]:
    facts = derived.facts
    found = derived.recording
    return facts.recordings, facts.kept_recordings, found, facts.against


LIST: Part[ListView] = Part("recordings", _needs, list_view)
