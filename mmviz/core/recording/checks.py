"""Whether a recording can have been: conservation, product by product, and times that go forward.

Who made it is not asked: the program that recorded, a file, another tool's trace.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmviz.core.recording.foreign import FORMATS
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sampling import least_each
from mmviz.core.schedule.faults import faults as faults_of_trace
from mmviz.text import N_, Text, own

NO_TIME = N_("all tiles begin and end at one moment: its clock does not tell when they ran")


def faults(recorded: Recorded, timer_s: float = 0.0) -> tuple[Text, ...]:
    """What is wrong with a product's trace, one sentence each; nothing for a sound one.

    Each tile is computed once, or its pieces cover k once; no unit holds more tiles than it has
    slots; spans are no less than 0, and inside the time of the whole product, which another clock
    may have measured: but for two steps of the trace's own, `timer_s`. All of them together take
    some time, since whoever draws or compares them divides by it. Of a sampled one tiles may be
    missing, of as many as the tiling has.
    """
    return tuple(_faults(recorded, timer_s))


def recording_faults(recording: Recording) -> tuple[Text, ...]:
    """The same of all products, each beginning with its name; that they follow one another; and
    that of tiles of which there are too many no fewer are kept than there is room for. A trace of
    another tool may have some of them only.
    """
    found, timer_s = [], recording.timer_s or 0.0
    for one in recording.products:
        name = own(one.gemm.name)
        found += [Text(N_("{name}: {fault}"), name=name, fault=x) for x in faults(one, timer_s)]
        few = len(one.trace) < least_each(len(recording.products))
        if one.sampled and few and recording.by not in FORMATS:
            said = N_(
                "{name}: {rows:group} of {ran:group} tiles are listed, the others are missing"
            )
            found.append(Text(said, name=name, rows=len(one.trace), ran=one.tiles_run))
    begun = np.array([one.begun_s for one in recording.products])
    if not (begun >= 0).all() or (np.diff(begun) < 0).any():
        found.append(Text(N_("a product begins before the one that comes before it")))
    return tuple(found)


def _faults(recorded: Recorded, timer_s: float) -> Iterator[Text]:
    trace = recorded.trace
    if not (np.isfinite(trace.start).all() and np.isfinite(trace.end).all()):
        yield Text(N_("a time that is not finite"))
        return
    if trace.start[0] < 0:
        yield Text(N_("a tile that starts before the first one"))
    yield from faults_of_trace(trace, sampled=recorded.sampled)
    if trace.duration <= 0:
        yield Text(NO_TIME)
    wall = recorded.wall_s
    if wall is not None and wall <= 0:
        yield Text(N_("the whole product took no time"))
    if wall is not None and not recorded.order_only and trace.duration > wall + 2 * timer_s:
        said = N_("tiles until {last:seconds}, though the whole product took {wall:seconds}")
        yield Text(said, last=trace.duration, wall=wall)
    if len(recorded.units) != trace.tiling.units:
        said = N_("{named} units are named, {units} compute")
        yield Text(said, named=len(recorded.units), units=trace.tiling.units)
    ran, pieces = recorded.tiles_run, trace.tiling.pieces
    if ran is None:
        return
    if ran < len(trace):
        said = N_("{rows:group} tiles are listed, {ran:group} ran")
        yield Text(said, rows=len(trace), ran=ran)
    elif not pieces <= ran <= max(pieces, trace.tiling.order.rows_at_most(trace.tiling)):
        said = N_("{ran:group} tiles ran, the product is cut into {pieces:group}")
        yield Text(said, ran=ran, pieces=pieces)
