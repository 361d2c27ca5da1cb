"""Shape advice in words: tiles and waves before and after, the cause, the gain."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.advice.advice import Advice, Piece
from mmviz.core.advice.neighbours import Change
from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import fit
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time import alignment
from mmviz.core.time.constants import fitted_for
from mmviz.core.time.cost import Cost
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words import cost as cost_words
from mmviz.words.device import name as device_name
from mmviz.words.memory import lacking
from mmviz.words.products import called
from mmviz.words.provenance import told_basis
from mmviz.words.schedule import PIECES, WAVES

SAME = 0.0005  # ratios nearer to 1 than this are the same
_LESS = {"work": N_("{share:percent2} less work"), "time": N_("{share:percent2} less time")}
_MORE = {"work": N_("{share:percent2} more work"), "time": N_("{share:percent2} more time")}
_SAME = {"work": N_("the same work"), "time": N_("the same time")}


def why_none(advice: Advice) -> Text:
    """Why there is no advice, in a sentence; NOTHING where there is some."""
    setup = advice.setup
    values = {"device": device_name(setup.device), "dtype": setup.dtype, "basis": advice.basis}
    if advice.why == "memory":
        return Text(N_("No advice: {why}."), why=lacking(fit(setup)))
    if advice.why == "time":
        said = N_("No advice: no time is known on {device} in {dtype}, {basis}.")
        return Text(said, **values)
    if advice.why == "error":
        said = N_("No advice: how far times on {device} in {dtype} are off is not known ({basis}).")
        return Text(said, **{**values, "basis": told_basis(advice.rests, None)})
    if advice.why == "gain":
        return Text(N_("No neighbouring batch or width saves more time than predictions are off."))
    return NOTHING


def title(change: Change) -> Text:
    """'units of fc8 1 000 → 1 024'."""
    return Text(
        "{what} {before:group} → {after:group}",
        what=change.what,
        before=change.before,
        after=change.after,
    )


def signed(piece: Piece) -> Text:
    """What time changes by, as it stands on a card: '−18 % ± 6.0 %'."""
    return Text("−{gain:percent2} ± {error:percent2}", gain=piece.gain, error=piece.error)


def headline(piece: Piece) -> Text:
    """The same with what it is of: '−50 % ± 3.0 % per example' where the batch changes."""
    if not piece.per_example:
        return signed(piece)
    return Text(N_("{gain} per example"), gain=signed(piece))


def brief(piece: Piece, device: Device) -> Text:
    """The cause in the fewest words, for a card; the product is where most of the gain is."""
    old, new, cause = piece.old, piece.new, piece.cause
    before, after, name = old.tiling, new.tiling, called(old.tiling.gemm)
    tiles = before.tile, after.tile
    if _at_rate(cause, device) or (cause == "kernel" and before.tile == after.tile):
        return Text("{name}: {old} → {new}", name=name, old=_rate(old), new=_rate(new))
    if cause == "alignment":
        return _brief_alignment(old, new)
    if cause == "memory":
        said = N_("{name}: {old:sig} FLOP a byte → {new:sig}")
        return Text(said, name=name, old=old.intensity, new=new.intensity)
    if cause == "launch":
        return Text(N_("{name} begins as often, for more examples"), name=name)
    if cause == "tile":
        said = N_("{name}: {old:percent2} past the edge → {new:percent2}")
        return Text(said, name=name, old=_past_edge(before), new=_past_edge(after))
    if cause == "kernel":
        said = N_("{name}: tiles of {old:shape} → {new:shape}")
        return Text(said, name=name, old=tiles[0], new=tiles[1])
    first, then = (joined((_tiles(t), waves(t)), "commas") for t in (before, after))
    return Text("{name}: {first} → {then}", name=name, first=first, then=then)


def why(piece: Piece, device: Device) -> Text:
    """The shape before and after, in a clause: the product where most of the gain is."""
    old, new, cause, head = piece.old, piece.new, piece.cause, title(piece.change)
    name, before, after = called(old.tiling.gemm), old.tiling, new.tiling
    values = {"title": head, "name": name}
    if cause == "alignment":
        return Text("{title}: {said}", title=head, said=_alignment(old, new))
    if cause == "memory":
        said = N_("{title}: {name} computes {old:sig} FLOP a byte, then {new:sig}")
        return Text(said, **values, old=old.intensity, new=new.intensity)
    if cause == "launch":
        return Text(N_("{title}: {name} begins as often, for more examples"), **values)
    same = before.tiles == after.tiles and before == replace(after, gemm=before.gemm)
    if _at_rate(cause, device) or (same and cause == "kernel"):
        said = N_("{title}: {name} at {old}, then {new}")
        return Text(said, **values, old=_rate(old), new=_rate(new))
    past = {"past": _past_edge(before), "then": _past_edge(after)}
    if same:
        said = N_(
            "{title} ({name}): the same {tiles}, {past:percent2} past the edge, "
            "then {then:percent2}"
        )
        return Text(said, **values, tiles=tiles_text(before, device), **past)
    return _other_tiles(piece, device, past)


def _other_tiles(piece: Piece, device: Device, past: dict[str, float]) -> Text:
    change, before, after = piece.change, piece.old.tiling, piece.new.tiling
    sized = before.tile != after.tile
    first, then = (tiles_text(tiling, device, sized=sized) for tiling in (before, after))
    edge = NOTHING
    if piece.cause == "tile":
        edge = Text(N_(", {past:percent2} past the edge, then {then:percent2}"), **past)
    return Text(
        N_("{what} {before:group} = {first}; {after:group} = {then} ({name}{edge})"),
        what=change.what,
        before=change.before,
        after=change.after,
        first=first,
        then=then,
        name=called(before.gemm),
        edge=edge,
    )


def tiles_text(tiling: Tiling, device: Device, *, sized: bool = False) -> Text:
    """'144 tiles, 2 waves, the last 12 of 132 SMs busy'; sized: '144 tiles of 128 × 128, …'."""
    tiles = _tiles(tiling)
    if sized:
        tiles = Text(N_("{tiles} of {tile:shape}"), tiles=tiles, tile=tiling.tile)
    tiles = in_parts(tiles, tiling)
    rest = tiling.pieces - (tiling.waves - 1) * tiling.slots
    busy = min(rest, tiling.units)
    if busy == tiling.units:
        return joined((tiles, waves(tiling)), "commas")
    of = N_("{n:group} of {units:group} {unit} busy")
    last = N_("the last {n:group} of {units:group} {unit} busy")
    said = of if tiling.waves == 1 else last
    idle = Text(said, n=busy, units=tiling.units, unit=device.noun.many)
    return joined((tiles, waves(tiling), idle), "commas")


def in_parts(tiles: Text, tiling: Tiling) -> Text:
    """The tiles, and into how many parts each is cut along k where it is."""
    if tiling.parts == 1:
        return tiles
    said = P_("{tiles} in {n:group} part each", "{tiles} in {n:group} parts each")
    return Text(said, n=tiling.parts, tiles=tiles)


def waves(tiling: Tiling) -> Text:
    """'one wave', '2 waves'."""
    return Text(N_("one wave")) if tiling.waves == 1 else Text(WAVES, n=tiling.waves)


def sentence(piece: Piece, device: Device) -> Text:
    """All of it; what rests on one figure says so, and of a listed product whose choice it is."""
    said = Text(
        N_("{why}: {outcome}, less being lost to {lost}."),
        why=why(piece, device),
        outcome=outcome(piece),
        lost=cost_words.goes_to(piece.cause),
    )
    rests = whose = NOTHING
    if piece.cause == "alignment":
        source = Text(_alignment_source(piece, device))
        rests = Text(N_("How much alignment gains is {source}."), source=source)
    if (
        piece.change.kind == "product"
    ):  # the width of an attention head, say, follows from the model
        whose = Text(N_("It applies where this side is yours to choose."))
    return joined((said, rests, whose), "words")


def _alignment_source(piece: Piece, device: Device) -> str:
    fitted = fitted_for(device, piece.old.dtype)
    own = fitted is not None and fitted.constant("odd") is not None
    return alignment.OWN if own else alignment.SOURCE


def outcome(piece: Piece) -> Text:
    """'11 % less work, predicted 18 % less time ± 6 %'; of a pass, after over before."""
    before, after = piece.predicted_s
    values = {"work": _more(piece.work, "work"), "gain": piece.gain, "error": piece.error}
    if not piece.per_example:
        said = N_("{work}, predicted {gain:percent2} less time ± {error:percent2}")
        return Text(said, **values)
    said = N_(
        "{work}, predicted {gain:percent2} less time per example ± {error:percent2} ({time} a pass)"
    )
    return Text(said, **values, time=_more(after / before, "time"))


def _more(ratio: float, what: str) -> Text:
    """'11 % less work' for 0.89."""
    if abs(ratio - 1) < SAME:
        return Text(_SAME[what])
    return Text((_LESS if ratio < 1 else _MORE)[what], share=abs(ratio - 1))


def _at_rate(cause: str, device: Device) -> bool:
    """Whether what changes is told as a rate.

    What was learned has no other figure, and on a CPU a share of C is no tile that is padded.
    """
    if cause == "learned":
        return True
    return isinstance(device.body, Cpu) and cause not in ("alignment", "memory", "launch")


def _brief_alignment(old: Cost, new: Cost) -> Text:
    before, after = old.tiling, new.tiling
    values = {"new": _aligned(new), "old": _aligned(old), "before": _tiles(before)}
    if _kept(before, after):
        said = N_(
            "alignment, not tiles: rows at multiples of {new} bytes instead of {old}, "
            "the same {before}"
        )
        return Text(said, **values)
    said = N_(
        "mostly alignment: rows at multiples of {new} bytes instead of {old}, {before} → {after}"
    )
    return Text(said, **values, after=_tiles(after))


def _alignment(old: Cost, new: Cost) -> Text:
    """Where the tiles stay it is not a matter of tiles, and says so."""
    before, after = old.tiling, new.tiling
    values = {"new": _aligned(new), "old": _aligned(old), "before": _tiles(before)}
    if _kept(before, after):
        said = N_(
            "it gains by alignment, not by tiles: rows begin at multiples of {new} bytes instead "
            "of {old}; the same {before}, {past:percent2} past the edge before"
        )
        return Text(said, **values, past=_past_edge(before))
    said = N_(
        "it gains mostly by alignment: rows begin at multiples of {new} bytes instead of {old}; "
        "{before}, then {after}, {past:percent2} past the edge before"
    )
    return Text(said, **values, after=_tiles(after), past=_past_edge(before))


def _kept(before: Tiling, after: Tiling) -> bool:
    """Whether the same tiles compute both shapes, so that nothing is gained or lost by them."""
    shared = (before.tile, before.parts, before.order) == (after.tile, after.parts, after.order)
    return shared and (before.tiles_m, before.tiles_n) == (after.tiles_m, after.tiles_n)


def _aligned(cost: Cost) -> int:
    """Bytes that all rows of the product begin at multiples of, at most what is loaded at once."""
    return int(alignment.aligned_to(Shapes.from_gemms([cost.tiling.gemm]).rows, cost.dtype)[0])


def _tiles(tiling: Tiling) -> Text:
    return Text(PIECES["tile"], n=tiling.tiles)


def _past_edge(tiling: Tiling) -> float:
    return 1 - tiling.tile_efficiency


def _rate(cost: Cost) -> Text:
    return Text("{rate:rate}", rate=cost.rate)
