"""The table of layers: every product of the pass with its cost, below the totals.

Figures are of all times a product of a list is computed, so that lines add up to the totals; tile,
waves and efficiencies are of one. Texts are made when a line is asked for: a list may be long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from mmviz import units
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import LOSS_NAMES, Cost, PassCost
from mmviz.state.derived import Derived, price_of

Value = str | float | int | tuple[int, ...] | None
HOUR_S, MILLION = 3600.0, 1e6
NONE = "—"  # a total has no such figure


@dataclass(frozen=True, slots=True)
class Line:
    """A product, or a total over several (role "total"). product: its index, -1 of a total.

    whole_s: what shares are of; price: of an hour on the device, None where none is known.
    """

    name: str
    role: str
    product: int
    cost: Cost | PassCost
    whole_s: float | None
    price: float | None

    @property
    def one(self) -> Cost | None:
        """The product's, None of a total."""
        return self.cost if isinstance(self.cost, Cost) else None

    @property
    def count(self) -> int:
        """How often it is computed."""
        return 1 if self.one is None else self.one.tiling.gemm.count

    @property
    def seconds(self) -> float | None:
        """Predicted, of all times it is computed."""
        return None if self.cost.predicted_s is None else self.count * self.cost.predicted_s


@dataclass(frozen=True, slots=True)
class Column:
    """value: what is sorted by and copied; text: how it looks. plain: its name where copied."""

    name: str
    plain: str
    help: str
    value: Callable[[Line], Value]
    text: Callable[[Value], str]


