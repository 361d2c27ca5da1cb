"""Which batches stay within a budget of time, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.bench.budget import Within
from mmviz.text import N_, NOTHING, Text
from mmviz.words.timing import backend_name, run_name


def sentence(found: Sequence[Within], budget_s: float) -> Text:
    """'33 ms: largest batch within it: NumPy 32 (about 36, estimated), wgpu at least 2 048';
    NOTHING where nothing was measured.
    """
    if not found:
        return NOTHING
    told = tuple(_one(each) for each in found)
    return Text(
        N_("{budget:tick}: largest batch within it: {told:commas}"),
        budget=budget_s,
        told=told,
    )


def brief(found: Sequence[Within], budget_s: float) -> Text:
    """'33 ms budget: largest batch NumPy 32, wgpu 2 048': what was measured alone."""
    told = tuple(_measured(backend_name(each.run.backend), each) for each in found)
    said = N_("{budget:tick} budget: largest batch {told:commas}")
    return Text(said, budget=budget_s, told=told)


def _one(found: Within) -> Text:
    named = run_name(found.run)
    if found.largest is None:
        return _measured(named, found)
    values = {"name": named, "largest": found.largest}
    if found.beyond is None:
        return _measured(named, found)
    about = round(found.about or 0)
    if about in (found.largest, found.beyond) or found.beyond == found.largest + 1:
        return Text(N_("{name} {largest:group}"), **values)
    return Text(
        N_("{name} {largest:group} (about {about:group}, estimated)"), about=about, **values
    )


def _measured(name: Text, found: Within) -> Text:
    """Of what was measured alone: 'at least' where nothing beyond it was."""
    if found.largest is None:
        return Text(N_("{name} none"), name=name)
    least = found.beyond is None
    said = N_("{name} at least {largest:group}") if least else "{name} {largest:group}"
    return Text(said, name=name, largest=found.largest)
