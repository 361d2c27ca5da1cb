"""One sentence that says what happens at this instant."""

from __future__ import annotations

import math

import numpy as np

from mmviz import units
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.state.derived import Derived


def caption(derived: Derived, frame: Frame) -> str:
    """'wave 3 of 5: 108 tiles, k 1 808 of 4 096; 28 of 108 SMs will idle in the last wave'."""
    trace, unit = frame.trace, derived.device.unit
    piece = "piece" if trace.k0 is not None else "cell" if trace.tiling.tile == (1, 1) else "tile"
    if frame.done == len(trace):
        return f"all {units.plural(len(trace), piece)} done in {units.plural(trace.waves, 'wave')}"
    wave = f"wave {units.group(frame.wave)} of {units.group(trace.waves)}"
    words = f"{wave}: {units.plural(frame.computing, piece)}{_k_text(frame)}"
    idle = idle_in_last_wave(trace)
    if not idle:
        return words
    many = f"{units.group(idle)} of {units.plural(trace.tiling.units, unit)}"
    if trace.waves == 1:
        return f"{words}; {many} {'have' if idle > 1 else 'has'} nothing to do"
    tense = "idle" if frame.wave == trace.waves else "will idle"
    return f"{words}; {many} {tense} in the last wave"


def idle_in_last_wave(trace: Trace) -> int:
    """How many units get no tile in the last wave."""
    last = trace.unit[trace.tiles_of_wave(trace.waves)]
    return trace.tiling.units - len(np.unique(last))


def _k_text(frame: Frame) -> str:
    if not frame.computing or frame.trace.tiling.order.dataflow is not None:
        return ""  # every multiplier of an array stands at a term of its own
    k = units.group(frame.trace.tiling.gemm.k)
    least, most = (_at(frame, float(k)) for k in (frame.k_done.min(), frame.k_done.max()))
    if least == most:
        return f", k {units.group(least)} of {k}"
    return f", k {units.group(least)} to {units.group(most)} of {k}"


def _at(frame: Frame, k: float) -> int:
    """Terms walked; a lane's term counts from when it is begun, as in its cell."""
    lane = frame.trace.tiling.tile == (1, 1)
    return math.ceil(k - 1e-6) if lane else int(k + 1e-6)
