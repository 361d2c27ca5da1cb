"""The columns of the table of layers: what each is sorted by, how it looks, what it is copied as.

Figures are of all times a product of a list is computed, so that lines add up to the totals; tile,
waves and efficiencies are of one. Texts are made when a line is asked for: a list may be long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mmviz.core.schedule.tiling import Tiling
from mmviz.core.time.cost import Cost, PassCost
from mmviz.files.exports import cell
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.cost import bound, loss
from mmviz.words.provenance import label

Value = Text | float | int | tuple[int, ...] | None
HOUR_S, MILLION = 3600.0, 1e6
NONE = Text("—")  # a total has no such figure


@dataclass(frozen=True, slots=True)
class Line:
    """A product, or a total over several. product: its index, -1 of a total.

    whole_s: what shares are of; price: of an hour on the device, None where none is known.
    """

    name: Text
    role: Text
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

    @property
    def rests_on(self) -> Text:
        """'modelled: calibrated on 500 measured products'; NOTHING of a total."""
        if self.one is None:
            return NOTHING
        rests = self.one.provenance
        said = Text("{kind}: {basis}", kind=label(rests), basis=rests.basis)
        return joined((said, rests.beyond), "lines")


@dataclass(frozen=True, slots=True)
class LayerColumn:
    """value: what is sorted by and copied; text: how it looks. plain: its name where copied, which
    is in no language. wordy: it holds words, not figures.
    """

    name: Text
    plain: str
    help: Text
    value: Callable[[Line], Value]
    text: Callable[[Value], Text]
    wordy: bool = False

    def tells(self, lines: Iterable[Line]) -> bool:
        """Whether any of the lines has a value here."""
        return any(self.value(line) not in (None, NOTHING) for line in lines)

    def tip(self, line: Line) -> Text:
        """Of a cell: which line it is in, what it says, and what that rests on."""
        shown = self.text(self.value(line))
        lines = (
            joined((line.name, line.role), "commas"),
            Text("{help}: {shown}", help=self.help, shown=shown),
            line.rests_on,
        )
        return joined(lines, "lines")


def sort_key(value: Value) -> tuple[int, tuple[float, ...], str]:
    """Numbers first, then words, what is not known last."""
    if value is None:
        return 2, (), ""
    if isinstance(value, Text):
        return 1, (), str(value).casefold()
    return 0, value if isinstance(value, tuple) else (value,), ""


def tsv(columns: Sequence[LayerColumn], lines: Iterable[Line]) -> str:
    """The lines under a line of names, parted by tabs: figures in plain digits and SI units."""
    rows = [[column.plain for column in columns]]
    rows += [[_plain(column.value(line)) for column in columns] for line in lines]
    return "".join("\t".join(row) + "\n" for row in rows)


def _plain(value: Value) -> str:
    if isinstance(value, Text):
        return str(cell(" ".join(str(value).split())))
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
    return lambda line: NOTHING if line.one is None else figure(line.one)


def _as(look: str) -> Callable[[Value], Text]:
    """'no data' for None, a dash for what a total has not, else the value as it looks."""

    def text(value: Value) -> Text:
        if isinstance(value, Text):
            return value or NONE
        return Text("{value:" + look + "}", value=value)

    return text


def _tile_text(value: Value) -> Text:
    if not isinstance(value, tuple):
        return NONE
    tm, tn, parts = value
    if parts == 1:
        return Text("{tile:shape}", tile=(tm, tn))
    return Text(N_("{tile:shape} · split-K {parts}"), tile=(tm, tn), parts=parts)


def _flop(line: Line) -> int:
    cost = line.cost
    return cost.flop if isinstance(cost, PassCost) else cost.tiling.gemm.total_flop


def _bytes(line: Line) -> int:
    return line.count * line.cost.bytes


def _limiter(line: Line) -> Value:
    limiter = line.cost.limiter
    return None if limiter is None else loss(limiter)


def _bound(cost: Cost) -> Value:
    return None if cost.bound is None else bound(cost.bound)


def _share(line: Line) -> Value:
    return line.seconds / line.whole_s if line.seconds is not None and line.whole_s else None


def _tile(cost: Cost) -> tuple[int, ...]:
    return *cost.tiling.tile, cost.tiling.parts


def _shape(cost: Cost) -> tuple[int, ...]:
    gemm = cost.tiling.gemm
    return gemm.m, gemm.n, gemm.k


def price_column(currency: str, *, listed: bool) -> LayerColumn:
    def value(line: Line) -> Value:
        if line.seconds is None or line.price is None:
            return None
        return line.seconds / HOUR_S * line.price * MILLION

    help = N_("What a million passes cost in predicted time at the device's price per hour")
    if listed:
        help = N_("What a million lists cost in predicted time at the device's price per hour")
    name = Text(N_("{currency} per M"), currency=currency)
    plain = f"{currency} per million {'lists' if listed else 'passes'}"
    return LayerColumn(name, plain, Text(help), value, _as("sig"))


TIMES = LayerColumn(
    Text(N_("times")),
    "times",
    Text(N_("How often the list has it launched; FLOP, bytes, time and share are of all of them")),
    lambda line: NOTHING if line.one is None else line.count,
    _as("group"),
)
BATCH = LayerColumn(
    Text(N_("batch")),
    "batch",
    Text(N_("How many of such products one launch computes: their tiles fill the waves together")),
    lambda line: NOTHING if line.one is None else line.one.tiling.gemm.stack,
    _as("group"),
)
COLUMNS = (
    LayerColumn(
        Text(N_("product")),
        "product",
        Text(N_("The layer or the product")),
        lambda line: line.name,
        _as(""),
        wordy=True,
    ),
    LayerColumn(
        Text(N_("role")),
        "role",
        Text(N_("forward, dgrad, wgrad")),
        lambda line: line.role,
        _as(""),
        wordy=True,
    ),
    LayerColumn(
        Text("m × n × k"),
        "m x n x k",
        Text(N_("Rows, columns, terms of a cell")),
        _of_one(_shape),
        _as("shape"),
    ),
    BATCH,
    TIMES,
    LayerColumn(
        Text(N_("predicted")),
        "predicted s",
        Text(N_("Predicted time, launch included")),
        lambda line: line.seconds,
        _as("seconds"),
    ),
    LayerColumn(
        Text("±"),
        "error share",
        Text(N_("Mean absolute error of such predictions on rows kept out of the fit")),
        lambda line: line.cost.error,
        _as("percent2"),
    ),
    LayerColumn(
        Text(N_("share")),
        "share",
        Text(N_("Of the predicted time of the pass")),
        _share,
        _as("percent"),
    ),
    LayerColumn(
        Text(N_("limiter")),
        "limiter",
        Text(N_("What most of the predicted time is made of")),
        _limiter,
        _as(""),
        wordy=True,
    ),
    LayerColumn(
        Text(N_("bound")),
        "bound",
        Text(N_("The roofline's side: memory below the ridge, compute from it on")),
        _of_one(_bound),
        _as(""),
        wordy=True,
    ),
    LayerColumn(Text("FLOP"), "FLOP", Text("2·m·n·k"), _flop, _as("flop")),
    LayerColumn(
        Text(N_("bytes")),
        "bytes",
        Text(N_("Of the three matrices, each moved once")),
        _bytes,
        _as("size"),
    ),
    LayerColumn(
        Text("FLOP/B"),
        "FLOP per byte",
        Text(N_("Intensity")),
        lambda line: _flop(line) / _bytes(line),
        _as("sig"),
    ),
    LayerColumn(
        Text(N_("tile")),
        "tile x parts",
        Text(N_("Cells along m × n; parts of k")),
        _of_one(_tile),
        _tile_text,
    ),
    LayerColumn(
        Text(N_("waves")),
        "waves",
        Text(N_("Tiles over slots, rounded up")),
        _of_one(lambda cost: cost.tiling.waves),
        _as("group"),
    ),
    LayerColumn(
        Text(N_("tile eff.")),
        "tile efficiency",
        Text(N_("Wanted cells over computed cells")),
        _of_one(lambda cost: cost.tiling.tile_efficiency),
        _as("percent"),
    ),
    LayerColumn(
        Text(N_("wave eff.")),
        "wave efficiency",
        Text(N_("Tiles over what the units could have computed in the same time")),
        _of_one(lambda cost: wave_efficiency(cost.tiling)),
        _as("percent"),
    ),
)
