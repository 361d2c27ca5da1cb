"""What was measured here of what is predicted: the last run of this very pass on this device."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmviz.backends import registry
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.derived import Derived
from mmviz.text import N_, NOTHING, P_, Text
from mmviz.words.device import name as device_name
from mmviz.words.timing import timed_here

_OTHER = re.compile(r"pcie|nvl|laptop|max-q|super|\bti\b|mig", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """rate: FLOP/s, None where nothing was measured; tip: of what and how, or why not; error: of
    the median it rests on, None: not known.
    """

    rate: float | None = None
    tip: Text = NOTHING
    error: float | None = None


def measured_here(derived: Derived, whole: bool) -> MeasuredRate:
    """The rate of the last run of what is shown, however many others came after it."""
    session, device, facts = derived.session, derived.device, derived.facts
    timed = facts.run_of(derived.setup.timed)
    if timed is None and facts.last is None:
        return _none(N_("nothing was measured yet: press Run"))
    if timed is None:
        return _none(N_("the last run was of another network, batch or number format"))
    if not whole and len(derived.gemms) > 1:
        return _none(N_("a run times the whole pass, no single product"))
    results = timed.results
    backend = backend_for(device, results.machine.gpu if results.machine else None)
    if backend is None:
        return _none(N_("{device} is not in this computer"), device=device_name(device))
    run = next((r for r in results.runs if (r.backend, r.batch) == (backend, session.batch)), None)
    if run is None or run.stats is None or run.estimated:
        return _none(N_("the last run has no measured pass of {backend}"), backend=backend)
    p50 = max(run.stats.p50, 1e-12)
    told = Text(
        N_("{time:seconds}, the median of {passes} with {backend}, activations included"),
        time=p50,
        passes=Text(P_("{n:group} pass", "{n:group} passes"), n=run.stats.n),
        backend=backend,
    )
    return MeasuredRate(derived.flop / p50, told, run.stats.error)


def timed_pass(derived: Derived) -> Text:
    """What the last run of this very pass said, whoever computed it; NOTHING before one."""
    timed = derived.facts.run_of(derived.setup.timed)
    if timed is None:
        return NOTHING
    batch = derived.session.batch
    return timed_here(run for run in timed.results.runs if run.batch == batch)


def _none(why: str, **values: Text | str) -> MeasuredRate:
    """`why`: a marked msgid."""
    return MeasuredRate(None, Text(why, **values))


def backend_for(device: Device, gpu: str | None) -> str | None:
    """Who computes on that device here; None where it is not in this computer."""
    if device.id == THIS_MACHINE:
        return registry.proving("cpu")
    here = gpu and isinstance(device.body, Gpu) and is_gpu(device.id, gpu)
    return registry.proving("gpu") if here else None


def is_gpu(device: str, gpu: str) -> bool:
    """Whether a driver's name, 'NVIDIA A100-SXM4-80GB', is that of a device id, 'a100'.

    Variants that run at other rates (PCIe, Ti, laptops …) are others.
    """
    model, _, memory = device.partition("-")
    parted = re.sub(r"(?<=[a-z])(?=[0-9]{4})", r"\\s*", model)  # 'rtx3090' is 'RTX 3090'
    if not re.search(rf"\b{parted}\b", gpu, re.IGNORECASE) or _OTHER.search(gpu):
        return False
    small = "40GB" in gpu.replace(" ", "")
    return small == (memory == "40") if model == "a100" else not memory
