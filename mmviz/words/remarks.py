"""Remarks in words: which side of the roofline a shape is on, and what one example more costs."""

from __future__ import annotations

from mmviz.core.advice.remarks import LITTLE, Bound, Edge, Remark
from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.text import N_, P_, Text
from mmviz.words.advice import in_parts, waves
from mmviz.words.device import name as device_name
from mmviz.words.products import called
from mmviz.words.roofline import apart
from mmviz.words.schedule import PIECES


def title(remark: Remark) -> Text:
    """'fc8 is memory-bound'."""
    if isinstance(remark, Bound):
        name = called(remark.cost.tiling.gemm)
        bound = N_("{name} is compute-bound") if remark.sound else N_("{name} is memory-bound")
        return Text(bound, name=name)
    values = {"first": remark.batch, "next": remark.batch + 1}
    if remark.sound:
        return Text(N_("batch {first:group} fits, {next:group} does not"), **values)
    if not remark.clear:
        return Text(N_("batch {first:group} or {next:group}: too close to call"), **values)
    if remark.slower < LITTLE:
        return Text(N_("batch {next:group} costs little more"), **values)
    said = N_("batch {next:group} costs {slower:percent2} more")
    return Text(said, **values, slower=remark.slower)


def detail(remark: Remark, device: Device) -> Text:
    """What a card says below the title."""
    if isinstance(remark, Edge):
        return _edge(remark)
    if remark.sound:
        said = N_("intensity {intensity} FLOP/B is above the ridge of {ridge} of {device}")
        return Text(said, **_numbers(remark, device))
    below = _below(remark, device)
    if remark.batch is None:
        return below
    return Text(N_("{below}; {then}"), below=below, then=_then(remark))


def sentence(remark: Remark, device: Device) -> Text:
    """All of it."""
    if isinstance(remark, Edge):
        return _edge_sentence(remark)
    name = called(remark.cost.tiling.gemm)
    if remark.sound:
        said = N_(
            "{name} is compute-bound: intensity {intensity} above the ridge of {ridge} of {device}."
        )
        return Text(said, name=name, **_numbers(remark, device))
    below = _below(remark, device)
    if remark.batch is None:
        return Text(N_("{name} is memory-bound: {below}."), name=name, below=below)
    return Text(
        N_("{name} is memory-bound at batch {batch:group} ({below}); {then}."),
        name=name,
        batch=remark.batch,
        below=below,
        then=_then(remark),
    )


def _numbers(bound: Bound, device: Device) -> dict[str, object]:
    intensity, ridge = bound.cost.intensity, bound.cost.ridge or 0.0
    both = _figure(intensity), _figure(ridge)
    if str(both[0]) == str(both[1]):
        both = apart(intensity, ridge)
    return {"intensity": both[0], "ridge": both[1], "device": device_name(device)}


def _below(bound: Bound, device: Device) -> Text:
    said = N_("intensity {intensity} below the ridge of {ridge} of {device}")
    return Text(said, **_numbers(bound, device))


def _then(bound: Bound) -> Text:
    if bound.enough is None:
        return Text(N_("no batch makes it compute-bound"))
    return Text(N_("from batch {batch:group} on it is compute-bound"), batch=bound.enough)


def _edge_sentence(edge: Edge) -> Text:
    values = {"first": edge.batch, "next": edge.batch + 1, "said": _edge(edge)}
    if edge.sound:
        return Text(N_("{title}: {said}."), title=title(edge), **values)
    if edge.clear and edge.slower < LITTLE:
        said = N_("Batch {next:group} costs little more than {first:group}: {said}.")
        return Text(said, **values)
    if not edge.clear:
        said = N_("Batch {first:group} or {next:group} is too close to call: {said}.")
        return Text(said, **values)
    return Text(N_("Batch {next:group}: {said}."), **values)


def _edge(edge: Edge) -> Text:
    """What one row more does to the tiles, and what is predicted of it."""
    values = {
        "opened": _opened(edge),
        "slower": max(edge.slower, 0.0),
        "error": edge.error,
    }
    if edge.other:
        said = N_(
            "{opened}; predicted are {tiles} and {slower:percent2} more time ± {error:percent2}"
        )
        return Text(said, **values, tiles=_whose(edge.then))
    if edge.sound:
        said = N_("{opened}; predicted {slower:percent2} more time ± {error:percent2}")
        return Text(said, **values)
    said = N_(
        "{opened}, yet predicted only {slower:percent2} more time ± {error:percent2}: the rest of "
        "the time stays"
    )
    return Text(said, **values)


def _opened(edge: Edge) -> Text:
    """What one row more does to the tiles; said as an if where others are predicted."""
    old, fixed = edge.old, edge.fixed
    values = {
        "name": called(old.gemm),
        "tile": old.tile,
        "waves": waves(old),
        "more": fixed.tiles,
        "then": waves(fixed),
        "wave": fixed.waves,
        "longer": edge.textbook,
    }
    if edge.other:
        said = P_(
            "{n:group} tile of {name} ({tile:shape}) in {waves}: with the same tile it would be "
            "{more:group} in {then}, {longer:percent2} more in series",
            "{n:group} tiles of {name} ({tile:shape}) in {waves}: with the same tile it would be "
            "{more:group} in {then}, {longer:percent2} more in series",
        )
    elif fixed.waves > old.waves:
        said = P_(
            "one row more opens wave {wave:group}: {n:group} tile of {name} become {more:group}, "
            "{longer:percent2} more in series",
            "one row more opens wave {wave:group}: {n:group} tiles of {name} become {more:group}, "
            "{longer:percent2} more in series",
        )
    else:
        said = P_(
            "one row more opens a row of tiles: {n:group} tile of {name} become {more:group}, "
            "{longer:percent2} more in series",
            "one row more opens a row of tiles: {n:group} tiles of {name} become {more:group}, "
            "{longer:percent2} more in series",
        )
    return Text(said, n=old.tiles, **values)


def _whose(then: Tiling) -> Text:
    """'352 tiles of 96 × 128 in two waves', with the parts where k is split."""
    counted = Text(PIECES["tile"], n=then.tiles)
    tiles = Text(N_("{tiles} of {tile:shape}"), tiles=counted, tile=then.tile)
    return Text(N_("{tiles} in {waves}"), tiles=in_parts(tiles, then), waves=waves(then))


def _figure(value: float) -> Text:
    """Whole numbers from 10 on: '1 187'."""
    return Text("{n:group}", n=round(value)) if value >= 10 else Text("{x:sig2}", x=value)
