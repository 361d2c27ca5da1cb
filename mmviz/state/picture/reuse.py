"""What units keep from tile to tile, in words and counts, for the trace that is looked at."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Noun
from mmviz.core.schedule.reuse import KEEPS_A, KEEPS_B, Traffic, kept, traffic
from mmviz.core.schedule.trace import Trace
from mmviz.text import N_, NOTHING, Text
from mmviz.words.schedule import tile_text, unit_text

MOST_ROWS = 300_000  # beyond, the count would keep the user waiting

WORDS = {
    0: N_("keeps neither"),
    KEEPS_A: N_("keeps A"),
    KEEPS_B: N_("keeps B"),
    KEEPS_A | KEEPS_B: N_("keeps both"),
}


@functools.lru_cache(maxsize=2)
def kept_of(trace: Trace) -> NDArray[np.uint8]:
    """`core.schedule.reuse.kept`, remembered for the traces last looked at."""
    return kept(trace)


@functools.lru_cache(maxsize=2)
def traffic_of(trace: Trace) -> Traffic | None:
    """`core.schedule.reuse.traffic`, None for a trace too long to be counted at once."""
    return traffic(trace) if len(trace) <= MOST_ROWS else None


def next_tile_line(trace: Trace, row: int, unit: Noun) -> Text:
    """What the unit of this row keeps for its next tile: 'next on SM 3: tile (4, 5), keeps A'."""
    if len(trace) > MOST_ROWS:
        return NOTHING
    one = np.array([row])
    mine = int(trace.units.of(one)[0])
    later = trace.units.rows_of(mine)
    later = later[later > row]
    after = later[trace.starts.of(later) >= trace.ends.of(one)[0] * (1 - 1e-12)]
    name = unit_text(unit, mine)
    if not len(after):
        return Text(N_("{unit} has no tile after it"), unit=name)
    following = int(after[0])
    m, n = (int(side[0]) for side in trace.tiles_of(after[:1]))
    return Text(
        N_("next on {unit}: {tile}, {keeps}"),
        unit=name,
        tile=tile_text(trace.tiling, m, n),
        keeps=Text(WORDS[int(kept_of(trace)[following])]),
    )
