"""All products of a recording beside what they are held against, and what they come to together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmviz.core.device.device import Device
from mmviz.core.recording.causes import Because
from mmviz.core.recording.comparing import Compared
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.gemm import Gemm
from mmviz.errors import InputError
from mmviz.state.recording.pair import pair_of
from mmviz.text import N_, Text
from mmviz.words.names import spoken

Told = tuple[Gemm, Compared, Because]
"""A product, both sides of it, and by what they differ."""


def beside(
    recording: Recording, device: Device, against: Recording | None, *, roofline: bool = False
) -> tuple[Told, ...]:
    """Each product beside the device's model of it, or beside the same one of `against`, which are
    first. roofline: as `pair_of` has it.

    Raises InputError where one of them has nothing to be held against.
    """
    if against is not None:
        shapes = [[_shape(one.gemm) for one in of.products] for of in (against, recording)]
        if shapes[0] != shapes[1]:
            said = N_("they are of different products: {a} and {b}")
            raise InputError(said, a=_named(against), b=_named(recording))
    found = []
    for product, one in enumerate(recording.products):
        pair = pair_of(recording, product, device, against, roofline=roofline)
        if pair.compared is None or pair.why is None:
            raise InputError(N_("{name}: {why}"), name=one.gemm.name, why=pair.missing)
        found.append((one.gemm, pair.compared, pair.why))
    return tuple(found)


def whole_s(found: Sequence[Told], at: int) -> float | None:
    """The walls of one side's products together, None where one of them is not known."""
    walls = [compared.sides[at].wall_s for _, compared, _ in found]
    known = [wall for wall in walls if wall is not None]
    return sum(known) if len(known) == len(walls) else None


def leading(found: Sequence[Told]) -> Told:
    """The product whose walls lie farthest apart in seconds; of those that tell a cause, if any."""
    told = [one for one in found if one[2].evidence is not None]
    return max(told or found, key=_apart)


def residuals(found: Sequence[Told]) -> tuple[float, float] | None:
    """Of the tiles of all products the middle of what the second side takes longer, and below which
    95 % of them are off, in seconds; None where no tiles are compared.
    """
    by_tile = [compared.residual for _, compared, _ in found]
    known = [one.longer[~np.isnan(one.longer)] for one in by_tile if one is not None]
    together = np.concatenate(known) if known else np.empty(0)
    if not len(together):
        return None
    return float(np.median(together)), float(np.percentile(np.abs(together), 95))


def _apart(told: Told) -> float:
    a, b = (side.wall_s for side in told[1].sides)
    return 0.0 if a is None or b is None else abs(a - b)


def _shape(gemm: Gemm) -> tuple[int, int, int]:
    return gemm.m, gemm.n, gemm.k


def _named(recording: Recording) -> Text:
    """'alexnet (128 × 4 096 × 9 216, …)'."""
    first, *rest = recording.products
    shape = Text("{shape:shape}", shape=_shape(first.gemm))
    more = N_("{name} ({shape}, …)") if rest else N_("{name} ({shape})")
    return Text(more, name=spoken(recording.of.workload.name), shape=shape)
