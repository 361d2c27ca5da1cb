"""A piece of advice as a sentence: tiles and waves before and after, the cause, the gain."""

from __future__ import annotations

from dataclasses import replace

from mmviz import units
from mmviz.core.advice.neighbours import Change
from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time import alignment
from mmviz.core.time.cost import LOSS_NAMES, Cost

SAME = 0.0005  # ratios nearer to 1 than this are the same
LOST = {"memory": "waiting for memory"}


def called(gemm: Gemm) -> str:
    """'fc6', on the way back 'wgrad of fc6'."""
    return f"{gemm.role} of {gemm.name}" if gemm.backward else gemm.name


def title(change: Change) -> str:
    """'units of fc8 1 000 → 1 024'."""
    return f"{change.what} {units.group(change.before)} → {units.group(change.after)}"


def percent(share: float) -> str:
    """A share where tenths of a percent would mean nothing: '18 %', below ten '5.9 %'."""
    return f"{units.sig(100 * share, 2)} %"


def signed(gain: float, error: float) -> str:
    """What time changes by, as it stands on a card: '−18 % ± 6.0 %'."""
    return f"−{percent(gain)} ± {percent(error)}"


def headline(change: Change, gain: float, error: float) -> str:
    """The same with what it is of: '−50 % ± 3.0 % per example' where the batch changes."""
    return f"{signed(gain, error)}{' per example' if change.kind == 'batch' else ''}"


def brief(cause: str, old: Cost, new: Cost, device: Device) -> str:
    """The cause in the fewest words, for a card; the product is where most of the gain is."""
    before, after, name = old.tiling, new.tiling, called(old.tiling.gemm)
    if device.kind == "cpu" and cause not in ("memory", "launch"):
        return f"{name}: {_rate(old)} → {_rate(new)}"
    if cause == "alignment":
        kept = _kept(before, after)
        tiles = f"the same {_tiles(before)}" if kept else f"{_tiles(before)} → {_tiles(after)}"
        rows = f"rows at multiples of {_aligned(new)} bytes instead of {_aligned(old)}"
        return f"{'alignment, not tiles' if kept else 'mostly alignment'}: {rows}, {tiles}"
    if cause == "memory":
        return f"{name}: {_intensity(old)} FLOP a byte → {_intensity(new)}"
    if cause == "launch":
        return f"{name} begins as often, for more examples"
    if cause == "tile":
        return f"{name}: {_past_edge(before)} past the edge → {_past_edge(after)}"
    if cause == "kernel":
        if before.tile == after.tile:
            return f"{name}: {_rate(old)} → {_rate(new)}"
        return f"{name}: tiles of {units.shape(*before.tile)} → {units.shape(*after.tile)}"
    return f"{name}: {_tiles(before)}, {_waves(before)} → {_tiles(after)}, {_waves(after)}"


def why(change: Change, cause: str, old: Cost, new: Cost, device: Device) -> str:
    """The shape before and after, in a clause: the product where most of the gain is."""
    name, before, after = called(old.tiling.gemm), old.tiling, new.tiling
    start = f"{change.what} {units.group(change.before)}"
    if cause in ("alignment", "memory", "launch"):
        said = {
            "alignment": _alignment(old, new),
            "memory": f"{name} computes {_intensity(old)} FLOP a byte, then {_intensity(new)}",
            "launch": f"{name} begins as often, for more examples",
        }
        return f"{start} → {units.group(change.after)}: {said[cause]}"
    same = before.tiles == after.tiles and before == replace(after, gemm=before.gemm)
    # On a CPU a thread's share of C is no tile that is padded.
    if device.kind == "cpu" or (same and cause == "kernel"):
        return f"{start} → {units.group(change.after)}: {name} at {_rate(old)}, then {_rate(new)}"
    edge = f"{_past_edge(before)} past the edge, then {_past_edge(after)}"
    if same:
        tiles = f"the same {tiles_text(before, device)}"
        return f"{start} → {units.group(change.after)} ({name}): {tiles}, {edge}"
    sized = before.tile != after.tile
    first, then = (tiles_text(tiling, device, sized=sized) for tiling in (before, after))
    past = f", {edge}" if cause == "tile" else ""
    return f"{start} = {first}; {units.group(change.after)} = {then} ({name}{past})"