@dataclass(frozen=True, slots=True)
class Layers:
    """lines: the products in order; totals: above them, whatever the order."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]


def layers(derived: Derived) -> Layers:
    """The table of a derived; of a network with the totals of both passes."""
    session, device, whole = derived.session, derived.device, derived.pass_cost
    price, seconds = device.price_hour, whole.predicted_s
    lines = tuple(
        Line(cost.tiling.gemm.name, cost.tiling.gemm.role, i, cost, seconds, price)
        for i, cost in enumerate(derived.costs)
    )
    listed = isinstance(session.network, Products)
    totals = [("the list once", whole)]
    if not listed:
        other = price_of(replace(session, training=not session.training))
        passes = (other, whole) if session.training else (whole, other)
        totals = list(zip(("forward pass", "training pass"), passes, strict=True))
    columns = list(COLUMNS)
    if not any(line.count > 1 for line in lines):
        columns.remove(TIMES)
    if price is not None:
        columns.append(_price_column(device.currency, "lists" if listed else "passes"))
    return Layers(
        tuple(columns),
        lines,
        tuple(Line(name, "total", -1, cost, cost.predicted_s, price) for name, cost in totals),
    )


def sort_key(value: Value) -> tuple[int, tuple[float, ...], str]:
    """Numbers first, then words, what is not known last."""
    if value is None:
        return 2, (), ""
    if isinstance(value, str):
        return 1, (), value.casefold()
    return 0, value if isinstance(value, tuple) else (value,), ""


def tsv(columns: Sequence[Column], lines: Iterable[Line]) -> str:
    """The lines under a line of names, parted by tabs: figures in plain digits and SI units."""
    rows = [[column.plain for column in columns]]
    rows += [[_plain(column.value(line)) for column in columns] for line in lines]
    return "".join("\t".join(row) + "\n" for row in rows)


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return "" if value is None else f"{value:.9g}" if isinstance(value, float) else str(value)


def wave_efficiency(tiling: Tiling) -> float:
    """Work over what the units could have done in the same time, 0 … 1; stream-K's is even."""
    if not tiling.order.even:
        return tiling.wave_efficiency
    steps = tiling.tiles * tiling.k_steps
    return steps / (tiling.units * -(-steps // tiling.units))


def _of_one(figure: Callable[[Cost], Value]) -> Callable[[Line], Value]:
    """A figure that a total has not."""
    return lambda line: "" if line.one is None else figure(line.one)


def _known(text: Callable[[float], str]) -> Callable[[Value], str]:
    """'no data' for None, a dash for what a total has not."""

    def shown(value: Value) -> str:
        if value is None:
            return units.NO_DATA
        return text(value) if isinstance(value, float | int) else str(value) or NONE

    return shown


def _words(value: Value) -> str:
    return units.NO_DATA if value is None else str(value) or NONE


def _sides(value: Value) -> str:
    return units.shape(*value) if isinstance(value, tuple) else NONE


def _tile_text(value: Value) -> str:
    if not isinstance(value, tuple):
        return NONE
    tm, tn, parts = value
    return units.shape(tm, tn) + (f" · split-K {parts}" if parts > 1 else "")


def _flop(line: Line) -> int:
    cost = line.cost
    return cost.flop if isinstance(cost, PassCost) else cost.tiling.gemm.total_flop


def _bytes(line: Line) -> int:
    return line.count * line.cost.bytes


def _limiter(line: Line) -> Value:
    limiter = line.cost.limiter
    return None if limiter is None else LOSS_NAMES[limiter]


def _share(line: Line) -> Value:
    return line.seconds / line.whole_s if line.seconds is not None and line.whole_s else None


def _tile(cost: Cost) -> tuple[int, ...]:
    return *cost.tiling.tile, cost.tiling.parts


def _shape(cost: Cost) -> tuple[int, ...]:
    gemm = cost.tiling.gemm
    return gemm.m, gemm.n, gemm.k


def _price_column(currency: str, what: str) -> Column:
    def value(line: Line) -> Value:
        if line.seconds is None or line.price is None:
            return None
        return line.seconds / HOUR_S * line.price * MILLION

    return Column(
        f"{currency} per M",
        f"{currency} per million {what}",
        f"What a million {what} cost in predicted time at the device's price per hour",
        value,
        _known(units.sig),
    )


TIMES = Column(
    "times",
    "times",
    "How often the list has it computed; FLOP, bytes, time and share are of all of them",
    lambda line: "" if line.one is None else line.count,
    _known(lambda x: units.group(int(x))),
)
COLUMNS = (
    Column("product", "product", "The layer or the product", lambda line: line.name, _words),
    Column("role", "role", "forward, dgrad, wgrad", lambda line: line.role, _words),
    Column("m × n × k", "m x n x k", "Rows, columns, terms of a cell", _of_one(_shape), _sides),
    TIMES,
    Column(
        "predicted",
        "predicted s",
        "Modelled time, launch included",
        lambda line: line.seconds,
        _known(units.seconds),
    ),
    Column(
        "±",
        "error share",
        "Mean absolute error of such predictions on rows kept out of the fit",
        lambda line: line.cost.error,
        _known(lambda error: units.plus_minus(error)[2:]),
    ),
    Column("share", "share", "Of the predicted time of the pass", _share, _known(units.percent)),
    Column("limiter", "limiter", "What most of the predicted time is made of", _limiter, _words),
    Column(
        "bound",
        "bound",
        "The roofline's side: memory below the ridge, compute from it on",
        _of_one(lambda cost: cost.bound),
        _words,
    ),
    Column("FLOP", "FLOP", "2·m·n·k", _flop, _known(units.flop)),
    Column("bytes", "bytes", "Of the three matrices, each moved once", _bytes, _known(units.size)),
    Column(
        "FLOP/B",
        "FLOP per byte",
        "Intensity",
        lambda line: _flop(line) / _bytes(line),
        _known(units.sig),
    ),
    Column("tile", "tile x parts", "Cells along m × n; parts of k", _of_one(_tile), _tile_text),
    Column(
        "waves",
        "waves",
        "Tiles over slots, rounded up",
        _of_one(lambda cost: cost.tiling.waves),
        _known(lambda x: units.group(int(x))),
    ),
    Column(
        "tile eff.",
        "tile efficiency",
        "Wanted cells over computed cells",
        _of_one(lambda cost: cost.tiling.tile_efficiency),
        _known(units.percent),
    ),
    Column(
        "wave eff.",
        "wave efficiency",
        "Tiles over what the units could have computed in the same time",
        _of_one(lambda cost: wave_efficiency(cost.tiling)),
        _known(units.percent),
    ),
)
