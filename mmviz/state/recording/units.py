"""Who computed in a recording, by their real names."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.device.body import BodyKind, Cpu, Gpu, Noun
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.text import N_, P_, Text

THREAD = Noun(Text(N_("thread")), Text(N_("threads")), P_("{n:group} thread", "{n:group} threads"))
UNIT = Noun(Text(N_("unit")), Text(N_("units")), P_("{n:group} unit", "{n:group} units"))
KINDS: dict[str, BodyKind] = {"cpu-tiles": "cpu", "cuda-tiles": "gpu"}
"""What ran it, by what recorded it, where that is known."""
_NOUNS = {"cpu-tiles": THREAD, "cuda-tiles": Gpu.unit, "wgpu-tiles": UNIT}


def units_of(recording: Recording, recorded: Recorded) -> Noun:
    """Counted as what recorded them calls such units; each has the name it really has. Threads that
    stayed on a core each are called by it, and counted so.
    """
    noun, core = _NOUNS.get(recording.by, UNIT), Cpu.unit
    if noun is THREAD and all(str(name).startswith(f"{core.one} ") for name in recorded.units):
        noun = core
    return replace(noun, names=recorded.units)
