"""The one pricer: plans, advice, sweeps, lists, races and the window ask it what products take."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from mmviz.core.provenance import Provenance
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import launches
from mmviz.core.time.by_waves import ByWaves
from mmviz.core.time.choice import cut
from mmviz.core.time.cost import LOSSES, PassCost, Priced
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.given_tile import error_of_given
from mmviz.core.time.grouped import grouped
from mmviz.core.time.model import Unknown, model_of
from mmviz.core.time.setup import Setup


def _one_by_one(stages: Floats, cuts: Cuts, setup: Setup) -> Floats:
    """No stack takes longer than its products launched one by one, as anybody could do instead.

    Beside each other they leave the L2 and warm the chip as one long product does, which may be
    said to cost more than the launches and waves that are saved.
    """
    several = np.flatnonzero(cuts.shapes.stack > 1)
    if not len(several):
        return stages
    some = cuts.shapes[several]
    most = some.stack * price_shapes(some.single, setup).seconds
    found = stages.copy()
    found[:, several] = np.minimum(stages[:, several], most)
    return found


@functools.lru_cache(maxsize=4)  # who shows a setup and who advises on it ask for the same
def price(setup: Setup) -> PassCost:
    """What one pass takes. Raises InputError for a batch, a tile or an order that cannot be."""
    return price_gemms(setup.gemms(), setup)


def price_gemms(gemms: Sequence[Gemm], setup: Setup) -> PassCost:
    """What products take that are computed as those of the setup are. Raises InputError."""
    gemms = tuple(gemms)
    alone = price_shapes(Shapes.from_gemms(gemms), setup)
    return PassCost(gemms, grouped(alone, launches(gemms), setup))


def price_shapes(shapes: Shapes, setup: Setup) -> Priced:
    """The same in columns, of any number of products, each computed once. Raises InputError."""
    device, dtype = setup.device, setup.dtype
    model = model_of(device, dtype, setup.launch_kind)
    cuts = cut(shapes, device, dtype, setup.tile, setup.order, model)
    rests = Provenance("modelled", model.basis, beyond=model.beyond)
    if isinstance(model, Unknown):
        stages, error = np.full((1 + len(LOSSES), len(cuts)), np.nan), np.full(len(cuts), np.nan)
        peak = device.peak(dtype)
        return Priced(cuts, device, dtype, peak, stages, error, rests, model.calibrate)
    stages, error = model.stages(cuts)
    if isinstance(model, ByWaves) and (setup.tile is not None or setup.order is not None):
        chosen = cut(shapes, device, dtype, None, None, model)
        error = error_of_given(model, cuts, chosen, stages[-1], error)
    stages = _one_by_one(stages, cuts, setup)
    return Priced(cuts, device, dtype, model.peak, stages, error, rests)
