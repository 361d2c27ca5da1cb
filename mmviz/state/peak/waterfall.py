"""Where the peak goes: what is left of it after each loss, as lines and one sentence."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from mmviz.bench.results import MEASURED
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import Fit, fit
from mmviz.core.provenance import Provenance
from mmviz.core.time.cost import LOSSES, Cost, PassCost
from mmviz.core.time.setup import Setup
from mmviz.core.verdict import Figure, judge
from mmviz.state.peak.measured import MeasuredRate, measured_here, timed_pass
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words import memory, money
from mmviz.words import waterfall as words
from mmviz.words.cost import loss
from mmviz.words.device import name as device_name
from mmviz.words.products import titled
from mmviz.words.provenance import label

TERA, GIGA = ("TFLOP/s", 1e12), ("GFLOP/s", 1e9)
SEEN = words.SEEN
NONE = Text("—")
UNMEASURED = MeasuredRate()
LEAST = 1e-9  # of the whole time: what a stage has at least, where losses cancel to nothing


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """A line of the waterfall. rate: FLOP/s that are left after it; lost: by it, of the peak.

    text: the rate as shown. A loss below 0 is a gain: caches can be faster than the memory.
    """

    id: str
    name: Text
    rate: float
    lost: float
    text: Text
    tip: Text


@dataclass(frozen=True, slots=True)
class Waterfall:
    """steps: the peak, then each loss; empty where no time is predicted, and `problem` says why.

    rate: of the prediction, FLOP/s; rate_text: as shown; time: '84.0 µs ± 5.9 %'; rests_on: what;
    sentence: what most of the time goes to; price: of a pass, NOTHING where the device
    has none or one product alone is shown; parts: of what the pass needs of the memory, where it
    does not fit. measured: what was measured here of the same; timed:
    what runs of the pass here said, on whatever device it is predicted.
    """

    title: Text
    unit: str
    peak: float
    steps: tuple[WaterfallStep, ...]
    rate: float
    rate_text: Text
    time: Text
    rests_on: Provenance
    sentence: Text
    problem: Text = NOTHING
    price: Text = NOTHING
    parts: Text = NOTHING
    measured: MeasuredRate = UNMEASURED
    timed: Text = NOTHING

    @property
    def agreed(self) -> bool:
        """Whether the prediction says how far it is off, and what was measured is no further."""
        return self.rests_on.error is not None and not self._contradicted

    @property
    def _beside(self) -> Text:
        """How what was measured stands to the prediction."""
        if self.measured.rate is None:
            return NOTHING
        if self.rests_on.error is None:
            return Text(N_("no error of the prediction is known that it could be beside"))
        if self._contradicted:
            return Text(N_("further from the prediction than its error"))
        return Text(N_("within the error of the prediction"))

    @property
    def _contradicted(self) -> bool:
        """Whether what was measured lies outside of the errors of both."""
        rate, error = self.measured.rate, self.measured.error
        if rate is None or not self.rate:
            return False
        found = judge(Figure(self.rate, self.rests_on.error), Figure(rate, error or 0.0))
        return found.better is not None

    @property
    def lines(self) -> tuple[tuple[Text, Text, Text], ...]:
        """Name, figure and tool tip of every line; none where nothing is predicted."""
        if not self.steps:
            return ()
        rate, tip = self.measured.rate, self.measured.tip
        name = Text(N_("{kind} here"), kind=label(MEASURED))
        here = NONE if rate is None else _rate(rate, unit_for(self.peak)[1])
        how = Text("{name}: {how}", name=name, how=tip)
        rests = Text(
            N_("predicted {time}, {kind}: {basis}"),
            time=self.time,
            kind=label(self.rests_on),
            basis=self.rests_on.basis,
        )
        rests = joined((rests, self.rests_on.beyond), "lines")
        return (
            *((step.name, step.text, step.tip) for step in self.steps),
            (Text(N_("predicted")), self.rate_text, rests),
            (
                name,
                here,
                joined((how, self._beside), "lines"),
            ),
        )

    @property
    def said(self) -> Text:
        """The prediction, the sentence and the price, or why there is none; what runs said."""
        if self.problem:
            return joined((self.problem, self.timed), "lines")
        said = Text(
            N_("{time}, {kind}. {sentence}"),
            time=self.time,
            kind=label(self.rests_on),
            sentence=self.sentence,
        )
        return joined((said, self.price, self.timed), "lines")

    @property
    def tip(self) -> Text:
        """What all of it rests on."""
        return joined((self.rests_on.basis, self.rests_on.beyond, self.parts), "lines")

    @property
    def spoken(self) -> Text:
        """All of it, as a screen reader says it."""
        lines = tuple(
            Text("{name} {figure}", name=name, figure=text) for name, text, _ in self.lines
        )
        said = Text(N_("in {unit}: {lines:commas}"), unit=self.unit, lines=lines)
        return joined((self.title, said if lines else NOTHING, self.said), "semicolons")


@dataclass(frozen=True, slots=True)
class WaterfallView:
    """Of the product looked at and of the whole pass. listed: the pass is a list of products."""

    product: Waterfall
    whole: Waterfall
    listed: bool


def waterfall_view(
    cost: Cost,
    pass_cost: PassCost,
    setup: Setup,
    here: tuple[MeasuredRate, MeasuredRate],
    timed: Text = NOTHING,
) -> WaterfallView:
    """The view of `Part`. here: what was measured of the product, and of the whole pass; timed:
    what runs of the pass said.
    """
    device, listed = setup.device, not setup.workload.has_batch
    batch, held = None if listed else setup.batch, fit(setup)
    product, whole = _product(cost, device), _whole(pass_cost, device, batch)
    if lacks := memory.lacking(held):  # a product alone is of no use to anybody
        product, whole = _without(product, lacks, held), _without(whole, lacks, held)
    return WaterfallView(
        replace(product, measured=here[0], timed=timed),
        replace(whole, measured=here[1], timed=timed),
        listed,
    )


WATERFALL = Part(
    "waterfall",
    lambda derived: (
        derived.cost,
        derived.pass_cost,
        derived.setup,
        (measured_here(derived, False), measured_here(derived, True)),
        timed_pass(derived),
    ),
    waterfall_view,
)


def _without(shown: Waterfall, why: Text, held: Fit) -> Waterfall:
    """Of a pass that the device cannot hold: a time it has none."""
    why = Text("{why:capital}.", why=why)
    none = Waterfall(shown.title, "", 0.0, (), 0.0, NOTHING, NOTHING, shown.rests_on, NOTHING, why)
    return replace(none, parts=memory.tip(held))


def unit_for(peak: float) -> tuple[str, float]:
    """The unit all lines are shown in, and FLOP/s in one of it."""
    return TERA if peak >= TERA[1] else GIGA


def _product(cost: Cost, device: Device) -> Waterfall:
    gemm = cost.tiling.gemm
    name = titled(gemm.name, gemm.role)
    tips = {step: words.about(cost, device, step) for step in ("peak", *LOSSES)}
    found = _waterfall(cost, cost, gemm.flop, name, device, tips)
    return replace(found, sentence=words.sentence_of(cost, device))


@functools.lru_cache(maxsize=4)  # a list may have thousands
def _whole(cost: PassCost, device: Device, batch: int | None) -> Waterfall:
    name = Text(N_("the list once") if batch is None else N_("whole pass"))
    one = cost.costs[0]
    tips = {"peak": words.about(one, device, "peak")}
    found = _waterfall(cost, one, cost.flop, name, device, tips)
    price = money.price(cost, device, batch)
    return replace(found, sentence=words.pass_sentence(cost), price=price)


def _waterfall(
    cost: Cost | PassCost, one: Cost, flop: int, of: Text, device: Device, tips: dict[str, Text]
) -> Waterfall:
    """one: a product of it, for what is the same of all; tips: what a step is."""
    title = Text(
        N_("{of} in {dtype} on {device}"), of=of, dtype=one.dtype, device=device_name(device)
    )
    rests_on, peak = one.provenance, one.peak
    losses, seconds, whole = cost.losses, cost.at_peak_s, cost.predicted_s
    if losses is None or seconds is None or peak is None or not whole:
        why = words.unknown(one, device)
        return Waterfall(title, "", 0.0, (), 0.0, NOTHING, NOTHING, rests_on, NOTHING, why)
    unit, factor = unit_for(peak)
    name = Text(N_("peak, {unit}"), unit=unit)
    steps = [WaterfallStep("peak", name, peak, 0.0, _rate(peak, factor), tips["peak"])]
    for id, lost in zip(LOSSES, losses, strict=True):
        seconds = max(seconds + lost, LEAST * whole)
        rate = flop / seconds
        tip = joined((words.loss_tip(id, lost, whole), tips.get(id, NOTHING)), "lines")
        gone = (steps[-1].rate - rate) / peak
        steps.append(WaterfallStep(id, loss(id), rate, gone, _rate(rate, factor), tip))
    rate = flop / whole
    time = Text("{time:seconds}{error:beside}", time=whole, error=cost.error)
    shown = _rate(rate, factor)
    return Waterfall(title, unit, peak, tuple(steps), rate, shown, time, rests_on, NOTHING)


def _rate(rate: float, factor: float) -> Text:
    return Text("{rate:sig}", rate=rate / factor)
