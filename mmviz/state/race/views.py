"""What the window of a race shows: one frozen view for each of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mmviz.core.provenance import Provenance
from mmviz.core.schedule.orders import order_for, orders_of
from mmviz.core.schedule.trace import Frame
from mmviz.state.derived import Derived
from mmviz.state.device.views import DeviceView, device_view
from mmviz.state.picture.view import PictureView, picture_view
from mmviz.state.race.race import Raced
from mmviz.state.race.ready_made import AUTO, ready_made
from mmviz.state.race.settings import Racer, differing, shared
from mmviz.state.race.sides import Axis, Side
from mmviz.state.race.table import SAME, RaceRow
from mmviz.state.race.verdict import Ruling
from mmviz.state.session import Session
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import race as words
from mmviz.words.names import spoken
from mmviz.words.race import SIDES, Name
from mmviz.words.time import of, pace_tip

WHOLE_PASS = -1


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list that can be typed too: what is said, and how it is typed."""

    said: Text
    typed: str


@dataclass(frozen=True, slots=True)
class WayView:
    """A side's way along the common clock. ends: of its products but the last; own: how long it
    takes in its own clock.
    """

    axis: Axis
    finish: float
    ends: tuple[float, ...]
    own: Text

    def state(self, t: float) -> Text:
        """'12.0 µs of 191 µs' or 'finished after 191 µs'."""
        done, comparable = t >= self.finish, self.axis.comparable
        if done:
            return words.finished(self.axis.text(self.finish) if comparable else self.own)
        if comparable:
            return self.axis.of_text(t, self.finish)
        return of(self.axis.text(t), self.own)


@dataclass(frozen=True, slots=True, eq=False)
class ShownView:
    """A product of a side as it is shown. index: which of the pass; name: 'fc6 wgrad'; detail: what
    the model chose for it; caption: all of it.
    """

    index: int
    name: Text
    detail: Text
    caption: Text
    picture: PictureView


@dataclass(frozen=True, slots=True, eq=False)
class LegView:
    """What is shown until `end` on the common clock; frame_at: how it stands at a time."""

    shown: ShownView
    end: float
    frame_at: Callable[[float], Frame]


@dataclass(frozen=True, slots=True, eq=False)
class SideView:
    """differs: the settings that are others on the other side. legs: its products one after the
    other, with `way` through them; none where nothing can be raced, and `still` is shown.
    """

    differs: tuple[Text, ...]
    device: DeviceView
    dtype: str
    batch: int
    tile: Choice
    tiles: tuple[Choice, ...]
    order: Choice
    orders: tuple[Choice, ...]
    legs: tuple[LegView, ...]
    way: WayView | None
    still: ShownView

    def leg_at(self, t: float) -> LegView | None:
        """The product computed at `t`; the last one after the finish."""
        last = self.legs[-1] if self.legs else None
        return next((leg for leg in self.legs if t < leg.end), last)


@dataclass(frozen=True, slots=True)
class ClockView:
    """axis None: nothing can be raced. marks: share of the axis and words for each finish, the
    earlier first; one where they coincide.
    """

    axis: Axis | None
    marks: tuple[tuple[float, Text], ...]
    pace_tip: Text


@dataclass(frozen=True, slots=True, eq=False)
class RaceView:
    """rows: what differs, and the time. ready: names of the ready-made races; made: which of them
    it is, -1: one of one's own.

    products: what can be raced with the index of the product, or WHOLE_PASS; product: what is.
    """

    sides: tuple[SideView, SideView]
    clock: ClockView
    rows: tuple[RaceRow, ...]
    ruling: Ruling
    about: Text
    ready: tuple[Text, ...]
    made: int
    products: tuple[tuple[Text, int], ...]
    product: int


def race_view(raced: Raced, base: Session) -> RaceView:
    """base: the session the ready-made races are made from."""
    one, other = provenances = raced.left.provenance, raced.right.provenance
    axis, race = raced.axis, raced.race
    common = axis.about if axis is not None and axis.comparable else NOTHING
    launched = (axis is not None and axis.predicted) if race.whole_pass else None
    ready = ready_made(base)
    same = [found.make(base) for found in ready]
    single = replace(race, whole_pass=False)
    return RaceView(
        sides=side_views(raced),
        clock=_clock_view(raced, provenances),
        rows=tuple(row for row in raced.rows if row.always or row.left != row.right),
        ruling=raced.ruling,
        about=joined((_shared(raced), words.about(common, one, other, launched)), "words"),
        ready=tuple(found.name for found in ready),
        made=same.index(single) if single in same else -1,
        products=_products(base),
        product=WHOLE_PASS if race.whole_pass else race.left.product,
    )


