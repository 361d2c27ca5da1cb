"""What a first start shows: work in full swing, that explains itself before anything is pressed."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.schedule.trace import Trace
from mmviz.files.networks import find
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session, open_file

NETWORK, BATCH, DTYPE = "alexnet", 3072, "float16"
DEVICE = "a100"
"""A device whose times are modelled everywhere, so that no panel waits for a calibration. With this
batch its first product takes some waves of one tile an SM, and the last of them is half empty."""


def first_session() -> Session:
    """The session of somebody who has chosen nothing yet."""
    return replace(open_file(find(NETWORK)), batch=BATCH, dtype=DTYPE, device=DEVICE)


def first_moment(trace: Trace | None) -> Playback:
    """Paused in the middle of the last wave but one: tiles are done, computed and waiting."""
    if trace is None:
        return Playback()
    wave = max(trace.waves - 1, 1)
    middle = (trace.wave_start(wave) + trace.wave_start(wave + 1)) / 2
    return Playback(position=middle / trace.duration)
