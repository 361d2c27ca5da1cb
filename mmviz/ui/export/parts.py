"""Every part as a figure, made of what the window or a command has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmviz.bench.results import Results
from mmviz.core.memory.fit import sweep_within
from mmviz.errors import InputError
from mmviz.files.ordinary import no_tick
from mmviz.state.clock.parts import PARTS, parts_view
from mmviz.state.clock.view import TIMING
from mmviz.state.derived import Derived
from mmviz.state.export import ExportChoice
from mmviz.state.facts import Timed
from mmviz.state.offers import Offer, time_offers
from mmviz.state.peak.layers import LAYERS
from mmviz.state.peak.roofline import ROOFLINE
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.picture.time_views import PASS, UNITS
from mmviz.state.picture.view import PICTURE
from mmviz.state.race.views import RaceView
from mmviz.state.recording.view import PAIR
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.view import SWEEP
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.ui.export.figure import Figure
from mmviz.ui.export.layers import layers_figure
from mmviz.ui.export.learn import (
    digit_figure,
    filters_figure,
    ladder_figure,
    lesson_figure,
    rates_figure,
)
from mmviz.ui.export.passes import pass_figure
from mmviz.ui.export.peak import peak_figure, roofline_figure
from mmviz.ui.export.picture import Instant, picture_figure, units_over_time
from mmviz.ui.export.race import race_figure
from mmviz.ui.export.recording import recording_figure
from mmviz.ui.export.sweep import sweep_figure
from mmviz.ui.export.timing import timing_figure
from mmviz.ui.export.where import where_figure
from mmviz.ui.look.theme import Theme
from mmviz.ui.race.lineup import first_race
from mmviz.words.device import name as device_name
from mmviz.words.names import spoken
from mmviz.words.provenance import label
from mmviz.words.speech import Words
from mmviz.words.sweep import missing_text

MOST_PRICED = 20_000  # points of a sweep that are priced while somebody waits
NO_SAMPLES = Text(N_("no data to export yet: press Run first"))
LATER = Text(N_("open the panel first: this takes a moment to be computed"))


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What figures are made of. position: 0 … 1 within the product looked at.

    race: what is raced and where it stands, None: the first that is ready made. chart: the sweep
    that is drawn, None: as it follows. results: of a timing run. whole: whether the waterfall is
    that of the pass. hides: what the picture does not tell, see `Scene`.
    """

    derived: Derived
    position: float
    race: tuple[RaceView, float] | None = None
    chart: SweepChart | None = None
    results: Results | None = None
    whole: bool = False
    hides: frozenset[str] = frozenset()


