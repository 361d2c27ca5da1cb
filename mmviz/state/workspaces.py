"""The workspaces: which panels stand where, and what gives way in a small window. A table.

    Place("facts", "right", narrow="network")   in a narrow window a tab beside network

A further workspace is one more entry. What a table becomes in a window of some size is worked out
here; the window moves its panels there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mmviz.text import N_

Area = Literal["left", "right", "top", "bottom"]

NARROW = 1400  # pixels of width below which panels give way
LOW = 800  # pixels of height below which panels give way
WIDEST = 16_777_215  # Qt's own largest size


@dataclass(frozen=True, slots=True)
class Share:
    """Pixels along an axis of the window: `percent` of it, within bounds, at most `cap` percent."""

    percent: int
    least: int = 0
    most: int = WIDEST
    cap: int = 100

    def of(self, whole: int) -> int:
        """Pixels of a window `whole` pixels long."""
        wanted = max(self.least, whole * self.percent // 100)
        return min(wanted, self.most, whole * self.cap // 100)


SIDE = Share(15, least=196, most=320)
FACTS = Share(17, least=226, most=360)
LAYERS = Share(50, least=610, cap=62)  # a few of them, and their editor
PARTS = Share(21, least=300, most=620)  # a bar a backend
HELD = Share(26, least=316, most=480)  # figures of two sides beside each other
TAUGHT = Share(24, least=330, most=560)
COURSES = Share(16, least=216, most=330)  # names of lessons
CARD = Share(27, least=262, most=340)  # a question, its options, what came out


@dataclass(frozen=True, slots=True)
class Place:
    """A panel at an edge. beside, narrow, low: the panel whose place it shares as a tab, always, in
    a narrow window, in a low one. width, height: what it is given, None: as it comes.
    """

    panel: str
    area: Area
    beside: str = ""
    narrow: str = ""
    low: str = ""
    width: Share | None = None
    height: Share | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """title, tip: marked texts. centre: whether the picture stands in the middle; without it the
    panels at the bottom take its room. leads: what its one primary button does. within: the
    workspace whose name it goes by, and which has the key, "" for itself.
    """

    id: str
    title: str
    tip: str
    keys: str
    centre: bool
    places: tuple[Place, ...]
    leads: Literal["run", "record"] = "run"
    within: str = ""

    @property
    def named(self) -> str:
        """The id of the workspace that is named and chosen."""
        return self.within or self.id

    def __contains__(self, panel: str) -> bool:
        return any(place.panel == panel for place in self.places)

    def with_beside(self, panel: str, host: str) -> Workspace:
        """With a panel more, a tab beside `host`; itself where it lacks that or has the panel."""
        found = next((place for place in self.places if place.panel == host), None)
        if found is None or panel in self:
            return self
        return replace(self, places=(*self.places, Place(panel, found.area, beside=host)))


@dataclass(frozen=True, slots=True)
class Group:
    """Panels that share one place as tabs, the first on top."""

    area: Area
    panels: tuple[str, ...]


_NETWORK = Place("network", "left", width=SIDE, height=LAYERS)
_FACTS = Place("facts", "right", narrow="network", width=FACTS)
_ADVICE = Place("advice", "left", low="network")

PICTURE = Workspace(
    "picture",
    N_("Picture"),
    N_("The picture large"),
    "Ctrl+1",
    centre=True,
    places=(
        _NETWORK,
        _FACTS,
        _ADVICE,
        Place("strip", "top"),
        Place("time", "bottom", height=Share(19, least=130, most=260)),
        Place("timing", "bottom", low="time", height=Share(20, least=150, most=440)),
        Place("sweep", "bottom", beside="timing"),
        Place("layers", "bottom", beside="timing"),
        Place("parts", "bottom", beside="timing"),
        Place("since", "bottom", beside="timing"),
    ),
)
CLOCK = Workspace(
    "clock",
    N_("Clock"),
    N_("The timing large"),
    "Ctrl+2",
    centre=False,
    places=(
        _NETWORK,
        Place("facts", "left", beside="network"),
        _ADVICE,
        Place("sweep", "bottom", height=Share(50)),
        Place("timing", "bottom", low="sweep", height=Share(40)),
        Place("layers", "bottom", beside="timing"),
        Place("parts", "right", narrow="timing", width=PARTS, height=Share(45)),
        Place("since", "right", narrow="timing", low="parts", height=Share(45)),
    ),
)
RECORDING = Workspace(
    "recording",
    N_("Recording"),
    N_("The schedule that really ran, beside the modelled one"),
    "Ctrl+3",
    centre=False,
    places=(
        Place("against", "right", width=HELD),
        Place("recordings", "right", narrow="against", low="against", height=Share(28, least=150)),
        Place("recording", "bottom", height=Share(54)),
        Place("lanes", "bottom", height=Share(40)),
        Place("ran", "bottom", beside="lanes"),
    ),
    leads="record",
)
LEARN = Workspace(
    "learn",
    N_("Learn"),
    N_("A network that learns to tell digits"),
    "Ctrl+4",
    centre=False,
    places=(
        Place("lessons", "left", width=COURSES),  # first: what somebody new looks for
        Place("network", "left", beside="lessons"),
        Place("teaching", "right", narrow="lessons", width=TAUGHT),
        Place("strip", "bottom", height=Share(14, least=112, most=150)),
        Place("digit", "bottom"),
        Place("loops", "bottom", beside="digit"),
        Place("ladder", "bottom", beside="digit"),
        Place("rates", "bottom", beside="digit"),
    ),
)
_LISTED = (
    Place("lessons", "left", width=COURSES),
    Place("network", "left", beside="lessons"),
)


def _lesson(id: str, *places: Place, centre: bool = False) -> Workspace:
    """What stands around the card of a lesson that looks at one thing or another."""
    return Workspace(
        f"lesson-{id}", LEARN.title, LEARN.tip, "", centre, (*_LISTED, *places), within=LEARN.id
    )


_CARD = Place("step", "bottom", height=CARD)
LESSONS = {
    "picture": _lesson(
        "picture",
        Place("facts", "right", narrow="lessons", width=FACTS),
        Place("strip", "top", low="step"),
        Place("time", "bottom", low="step", height=Share(17, least=120, most=220)),
        _CARD,
        centre=True,
    ),
    "digit": _lesson(
        "digit",
        Place("digit", "bottom"),
        _CARD,
    ),
    "train": _lesson(
        "train",
        Place("teaching", "right", narrow="lessons", width=TAUGHT),
        Place("digit", "bottom"),
        _CARD,
    ),
    "clock": _lesson(
        "clock",
        Place("timing", "bottom"),
        Place("sweep", "bottom", beside="timing"),
        _CARD,
    ),
    "loops": _lesson(
        "loops",
        Place("loops", "bottom"),
        Place("timing", "bottom", beside="loops"),
        _CARD,
    ),
}
"""By what a lesson looks at."""

NAMED = (PICTURE, CLOCK, RECORDING, LEARN)
"""Those that are chosen by name; the others stand for one of them."""

WORKSPACES = (*NAMED, *LESSONS.values())


def arranged(workspace: Workspace, width: int, height: int) -> tuple[Group, ...]:
    """The groups of tabs of a workspace in a window of this size, in the order of its table."""
    narrow, low = width < NARROW, height < LOW
    hosts = {place.panel: _host(place, narrow, low) for place in workspace.places}
    members: dict[str, list[str]] = {name: [name] for name, host in hosts.items() if not host}
    for name, host in hosts.items():
        if host:
            while hosts[host]:
                host = hosts[host]
            members[host].append(name)
    areas = {place.panel: place.area for place in workspace.places}
    return tuple(Group(areas[name], tuple(panels)) for name, panels in members.items())


def every_arrangement(workspace: Workspace) -> Iterator[tuple[Group, ...]]:
    """What a workspace looks like in windows of every kind, where nobody moved a panel."""
    for width in (NARROW - 1, NARROW):
        for height in (LOW - 1, LOW):
            yield arranged(workspace, width, height)


def _host(place: Place, narrow: bool, low: bool) -> str:
    """Whose place a panel shares, "" for its own."""
    return place.beside or (place.narrow if narrow else "") or (place.low if low else "")