def _shared(raced: Raced) -> Text:
    """What both sides have in common, the product among it where it is one."""
    left, right = (Racer(side.session, side.derived.device) for side in raced.sides)
    found = shared(left, right)
    if raced.race.whole_pass:
        return words.on_both(found)
    return words.on_both((words.product(raced.left.derived.gemm), *found))


def title_view(base: Session) -> Text:
    """What the window is called."""
    return Text(N_("Race · {name} — mmviz"), name=spoken(base.network.name))


def side_views(raced: Raced) -> tuple[SideView, SideView]:
    """Both sides."""
    left, right = (Racer(side.session, side.derived.device) for side in raced.sides)
    return (
        _side_view(raced.left, raced.axis, differing(left, right)),
        _side_view(raced.right, raced.axis, differing(right, left)),
    )


def _side_view(side: Side, axis: Axis | None, differs: tuple[Text, ...]) -> SideView:
    session, device = side.session, side.derived.device
    auto = Choice(Text(N_("auto")), AUTO)
    still = next((s for s in side.products if s.problem), side.derived)
    order = order_for(device, session.order or None).id
    return SideView(
        differs=differs,
        device=device_view(session.device, device),
        dtype=session.dtype,
        batch=session.batch,
        tile=_tile(session.tile) if session.tile else auto,
        tiles=(auto, *map(_tile, device.tiles_for(session.dtype))),
        order=Choice(own(order), order) if session.order else auto,
        orders=(auto, *(Choice(own(order), order) for order in orders_of(device))),
        legs=tuple(LegView(_shown(leg.derived), leg.end, leg.at) for leg in side.legs),
        way=None if axis is None else _way_view(side, axis),
        still=_shown(still),
    )


def _shown(derived: Derived) -> ShownView:
    session, gemm = derived.session, derived.gemm
    tile, batch = derived.tiling.tile, session.batch
    caption = words.caption(session.network.name, gemm, derived.device, tile, batch)
    detail = NOTHING
    if session.tile is None and derived.device.body.takes_tiles:
        detail = words.chosen_tile(tile, derived.tiling.parts)
    return ShownView(session.product, words.product(gemm), detail, caption, picture_view(derived))


def _way_view(side: Side, axis: Axis) -> WayView:
    ends = tuple(leg.end for leg in side.legs[:-1])
    return WayView(axis, side.finish, ends, side.own_text())


def _tile(tile: tuple[int, int]) -> Choice:
    return Choice(Text("{tile:shape}", tile=tile), "x".join(map(str, tile)))


def _products(base: Session) -> tuple[tuple[Text, int], ...]:
    gemms = base.network.lower(base.batch, base.training)
    products = tuple((words.product(gemm), i) for i, gemm in enumerate(gemms))
    if base.network.layered is None:  # a list is no pass
        return products
    return (*products, (Text(N_("whole pass")), WHOLE_PASS))


def _clock_view(raced: Raced, provenances: tuple[Provenance, Provenance]) -> ClockView:
    return ClockView(raced.axis, finish_marks(raced), pace_tip(words.kinds(*provenances)))


def finish_marks(raced: Raced) -> tuple[tuple[float, Text], ...]:
    """Share of the axis and words for each finish, the earlier first; one where they coincide."""
    axis, left, right = raced.axis, raced.left, raced.right
    if axis is None:
        return ()
    if not axis.comparable:
        return ((1.0, words.apart(left.own_text(), right.own_text())),)
    if abs(left.finish - right.finish) <= SAME * axis.end:
        return ((1.0, words.both_finish(axis.text(left.finish))),)
    return tuple(sorted((_mark(raced, name) for name in SIDES), key=lambda mark: mark[0]))


def _mark(raced: Raced, name: Name) -> tuple[float, Text]:
    side: Side = getattr(raced, name)
    assert raced.axis is not None
    return side.finish / raced.axis.end, words.finishes(name, raced.axis.text(side.finish))
