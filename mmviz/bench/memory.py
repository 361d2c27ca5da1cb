"""How much memory a plan needs, from its shapes alone, so that it is refused before it starts."""

from __future__ import annotations

import psutil

from mmviz.backends import registry
from mmviz.bench.plan import (
    BenchPlan,
    CalibrationPlan,
    MadeData,
    PairPlan,
    Plan,
    ProbePlan,
    RecordPlan,
    TrainPlan,
)
from mmviz.core.learning.operands import affordable_rows
from mmviz.core.learning.training import REFERENCE_ROWS, affordable_layers
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.text import N_

CHECKED_FLOP = 4e10  # what the float64 gradients of the check may cost: a second or a few
_WIDEST = 8  # bytes of a number, in float64
_PROCESS = 150_000_000  # Python, NumPy and its BLAS's buffers
_REFERENCE_BLOCKS = 3 * 64_000_000  # what `core.learning.training` casts and compares at once


def needed_bytes(plan: BenchPlan) -> int:
    """Bytes of the host's memory at the fullest moment: the batch that needs most of it.

    The backends share the values and stay prepared together, since their passes are interleaved.
    """
    return max(_batch_bytes(plan, batch) for batch in plan.batches)


def check_plan(plan: Plan) -> None:
    """Raise InputError where what is free does not suffice for the plan; before it is started."""
    match plan:
        case BenchPlan():
            check_memory(plan)
        case PairPlan():
            check_pair(plan)
        case TrainPlan():
            check_training(plan)
        case RecordPlan():
            check_recording(plan)
        case CalibrationPlan() | ProbePlan():
            pass  # takes what fits


def check_training(plan: TrainPlan, available: int | None = None) -> None:
    """Raise InputError where drawings and weights do not fit the memory together."""
    free = psutil.virtual_memory().available if available is None else available
    data, network = plan.data, plan.network
    if isinstance(data, MadeData):
        drawings = data.count + data.unseen * len(data.strengths)
    else:
        drawings = len(data.seen_labels) + len(data.unseen_labels)
    widths = sum(network.widths)
    # pixels as floats and in the making, five arrays a weight, three a sum of a step's rows
    needed = _PROCESS + 4 * (
        3 * drawings * network.inputs + 5 * network.parameters + 3 * plan.recipe.batch * widths
    )
    if needed > free:
        raise InputError(
            N_("teaching {name} needs {needed:size}, this machine has {free:size} free"),
            name=network.name,
            needed=needed,
            free=free,
        )


def check_recording(plan: RecordPlan, available: int | None = None) -> None:
    """Raise InputError for tiles that cannot be, for more of them than can be kept, and where the
    numbers do not fit the memory.
    """
    free = psutil.virtual_memory().available if available is None else available
    gemms = plan.workload.lower(plan.batch, plan.training)
    if plan.tile is not None:
        tm, tn = plan.tile
        if min(tm, tn) < 1:
            raise InputError(N_("a tile has 1 cell or more each way, not {m}×{n}"), m=tm, n=tn)
        each = [over(gemm.m, tm) * over(gemm.n, tn) for gemm in gemms]
        if max(each) > MAX_TILES:
            raise InputError(
                N_(
                    "tiles of {m}×{n} are {rows:group} in one product; at most {most:group} can "
                    "be recorded: choose larger ones"
                ),
                m=tm,
                n=tn,
                rows=max(each),
                most=MAX_TILES,
            )
    else:
        each = [0]
    # the operands, their copies in panels, and results; views of a tile, its stamps of each round
    needed = _PROCESS + (400 + 70 * plan.rounds) * sum(each)
    needed += _WIDEST * sum(g.stack * (2 * g.k * (g.m + g.n) + 2 * g.m * g.n) for g in gemms)
    if needed > free:
        raise InputError(
            N_("recording {name} needs {needed:size}, this machine has {free:size} free"),
            name=plan.workload.name,
            needed=needed,
            free=free,
        )


def check_memory(plan: BenchPlan, available: int | None = None) -> None:
    """Raise InputError where `plan` needs more than the `available` bytes (default: what is free).

    Nothing is allocated, so the largest shapes are refused at once.
    """
    free = psutil.virtual_memory().available if available is None else available
    batch = max(plan.batches, key=lambda batch: _batch_bytes(plan, batch))
    needed = _batch_bytes(plan, batch)
    if needed > free:
        said = N_(
            "{name} at batch {batch:group} needs {needed:size}, this machine has {free:size} free"
        )
        if not plan.network.has_batch:
            said = N_("{name} needs {needed:size}, this machine has {free:size} free")
        raise InputError(said, name=plan.network.name, batch=batch, needed=needed, free=free)


def check_pair(plan: PairPlan, available: int | None = None) -> None:
    """Raise InputError where both shapes do not fit the memory together."""
    free = psutil.virtual_memory().available if available is None else available
    needed = sum(needed_bytes(one) for one in plan.alone)
    if needed > free:
        raise InputError(
            N_(
                "both shapes of {name} together need {needed:size}, "
                "this machine has {free:size} free"
            ),
            name=plan.networks[0].name,
            needed=needed,
            free=free,
        )


def drawn(plan: BenchPlan, batch: int) -> int:
    """How many numbers are drawn for a pass: of a network or of a list."""
    network = plan.network.layered
    if network is None:
        return sum(gemm.stack * gemm.k * (gemm.m + gemm.n) for gemm in plan.network.lower())
    target = batch * network.layers[-1].outputs if plan.training else 0
    return network.parameters + batch * network.inputs + target


def _batch_bytes(plan: BenchPlan, batch: int) -> int:
    network = plan.network.layered
    backends = [registry.find(name) for name in plan.backends]
    if network is None:
        products = Products(plan.network.name, plan.network.lower())
        own = sum(one.products_bytes(products, plan.dtype) for one in backends)
        reference = _rows_bytes(products)
    else:
        own = sum(one.host_bytes(network, batch, plan.dtype, plan.training) for one in backends)
        reference = _reference_bytes(network, batch, plan.training)
    return _PROCESS + 4 * drawn(plan, batch) + own + reference


def _rows_bytes(products: Products) -> int:
    """float64 rows of one product at a time, and what is cast of it."""
    most = affordable_rows(products, CHECKED_FLOP)
    cells = (min(most, gemm.stack * gemm.m) * (gemm.k + 3 * gemm.n) for gemm in products.gemms)
    return 8 * max(cells) + _REFERENCE_BLOCKS


def _reference_bytes(network: Network, batch: int, training: bool) -> int:
    """float64 arrays of the check: a few rows of output; in training activations and a gradient."""
    units_ = [layer.units for layer in network.layers]
    rows = min(batch, REFERENCE_ROWS)
    cells = rows * 4 * max(*network.widths, *units_)
    layers = affordable_layers(network, batch, CHECKED_FLOP) if training else 0
    if layers:
        pairs = list(zip(network.widths, units_, strict=False))[-layers:]
        sizes = [width * units for width, units in pairs]
        # the gradient of one layer is let go only when that of the next is there
        cells += max(map(sum, zip(sizes, (*sizes[1:], 0), strict=True)))
        cells += batch * (sum(network.widths) + sum(units_) + 3 * max(units_))
    return 8 * cells + _REFERENCE_BLOCKS + 8 * batch * network.layers[-1].outputs
