"""Where a pass goes: the parts of the passes of the run that is shown, backend by backend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mmviz.backends.base import Part
from mmviz.bench.causes import spent, with_copies
from mmviz.bench.results import Run
from mmviz.state.clock.view import EMPTY, needed
from mmviz.state.derived import Derived
from mmviz.state.facts import Timed
from mmviz.state.offers import RUN, Offer
from mmviz.state.snapshot import Part as ViewPart
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import parts as words
from mmviz.words.parts import Kind
from mmviz.words.products import layer_name
from mmviz.words.timing import conditions, pass_text, run_name

MORE = 1.02  # times a pass, from which on it is said that its parts take longer
ONCE = 2  # samples of who had no time left to be taken apart
NOISE = 1e-9  # of rounding, where nothing is left
_BESIDE = ("launch", "upload", "download")
_IN_LAYER = ("forward", "product", "dgrad", "wgrad", "rest")


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a bar. layer: its index, -1 for none. share: of a pass. product: its index in the pass
    looked at, None where that is another one. label: what stands in it; told: what its tip says.
    """

    what: Kind
    layer: int
    seconds: float
    share: float
    product: int | None
    label: Text
    told: Text


@dataclass(frozen=True, slots=True)
class Bar:
    """One backend, or the same with its copies. pass_s: the median of its passes, of that with its
    copies the whole; about: it is estimated. pieces: in the order they are drawn, () where `why`
    says why there are none.
    """

    backend: str
    name: Text
    pass_s: float
    about: bool
    pieces: tuple[Piece, ...]
    why: Text = NOTHING

    @property
    def sum_s(self) -> float:
        """Seconds of all pieces, which are timed one by one."""
        return sum(piece.seconds for piece in self.pieces)

    @property
    def whole_s(self) -> float:
        """Seconds that its length stands for."""
        return max(self.sum_s, self.pass_s)


@dataclass(frozen=True, slots=True)
class PartsView:
    """why: there is nothing to show, NOTHING where there is; offers: what brings some.

    of: what was timed; stale: whether that is another pass than the one looked at. layers: how many
    there are. remarks: what must be known of the bars. product: the one looked at.
    """

    why: Text = EMPTY
    offers: tuple[Offer, ...] = (RUN,)
    bars: tuple[Bar, ...] = ()
    of: Text = NOTHING
    stale: bool = False
    layers: int = 0
    remarks: tuple[Text, ...] = ()
    product: int = 0


def parts_view(shown: Timed | None, fits: bool, batch: int, product: int) -> PartsView:
    """The view of `PARTS`. fits: `shown` is of the pass looked at, at `batch`, 0 for its last."""
    if shown is None:
        return PartsView()
    timed = {run.batch for run in shown.results.runs}
    batch = batch if batch in timed else max(timed, default=1)
    runs = [run for run in shown.results.runs if run.batch == batch and run.stats is not None]
    layers = _Layers(shown, batch, fits)
    bars = tuple(bar for run in runs for bar in _bars(run, layers))
    alone = [words.beside(run_name(run), *_beside(run)) for run in runs]
    if not bars:
        return PartsView()
    results = shown.results
    of = conditions((batch,), results.dtype, results.training)
    return PartsView(
        NOTHING,
        (),
        bars,
        of if fits else pass_text(shown.of),
        not fits,
        layers.count,
        (*filter(None, alone), *_remarks(bars)),
        product if fits else -1,
    )


class _Layers:
    """What the layers of a pass are called, and which product of it is which."""

    def __init__(self, shown: Timed, batch: int, fits: bool) -> None:
        workload = shown.of.workload
        gemms = workload.lower(batch, shown.of.training)
        layers = workload.layers
        self.names = {i: layer_name(layers, i) for i in range(len(layers))} or {
            gemm.layer: own(gemm.name) for gemm in gemms
        }
        found = {(str(gemm.role), gemm.layer): i for i, gemm in enumerate(gemms)}
        self._products: Mapping[tuple[str, int], int] = found if fits else {}

    @property
    def count(self) -> int:
        return len(self.names)

    def name(self, layer: int) -> Text:
        """'fc6'."""
        return self.names.get(layer) or Text(N_("layer {number}"), number=layer + 1)

    def product(self, what: str, layer: int) -> int | None:
        """Its index in the pass; of all else of a layer that of its product forward."""
        role = "forward" if what == "rest" else what
        return self._products.get((role, layer))