def figure_of(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """The part of the choice; raises InputError where it has nothing to show."""
    return _MAKERS[choice.part](shown, theme, words, choice)


def _title(derived: Derived, words: Words, *, format: bool = True) -> str:
    """'AlexNet classifier · batch 128 · float32 · training · A100'."""
    session, setup = derived.session, derived.setup
    said = [spoken(session.network.name)]
    if setup.workload.has_batch:
        said.append(Text(N_("batch {batch:group}"), batch=session.batch))
    if format:
        said.append(own(session.dtype))
    if session.training:
        said.append(Text(N_("training")))
    return words(joined((*said, device_name(derived.device))))


def _instant(shown: Shown) -> Instant:
    derived, trace = shown.derived, shown.derived.trace
    frame = None if trace is None else trace.at(shown.position * trace.duration)
    name = derived.session.network.name
    return Instant(name, PICTURE.of(derived), frame, UNITS.of(derived), shown.hides)


def _picture(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    if shown.derived.trace is None:
        raise InputError(shown.derived.problem)
    return picture_figure(_instant(shown), theme, words, choice)


def _units(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    if shown.derived.trace is None:
        raise InputError(shown.derived.problem)
    return units_over_time(_instant(shown), theme, words, choice)


def _recording(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    view = PAIR.of(shown.derived)
    if view.why:
        raise InputError(view.why)
    title = _title(shown.derived, words)
    if str(view.named[0]) not in title:
        title = words(joined((view.named[0], own(title))))
    return recording_figure(view, shown.position, title, theme, words, choice)


def _race(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    race = shown.race
    if race is None:
        long, work = first_race(shown.derived.session, shown.derived.facts)
        if long:
            raise InputError(LATER)
        race = work(no_tick)[1], shown.position
    name = shown.derived.session.network.name
    return race_figure(*race, name, theme, words, choice)


def _roofline(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    view = ROOFLINE.of(shown.derived)
    if not view.roofs:
        raise InputError(_with_way(view.problem, shown.derived))
    return roofline_figure(view, _title(shown.derived, words), theme, words, choice)


def _peak(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    view = WATERFALL.of(shown.derived)
    found = view.whole if shown.whole else view.product
    if not found.steps:
        raise InputError(_with_way(found.said, shown.derived))
    return peak_figure(found, _title(shown.derived, words, format=False), theme, words, choice)


def _with_way(why: Text, derived: Derived) -> Text:
    """Why nothing is predicted, and what would end it."""
    return _led(why, time_offers(derived.device, derived.session.dtype))


def _led(why: Text, offers: tuple[Offer, ...]) -> Text:
    known = [Text(_WAYS[offer.does]) for offer in offers if offer.does in _WAYS]
    return joined((why, *known[:1]), "semicolons")


_WAYS = {
    "alone": N_("open one product alone"),
    "calibrate": N_("calibrate it, or choose a GPU"),
    "format": N_("choose another number format, or a GPU"),
    "device": N_("choose a GPU"),
}


def _sweep(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    chart = shown.chart or _chart(shown.derived)
    return sweep_figure(chart, theme, words, choice)


def _chart(derived: Derived) -> SweepChart:
    """What the panel would draw; raises InputError where that is nothing."""
    view = SWEEP.of(derived)
    if view.question is None:
        raise InputError(_led(view.missing, view.offers))
    if len(view.question.points) > MOST_PRICED:
        raise InputError(LATER)
    found = sweep_within(view.question.points, view.question.setup)
    if not found.known:
        raise InputError(_with_way(missing_text(found), derived))
    return view.chart(found)


def _timing(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    results = shown.results
    if results is None:
        last = TIMING.of(shown.derived).shown
        results = None if last is None else last.results
    if results is None or not any(run.samples_s for run in results.runs):
        raise InputError(NO_SAMPLES)
    return timing_figure(results, theme, words, choice)


def _parts(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    view, derived = PARTS.of(shown.derived), shown.derived
    if not view.bars and shown.results is not None:
        of = Timed(derived.setup.timed, shown.results, NOTHING)
        view = parts_view(of, fits=True, batch=0, product=-1)
    if not view.bars:
        raise InputError(NO_SAMPLES)
    return where_figure(view, derived.session.network.name, theme, words, choice)


def _layers(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    view, cost = LAYERS.of(shown.derived), shown.derived.pass_cost
    title = _title(shown.derived, words)
    if cost.predicted_s is not None:
        title = words(joined((own(title), label(cost.provenance))))
    return layers_figure(view.table, view.product, title, theme, words, choice)


def _pass(shown: Shown, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    title = _title(shown.derived, words)
    return pass_figure(PASS.of(shown.derived), shown.position, title, theme, words, choice)


def _learn(of: Callable[[Derived, Theme, Words, ExportChoice], Figure]) -> _Maker:
    """Of what is known alone."""
    return lambda shown, theme, words, choice: of(shown.derived, theme, words, choice)


_Maker = Callable[[Shown, Theme, Words, ExportChoice], Figure]
_MAKERS: dict[str, _Maker] = {
    "picture": _picture,
    "units": _units,
    "recording": _recording,
    "race": _race,
    "roofline": _roofline,
    "peak": _peak,
    "sweep": _sweep,
    "timing": _timing,
    "parts": _parts,
    "layers": _layers,
    "pass": _pass,
    "lesson": _learn(lesson_figure),
    "filters": _learn(filters_figure),
    "digit": _learn(digit_figure),
    "ladder": _learn(ladder_figure),
    "rates": _learn(rates_figure),
}
