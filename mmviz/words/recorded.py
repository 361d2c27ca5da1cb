"""What is to be said of a recording as a whole, or of a modelled pass laid out like one."""

from __future__ import annotations

from mmviz.bench.hindrances import NOTICED
from mmviz.core.recording.foreign import FORMATS
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sampling import least_each
from mmviz.core.verdict import Verdict
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.products import titled

TIMER = N_("its clock steps by {step:seconds}: no time is truer")
CROWDED = N_(
    "other programs took {share:percent2} of the cores meanwhile: times, and what recording costs, "
    "are told by a quiet run"
)
NOISE = N_("lost in the noise")
DROWNED = 1.0  # of a time, from which on what it may be off is no figure
SAMPLED = N_("{name}: of {ran:group} tiles {kept:group} are kept, evenly by their number")
SAMPLED_PIECES = N_(
    "{name}: of {ran:group} pieces of tiles {kept:group} are kept, evenly by their number"
)
SAMPLED_BLOCKS = N_("{name}: of {ran:group} blocks {kept:group} are kept, evenly by their number")
IN_FILE = N_("{name}: of {ran:group} tiles {kept:group} are in the file")


def heading(recording: Recording) -> Text:
    """'recorded by cpu-tiles, pulling · machine · 32 tiles on 4 units'."""
    first = recording.products[0]
    kind, by = N_("modelled, order {order}"), own(FORMATS.get(recording.by, recording.by))
    if not recording.order:
        kind = N_("modelled, each product in the order that suits it")
    if recording.ran:
        kind = N_("recorded by {by}, {order}") if recording.order else N_("recorded by {by}")
    counted_as = P_("{n:group} tile", "{n:group} tiles")
    if any(_cut(one) for one in recording.products):
        counted_as = P_("{n:group} tile or piece of one", "{n:group} tiles and pieces of tiles")
    if not first.placed:
        counted_as = P_("{n:group} block", "{n:group} blocks")
    tiles = Text(counted_as, n=tiles_run(recording))
    units = Text(P_("{n:group} unit", "{n:group} units"), n=first.trace.tiling.units)
    counted = Text(N_("{tiles} on {units}"), tiles=tiles, units=units)
    return joined((Text(kind, by=by, order=own(recording.order)), own(recording.machine), counted))


def tiles_run(recording: Recording) -> int:
    """Of all products, those too that are not kept."""
    return sum(one.tiles_run or len(one.trace) for one in recording.products)


def table_rows(recording: Recording) -> list[tuple[Text, ...]]:
    """A head, and a row for each product; what nobody measured has no column."""
    products = recording.products
    ran = N_("tiles") if products[0].placed else N_("blocks")
    columns = [
        (Text(N_("product")), [titled(one.gemm.name, one.gemm.role) for one in products]),
        (Text(N_("m × n × k")), [_shape(one) for one in products]),
        (Text(N_("tile")), [_tile(one) for one in products]),
        (Text(ran), [Text("{n:group}", n=_tiles(one)) for one in products]),
        (Text(N_("pieces")), [_pieces(one) for one in products]),
        (Text(N_("time")), [_time(one) for one in products]),
        (Text(N_("packing before")), [_seconds(one.packing_s or None) for one in products]),
        (Text(N_("library alone")), [_seconds(one.spent.plain_s) for one in products]),
        (Text(N_("instrumented")), [instrumented(one) for one in products]),
        (Text(N_("stamping")), [stamping(one) for one in products]),
        (Text(N_("error")), [_error(one) for one in products]),
    ]
    told = [(head, cells) for head, cells in columns if any(cells)]
    heads = tuple(head for head, _ in told)
    return [heads, *zip(*(cells for _, cells in told), strict=True)]


def notes(recording: Recording) -> tuple[Text, ...]:
    """What must be known beside it; who recorded says of tickets what they are."""
    found = list(recording.remarks)
    if recording.timer_s:
        found.append(Text(TIMER, step=recording.timer_s))
    shares = [one.beside.others or 0.0 for one in recording.products]
    if max(shares) >= NOTICED:
        found.append(Text(CROWDED, share=max(shares)))
    for one in recording.products:
        name = titled(one.gemm.name, one.gemm.role)
        if one.sampled:
            few = recording.by in FORMATS and len(one.trace) < least_each(len(recording.products))
            said = SAMPLED_PIECES if _cut(one) else SAMPLED if one.placed else SAMPLED_BLOCKS
            said = IN_FILE if few else said
            found.append(Text(said, name=name, ran=_ran(one), kept=len(one.trace)))
    return tuple(found)


def _ran(one: Recorded) -> int:
    return one.tiles_run or len(one.trace)


def _cut(one: Recorded) -> bool:
    """Whether what is computed are parts of tiles, cut along k."""
    return one.placed and one.trace.k0 is not None


def _tiles(one: Recorded) -> int:
    return one.trace.tiling.tiles if _cut(one) else _ran(one)


def _pieces(one: Recorded) -> Text:
    return Text("{n:group}", n=_ran(one)) if _cut(one) else NOTHING


def _tile(one: Recorded) -> Text:
    if not one.placed:
        return NOTHING
    tile, parts = Text("{tile:shape}", tile=one.trace.tiling.tile), one.trace.tiling.parts
    return Text("{tile} /k {parts}", tile=tile, parts=parts) if parts > 1 else tile


def _shape(one: Recorded) -> Text:
    gemm = one.gemm
    if not one.placed:
        return NOTHING
    return Text("{sides:shape}", sides=(gemm.m, gemm.n, gemm.k))


def _time(one: Recorded) -> Text:
    if one.wall_s is not None:
        return _seconds(one.wall_s)
    if one.order_only:
        return Text(P_("{n:steps} step", "{n:steps} steps"), n=one.trace.duration)
    return _seconds(one.trace.duration)


def _seconds(seconds: float | None) -> Text:
    return NOTHING if seconds is None else Text("{seconds:seconds}", seconds=seconds)


def instrumented(one: Recorded) -> Text:
    """'+8 %': what recording takes, all in all; NOTHING where that was not measured."""
    return _more(one, one.spent.instrumented, one.spent.beside_plain)


def stamping(one: Recorded) -> Text:
    """'+1 %': what the stamps alone take, which is never less than nothing."""
    share = one.spent.stamping
    if share is not None and share < 0:
        return Text(NOISE)
    return _more(one, share, one.spent.beside_tiled)


def _more(one: Recorded, share: float | None, verdict: Verdict | None) -> Text:
    """Within what the medians may be off it is no cost, and no figure where that is more than they
    are. Nor is it a gain where nobody knows how far those are, or where other programs took cores
    meanwhile.
    """
    if share is None or verdict is None:
        return NOTHING
    if verdict.why_none == "close" and (verdict.error or 0.0) > DROWNED:
        return Text(NOISE)
    if verdict.why_none == "close":
        return Text(N_("0 ± {off:percent2}"), off=verdict.error)
    crowded = (one.beside.others or 0.0) >= NOTICED
    if share < 0 and (crowded or verdict.why_none == "unknown"):
        return Text(NOISE)
    return Text("{sign}{off:percent}", sign="+" if share >= 0 else "−", off=abs(share))


def _error(one: Recorded) -> Text:
    return NOTHING if one.error is None else Text("{error:exponent}", error=one.error)
