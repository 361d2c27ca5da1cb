"""Quantities of time and price: FLOP and bytes are computed, predicted times are modelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mmviz.core.provenance import Kind
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.by_waves import EAGER_S
from mmviz.core.time.cost import LOSS_KEYS, LOSSES, Cost
from mmviz.state.lessons.here import Found, Here, NoData, Value
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, first, known
from mmviz.text import N_

_IDS = {key: id for id, key in LOSS_KEYS.items()}


def _seconds(here: Here, value: float | None) -> float:
    """The value; raises NoData with why there is none."""
    if value is None:
        raise NoData(here.pass_cost.basis)
    return value


def _predicted(here: Here, arguments: Arguments) -> Value:
    return _seconds(here, here.cost(first(arguments)).predicted_s)


def _peak_share(here: Here, arguments: Arguments) -> Value:
    """Of the time of a product, or of the pass: arithmetic at the peak."""
    of: Cost = here.cost(first(arguments))
    return _seconds(here, of.at_peak_s) / _seconds(here, of.predicted_s)


def _loss_share(here: Here, arguments: Arguments) -> Value:
    """A loss as a share of the product's time, by its name in files."""
    id = _IDS.get(arguments[0], arguments[0])
    cost = here.cost(arguments[1] if len(arguments) > 1 else "")
    if id not in LOSSES:
        raise NoData(N_("no loss is called {name!r:.40}"), name=arguments[0])
    total = _seconds(here, cost.predicted_s)
    return (cost.losses or ())[LOSSES.index(id)] / total


def _argmax_loss(here: Here, arguments: Arguments) -> Value:
    cost = here.cost(first(arguments))
    _seconds(here, cost.predicted_s)
    losses = dict(zip(LOSSES, cost.losses or (), strict=True))
    return frozenset({max(losses, key=lambda id: losses[id])})


_BY: Mapping[str, Callable[[Here, Cost], float]] = {
    "flop": lambda _, cost: cost.tiling.gemm.total_flop,
    "bytes": lambda _, cost: cost.bytes * cost.tiling.gemm.count,
    "predicted_s": lambda here, cost: _seconds(here, cost.predicted_s) * cost.tiling.gemm.count,
}


def _argmax_product(here: Here, arguments: Arguments) -> Found:
    """The products of which there is most, on the strip: work is counted, time is modelled."""
    by = _BY.get(arguments[0])
    if by is None:
        raise NoData(N_("no figure of a product is called {name!r:.40}"), name=arguments[0])
    found = [by(here, cost) for cost in here.pass_cost.costs]
    most = max(found)
    at = (here.gemms[i] for i, value in enumerate(found) if value == most)
    kind: Kind = "modelled" if arguments[0] == "predicted_s" else "computed"
    return Found(frozenset(item_of(gemm) for gemm in at), kind)


def item_of(gemm: Gemm) -> tuple[int, str]:
    """A product as an item to click on."""
    return gemm.layer, gemm.role


def _launches(here: Here, _arguments: Arguments) -> Value:
    return sum(gemm.count for gemm in here.gemms)


def _launch_kind(here: Here, _arguments: Arguments) -> Value:
    """What launch a device's predictions rest on: eager calls, of which kernels begin later than
    those of a graph that is replayed; none where there is none.
    """
    launch = _seconds(here, here.cost().launch_s)
    return "none" if not launch else "graph" if launch <= EAGER_S else "eager"


TIMES: Mapping[str, Quantity] = {
    "flop": Quantity(
        lambda h, a: h.gemm(first(a)).flop, "computed", "FLOP of a product", "FLOP", most=1
    ),
    "flop_pass": Quantity(lambda h, _: h.pass_cost.flop, "computed", "FLOP of the pass", "FLOP"),
    "bytes": Quantity(
        lambda h, a: h.cost(first(a)).bytes, "computed", "of its matrices, once each", "B", most=1
    ),
    "bytes_pass": Quantity(lambda h, _: h.pass_cost.bytes, "computed", "of all products", "B"),
    "intensity": Quantity(
        lambda h, a: h.cost(first(a)).intensity, "computed", "FLOP a byte", "FLOP/B", most=1
    ),
    "ridge": Quantity(
        lambda h, _: known(h.cost().ridge),
        "computed",
        "intensity from which the peak limits",
        "FLOP/B",
    ),
    "bound": Quantity(
        lambda h, a: known(h.cost(first(a)).bound),
        "computed",
        "side of the roofline: memory or compute",
        most=1,
    ),
    "peak": Quantity(
        lambda h, _: known(h.cost().peak), "computed", "the datasheet's FLOP/s", "FLOP/s"
    ),
    "predicted_s": Quantity(_predicted, "modelled", "time of a product", "s", most=1),
    "pass_s": Quantity(
        lambda h, _: _seconds(h, h.pass_cost.predicted_s), "modelled", "time of the pass", "s"
    ),
    "error": Quantity(
        lambda h, _: known(h.pass_cost.error), "modelled", "mean error of predictions", "%"
    ),
    "peak_share": Quantity(
        _peak_share, "modelled", "of a product's time, arithmetic at the peak", "%", most=1
    ),
    "loss_share": Quantity(
        _loss_share,
        "modelled",
        "of a product's time: tile_quantization, wave_quantization, alignment, memory_bound, "
        "kernel_efficiency or launch",
        "%",
        1,
        2,
    ),
    "limiter": Quantity(
        lambda h, a: known(h.cost(first(a)).limiter),
        "modelled",
        "what most of the time goes to: peak or the id of a loss",
        "loss",
        most=1,
    ),
    "argmax_loss": Quantity(
        _argmax_loss, "modelled", "the loss that costs most", "loss", 0, 1, "waterfall"
    ),
    "launches": Quantity(_launches, "computed", "launches of the pass"),
    "launch_kind": Quantity(_launch_kind, "modelled", "none, eager or graph"),
    "argmax_product": Quantity(
        _argmax_product,
        "modelled",
        "the product with most flop, bytes or predicted_s",
        "product",
        1,
        1,
        "strip",
    ),
}
