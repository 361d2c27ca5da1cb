"""What the two pictures, the units over time, and the clock of both show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmviz.core.device.body import STEP, Noun
from mmviz.core.recording.foreign import FORMATS
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sides import Side
from mmviz.core.schedule.trace import Frame
from mmviz.core.shapes.gemm import Gemm
from mmviz.state.derived import Derived
from mmviz.state.offers import OPEN_RECORDING, RECORD, Offer
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.learnt import Learning
from mmviz.state.picture.time_views import TransportView
from mmviz.state.picture.view import PictureView
from mmviz.state.recording.pair import TIMELINE, Pair, pair_of
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import device as device_words
from mmviz.words import recording_cause as cause
from mmviz.words.earlier import moment
from mmviz.words.products import shape, titled
from mmviz.words.recording_evidence import headline
from mmviz.words.schedule import WAVES

NONE = Text(
    N_(
        "Nothing of this pass was recorded yet. Record computes it in tiles on this computer and "
        "stamps each: who computed it, and from when to when."
    )
)
NOT_THIS = Text(N_("the recording ends before this product"))


@dataclass(frozen=True, slots=True, eq=False)
class HalfView:
    """One side. name: 'Modelled' or 'Recorded'; about: by whom; why: in the place of its picture,
    NOTHING where there is one.
    """

    name: Text
    about: Text
    side: Side
    noun: Noun
    picture: PictureView
    why: Text = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class PairView:
    """Both sides at one instant. pair None: there is none, `why` says so and `offers` end it.

    left None: `missing` says why. said: what explains the difference, a heading and its evidence.
    named: the product, its shape and which of all it is; several: whether there are others.
    """

    pair: Pair | None = None
    left: HalfView | None = None
    right: HalfView | None = None
    why: Text = NOTHING
    offers: tuple[Offer, ...] = ()
    missing: Text = NOTHING
    said: tuple[Text, Text] = (NOTHING, NOTHING)
    named: tuple[Text, Text] = (NOTHING, NOTHING)
    several: bool = False

    @property
    def halves(self) -> tuple[HalfView, ...]:
        """Those that there are, the left one first."""
        return tuple(half for half in (self.left, self.right) if half is not None)

    @property
    def alike(self) -> bool:
        """Whether a tile of one side is one of the other."""
        compared = None if self.pair is None else self.pair.compared
        return compared is not None and compared.why_not not in ("tiles", "timeline")

    def frame_of(self, half: HalfView, position: float) -> Frame:
        """How a side stands at a share of the common scale."""
        assert self.pair is not None
        return half.side.trace.at(self.pair.time_at(half.side, position))

    def width_of(self, half: HalfView) -> float:
        """Which share of the common scale a side lasts."""
        assert self.pair is not None
        return half.side.trace.duration / self.pair.end if self.pair.common else 1.0

    @property
    def transport(self) -> TransportView:
        """The clock of both."""
        pair = self.pair
        if pair is None:
            return TransportView(None, STEP, 1.0, 0)
        trace = pair.right.trace
        return TransportView(trace, STEP, pair.end, 0, pair.end if pair.common else None)


def pair_shown(derived: Derived) -> Pair | None:
    """The product looked at as it ran, beside its model or another recording; None: none is."""
    found, product = derived.recording, derived.session.product
    if found is None or product >= len(found.products):
        return None
    against = derived.facts.against
    return pair_of(found, product, derived.device, None if against is found else against)


def pair_view(
    pair: Pair | None, of_other: bool, camera: Camera, gemms: tuple[Gemm, ...], product: int
) -> PairView:
    """of_other: there is a recording of this pass, that ends before the product. gemms: of the
    pass, of which `product` is looked at.
    """
    named, several = _named(gemms, product), len(gemms) > 1
    if pair is None:
        why = NOT_THIS if of_other else NONE
        offers = RECORD, OPEN_RECORDING
        return PairView(why=why, offers=offers, named=named, several=several)
    about = _by(pair.recording, pair.right, exactly=_one_minute(pair))
    right = _half(pair, pair.right, name_of(pair, pair.right), about, camera)
    left = None
    if pair.left is not None:
        left = _half(pair, pair.left, name_of(pair, pair.left), _left_by(pair, pair.left), camera)
    return PairView(
        pair,
        left,
        right,
        missing=pair.missing,
        said=_said(pair),
        named=named,
        several=several,
    )


def _named(gemms: tuple[Gemm, ...], product: int) -> tuple[Text, Text]:
    """'fc7 · dgrad', '128 × 4 096 × 4 096 · product 5 of 8'."""
    gemm, place = gemms[product], NOTHING
    if len(gemms) > 1:
        place = Text(N_("product {n:group} of {all:group}"), n=product + 1, all=len(gemms))
    return titled(gemm.name, gemm.role), joined((shape(gemm), place))


def _said(pair: Pair) -> tuple[Text, Text]:
    """The likely cause in a few words, and one sentence with its evidence."""
    compared, why = pair.compared, pair.why
    if compared is None or why is None:
        return NOTHING, NOTHING
    two = compared.a.recorded
    names = (cause.OTHER, cause.THIS) if two else (cause.MODEL, cause.RECORDING)
    head = NOTHING
    if why.evidence is not None:
        head = headline(why.evidence, compared.sides[why.slower or 0])
    told = joined((cause.why(compared, why, names), cause.also(compared, why, names)), "words")
    heading = Text("{head:capital}", head=head) if head else NOTHING
    return heading, Text("{told:capital}", told=told)


MODELLED, RECORDED = Text(N_("Modelled")), Text(N_("Recorded"))
OTHER, THIS = Text(N_("Another recording")), Text(N_("This recording"))
OTHER_ONE, THIS_ONE = Text(N_("Other")), Text(N_("This one"))  # over a column of figures


def name_of(pair: Pair, side: Side) -> Text:
    """'Modelled', 'Recorded'; of two recordings 'Another recording', 'This recording'."""
    if side is pair.right:
        return THIS if pair.left is not None and pair.left.recorded else RECORDED
    return OTHER if side.recorded else MODELLED


def _half(pair: Pair, side: Side, name: Text, about: Text, camera: Camera) -> HalfView:
    noun, of = side.noun, pair.recording.of
    tiling = side.trace.tiling
    picture = PictureView(
        of.workload,
        of.batch,
        pair.device,
        tiling,
        side.trace,
        NOTHING,
        camera,
        None,
        "unit",
        False,
        Learning(),
        noun,
    )
    return HalfView(name, about, side, noun, picture, NOTHING if side.placed else TIMELINE)


def _one_minute(pair: Pair) -> bool:
    """Whether it takes seconds to tell both recordings by when they were."""
    other = pair.against
    whens = [pair.recording.when, None if other is None else other.when]
    told = [moment(when) for when in whens if when is not None]
    return len(told) == 2 and told[0] == told[1]


def _by(recording: Recording, side: Side, *, exactly: bool = False) -> Text:
    """What it is, when, by how many, how exactly, where, and what must be known of it: '2026-11-20
    11:40 · 4 threads · timer step 50.0 ns'.
    """
    step = order_only() if side.order_only else _timer(recording.timer_s)
    remarks = (one for one in recording.remarks if not one.msgid.startswith("order only"))
    return joined(
        (
            recording.about,
            NOTHING if recording.when is None else own(moment(recording.when, exactly=exactly)),
            _units(side),
            step,
            own(recording.machine or FORMATS.get(recording.by, "")),
            *remarks,
        )
    )


def _left_by(pair: Pair, side: Side) -> Text:
    if pair.against is not None:
        return _by(pair.against, side, exactly=_one_minute(pair))
    waves, tile = Text(WAVES, n=side.trace.waves), NOTHING
    if pair.device.body.takes_tiles:
        tile = Text(N_("in the recording's tiles, {sides:shape}"), sides=side.trace.tiling.tile)
    return joined((device_words.name(pair.device), _units(side), waves, tile))


def _units(side: Side) -> Text:
    return side.noun.counts(side.trace.tiling.units)


def _timer(step: float | None) -> Text:
    return NOTHING if step is None else Text(N_("timer step {step:seconds}"), step=step)


def order_only() -> Text:
    """What a trace of tickets is."""
    return Text(N_("order only: no clock inside a kernel"))


def _needs(derived: Derived) -> tuple[Any, ...]:
    session = derived.session
    of_other = derived.recording is not None
    return pair_shown(derived), of_other, session.camera, derived.gemms, session.product


PAIR: Part[PairView] = Part("recording", _needs, pair_view)
LANES: Part[PairView] = Part("lanes", _needs, pair_view)
