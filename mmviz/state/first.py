"""What a first start shows: work in full swing, that explains itself before anything is pressed."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.schedule.trace import Trace
from mmviz.files.networks import NetworkFile, find
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.picture.playback import Playback
from mmviz.state.session import MODELLED, Session, open_file, with_times

NETWORK, BATCH = "bert-ffn", 1024
"""Three waves, the last of which leaves some SMs without a tile, and a race with one row more."""


def first_session() -> Session:
    """The session of somebody who has chosen nothing yet."""
    return replace(open_file(find(NETWORK)), batch=BATCH, device=MODELLED)


def first_session_on(file: NetworkFile) -> Session:
    """The session of somebody who named a network; where it needs no device, on one with times."""
    session = open_file(file)
    return replace(session, device=with_times()) if session.device == THIS_MACHINE else session


def first_moment(trace: Trace | None) -> Playback:
    """Paused in the middle of the middle wave: tiles are done, computed and waiting."""
    if trace is None:
        return Playback()
    wave = (trace.waves + 1) // 2
    middle = (trace.wave_start(wave) + trace.wave_start(wave + 1)) / 2
    return Playback(position=middle / trace.duration)
