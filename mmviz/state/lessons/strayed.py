"""What was changed in a step that leaves only something else free: its conditions do not count."""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.core.shapes.network import Network
from mmviz.state.lessons.stage import Stage, Taught
from mmviz.state.session import Session

WITH_A_DEVICE = ("tile", "order", "dtype")
"""What another device lets go of: it has its own."""


def strayed(
    free: tuple[str, ...], begun: Stage, made: Session, taught: Taught | None
) -> tuple[str, ...]:
    """Names of what differs from how the step began and may not, as `free` calls them; `training`,
    `launch` and `activation` besides, which no step leaves free but by another network.
    """
    allowed = {*free, *(WITH_A_DEVICE if "device" in free else ())}
    found = (
        *_different(begun.session, made, allowed),
        *_taught_otherwise(begun.taught, taught),
    )
    return tuple(name for name in found if name not in allowed)


def _different(begun: Session, made: Session, allowed: set[str]) -> Iterator[str]:
    pairs = {
        "device": (begun.device == made.device and begun.edited == made.edited),
        "batch": begun.batch == made.batch,
        "dtype": begun.dtype == made.dtype,
        "tile": begun.tile == made.tile,
        "order": begun.order == made.order,
        "training": begun.training == made.training,
        "launch": begun.launch_kind == made.launch_kind,
    }
    yield from (name for name, same in pairs.items() if not same)
    if "network" in allowed or begun.network == made.network:
        return
    old, new = begun.network, made.network
    if not isinstance(old, Network) or not isinstance(new, Network):
        yield "network"
        return
    yield from _layers(old, new, allowed)


def _layers(old: Network, new: Network, allowed: set[str]) -> Iterator[str]:
    """Weights and inputs count as changed by hand only where they could have stayed."""
    was, now = old.layers, new.layers
    if old.inputs != new.inputs:
        yield "inputs"
    if len(was) != len(now):
        yield "layers"
        return
    if [one.units for one in was] != [one.units for one in now]:
        yield "units"
    if [one.activation for one in was] != [one.activation for one in now]:
        yield "activation"
    shaped = old.inputs == new.inputs and [one.units for one in was] == [one.units for one in now]
    numbers = [[(one.weights, one.bias) for one in some] for some in (was, now)]
    if shaped and numbers[0] != numbers[1]:
        yield "weights"
    if old.inputs == new.inputs and "batch" not in allowed and old.examples != new.examples:
        yield "inputs"


def _taught_otherwise(begun: Taught | None, made: Taught | None) -> Iterator[str]:
    if begun is None or made is None:
        return
    if begun.rate != made.rate:
        yield "lr"
    if begun.steps != made.steps:
        yield "steps"