def _bars(run: Run, layers: _Layers) -> Iterator[Bar]:
    stats = run.stats
    if stats is None:
        return
    name = run_name(run)
    if not run.parts:
        yield Bar(run.backend, name, stats.p50, run.estimated, (), _why(run))
        return
    yield Bar(run.backend, name, stats.p50, run.estimated, tuple(_pieces(run, stats.p50, layers)))
    if copied := with_copies(run):
        beside = Text(N_("{name}, with copies"), name=name)
        yield Bar(run.backend, beside, copied, False, tuple(_copies(run, copied, stats.p50)))


def _beside(run: Run) -> tuple[float, float, float]:
    return spent(run, "launch"), spent(run, "upload"), spent(run, "download")


def _why(run: Run) -> Text:
    if run.estimated:
        return Text(N_("no pass was finished: nothing to take apart"))
    if run.stats is not None and run.stats.n <= ONCE:
        return Text(N_("its parts were not timed: a pass takes all the seconds it had"))
    return Text(N_("its parts were not timed: it does not tell them apart"))


def _pieces(run: Run, pass_s: float, layers: _Layers) -> Iterator[Piece]:
    """Launch first, then layer by layer what is done in it; what is left of a pass last."""
    found: dict[tuple[str, int], list[Part]] = {}
    for part in run.parts:
        found.setdefault((part.what, part.layer), []).append(part)
    if launch := found.get(("launch", 0)):
        yield _piece("launch", -1, launch, pass_s, None, NOTHING)
    for layer in sorted({layer for what, layer in found if what not in _BESIDE}):
        for what in _IN_LAYER:
            if those := found.get((what, layer)):
                kind = those[0].what
                product = layers.product(kind, layer)
                yield _piece(kind, layer, those, pass_s, product, layers.name(layer))
    left = pass_s - sum(part.seconds for part in run.parts if part.what not in _BESIDE[1:])
    if left > NOISE * pass_s:
        yield _made("else", -1, left, pass_s, None, NOTHING, None)


def _copies(run: Run, whole_s: float, pass_s: float) -> Iterator[Piece]:
    """The way there, the way back, and between them the pass: what both leave of the whole."""
    there, back = spent(run, "upload"), spent(run, "download")
    between = whole_s - there - back
    way: tuple[tuple[Kind, float], ...] = (
        ("upload", there),
        ("pass", between if between > 0 else pass_s),
        ("download", back),
    )
    for what, seconds in way:
        if seconds:
            yield _made(what, -1, seconds, pass_s, None, NOTHING, None)


def _piece(
    what: Kind, layer: int, those: list[Part], pass_s: float, product: int | None, name: Text
) -> Piece:
    error = those[0].error if len(those) == 1 else None
    seconds = sum(part.seconds for part in those)
    return _made(what, layer, seconds, pass_s, product, name, error)


def _made(
    what: Kind,
    layer: int,
    seconds: float,
    pass_s: float,
    product: int | None,
    name: Text,
    error: float | None,
) -> Piece:
    share = seconds / max(pass_s, 1e-12)
    told = words.told(what, name, seconds, share, error)
    said = joined((told, words.meaning(what)), "lines")
    return Piece(what, layer, seconds, share, product, words.label(what, name), said)


def _remarks(bars: tuple[Bar, ...]) -> Iterator[Text]:
    longer = [bar for bar in bars if bar.sum_s > MORE * bar.pass_s]
    if longer:
        yield words.sum_told([(bar.name, bar.sum_s / max(bar.pass_s, 1e-12)) for bar in longer])


def _needs(derived: Derived) -> tuple[object, ...]:
    shown, fits, *_, batch = needed(derived.setup.timed, derived.session.budget_s, derived.facts)
    return shown, fits, batch, derived.session.product


PARTS = ViewPart("parts", _needs, parts_view)
