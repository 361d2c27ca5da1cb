"""Prices in words: what a pass is, what its time is made of, and what bounds it."""

from __future__ import annotations

from mmviz.core.time.cost import LOSS_NAMES
from mmviz.core.time.setup import Setup
from mmviz.text import N_, Text
from mmviz.words.device import name as device_name
from mmviz.words.timing import mode

BOUNDS = {"memory": N_("memory"), "compute": N_("compute")}


def loss(id: str) -> Text:
    """'wave quantization', of the id of a loss, or of peak."""
    return Text(LOSS_NAMES[id])


def goes_to(id: str) -> Text:
    """The same as what time goes to: 'waiting for memory'."""
    if id == "learned":
        return Text(N_("what timings show beyond all causes"))
    return Text(N_("waiting for memory")) if id == "memory" else loss(id)


def bound(side: str) -> Text:
    """A side of the roofline: 'memory'."""
    return Text(BOUNDS[side])


def heading(setup: Setup, *, grouped: bool = False) -> Text:
    """'AlexNet, batch 128, inference, float16, on NVIDIA A100'; grouped: 'batch 4 096'."""
    how = Text(N_("a list of products"))
    if setup.workload.has_batch:
        said = N_("batch {batch:group}, {mode}") if grouped else N_("batch {batch}, {mode}")
        how = Text(said, batch=setup.batch, mode=mode(setup.training))
    return Text(
        N_("{name}, {how}, {dtype}, on {device}"),
        name=setup.workload.name,
        how=how,
        dtype=setup.dtype,
        device=device_name(setup.device),
    )
