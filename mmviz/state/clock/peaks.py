"""The peak beside which the rate of a run stands: this machine's, calibrated, or a datasheet's."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz.bench.results import Run
from mmviz.core.device.device import Device
from mmviz.files.devices import device_ids, read_device
from mmviz.state.peak.measured import is_gpu
from mmviz.text import N_, Text
from mmviz.words.device import name as device_name


@dataclass(frozen=True, slots=True)
class Peak:
    """rate: FLOP/s. said: whose it is, in a few words."""

    rate: float
    said: Text


def peak_of(run: Run, dtype: str, here: Device | None) -> Peak | None:
    """Of what it ran on, in the format asked for; None: no figure is known.

    here: this machine as it was calibrated. A software adapter is this machine's CPU, too.
    """
    if run.place is None or run.place.software:
        rate = None if here is None else here.peak(dtype)
        if not rate:
            return None
        return Peak(rate, Text(N_("{rate:rate}, the calibrated peak of this machine"), rate=rate))
    gpu = _datasheet(run.place.name)
    rate = None if gpu is None else gpu.peak(dtype)
    if gpu is None or not rate:
        return None
    said = N_("{rate:rate}, the datasheet's peak of {device}")
    return Peak(rate, Text(said, rate=rate, device=device_name(gpu)))


@functools.lru_cache(maxsize=64)
def _datasheet(gpu: str) -> Device | None:
    """The device whose datasheet is that of a GPU, by what its driver calls it; None: unknown."""
    return next((read_device(id) for id in device_ids() if is_gpu(id, gpu)), None)
