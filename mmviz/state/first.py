"""What a first start shows: work in full swing, that explains itself before anything is pressed."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.schedule.trace import Trace
from mmviz.files.networks import find
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session, open_file

NETWORK, BATCH, DEVICE = "bert-ffn", 1792, "v100"
"""No panel waits for anything: the device's times are modelled, with their error, in float32, which
every computer multiplies fast, too, so that Run has samples soon. Five waves, the last of which
leaves most SMs without a tile, and advice that ends that."""


def first_session() -> Session:
    """The session of somebody who has chosen nothing yet."""
    return replace(open_file(find(NETWORK)), batch=BATCH, device=DEVICE)


def first_moment(trace: Trace | None) -> Playback:
    """Paused in the middle of the middle wave: tiles are done, computed and waiting."""
    if trace is None:
        return Playback()
    wave = (trace.waves + 1) // 2
    middle = (trace.wave_start(wave) + trace.wave_start(wave + 1)) / 2
    return Playback(position=middle / trace.duration)