def tiles_text(tiling: Tiling, device: Device, *, sized: bool = False) -> str:
    """'144 tiles, 2 waves, the last 12 of 132 SMs busy'; sized: '144 tiles of 128 × 128, …'."""
    tiles, waves = _tiles(tiling), _waves(tiling)
    if sized:
        tiles = f"{tiles} of {units.shape(*tiling.tile)}"
    if tiling.parts > 1:
        tiles = f"{tiles} in {units.plural(tiling.parts, 'part')} each"
    rest = tiling.pieces - (tiling.waves - 1) * tiling.slots
    busy = min(rest, tiling.units)
    if busy == tiling.units:
        return f"{tiles}, {waves}"
    which = "" if tiling.waves == 1 else "the last "
    return (
        f"{tiles}, {waves}, {which}{units.group(busy)} of {units.group(tiling.units)} "
        f"{device.unit}s busy"
    )


def outcome(change: Change, work: float, whole: float, gain: float, error: float) -> str:
    """'11 % less work, predicted 18 % less time ± 6 %'; of a pass, after over before."""
    less = f"predicted {percent(gain)} less time"
    if change.kind == "batch":
        less = f"{less} per example ± {percent(error)} ({_more(whole, 'time')} a pass)"
    else:
        less = f"{less} ± {percent(error)}"
    return f"{_more(work, 'work')}, {less}"


def sentence(cause: str, clause: str, result: str, *, listed: bool = False) -> str:
    """All of it; what rests on one figure says so, and of a listed product whose choice it is."""
    lost = LOST.get(cause, LOSS_NAMES[cause])
    text = f"{clause}: {result}, less being lost to {lost}."
    if cause == "alignment":
        text += f" How much alignment gains is {alignment.SOURCE}."
    if listed:  # the width of an attention head, say, follows from the model
        text += " It applies where this side is yours to choose."
    return text


def _more(ratio: float, what: str) -> str:
    """'11 % less work' for 0.89."""
    if abs(ratio - 1) < SAME:
        return f"the same {what}"
    return f"{percent(abs(ratio - 1))} {'less' if ratio < 1 else 'more'} {what}"


def _alignment(old: Cost, new: Cost) -> str:
    """Where the tiles stay it is not a matter of tiles, and says so."""
    before, after = old.tiling, new.tiling
    kept = _kept(before, after)
    tiles = f"the same {_tiles(before)}" if kept else f"{_tiles(before)}, then {_tiles(after)}"
    how = "by alignment, not by tiles" if kept else "mostly by alignment"
    return (
        f"it gains {how}: rows begin at multiples of {_aligned(new)} bytes "
        f"instead of {_aligned(old)}; {tiles}, {_past_edge(before)} past the edge before"
    )


def _kept(before: Tiling, after: Tiling) -> bool:
    """Whether the same tiles compute both shapes, so that nothing is gained or lost by them."""
    shared = (before.tile, before.parts, before.order) == (after.tile, after.parts, after.order)
    return shared and (before.tiles_m, before.tiles_n) == (after.tiles_m, after.tiles_n)


def _aligned(cost: Cost) -> int:
    """Bytes that all rows of the product begin at multiples of, at most what is loaded at once."""
    gemm = cost.tiling.gemm
    rows = gemm.n | (gemm.m if gemm.role == "wgrad" else gemm.k)
    joined = rows * BYTES[cost.dtype] | alignment.FULL
    return joined & -joined


def _tiles(tiling: Tiling) -> str:
    return units.plural(tiling.tiles, "tile")


def _waves(tiling: Tiling) -> str:
    return "one wave" if tiling.waves == 1 else f"{units.group(tiling.waves)} waves"


def _past_edge(tiling: Tiling) -> str:
    return f"{units.sig(100 * (1 - tiling.tile_efficiency), 2)} %"


def _rate(cost: Cost) -> str:
    return units.NO_DATA if cost.rate is None else units.rate(cost.rate)


def _intensity(cost: Cost) -> str:
    return units.sig(cost.intensity)
