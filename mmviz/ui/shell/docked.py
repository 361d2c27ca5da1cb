"""The panels that stand in docks: a table. A further one, such as a chart, is one more entry.

Docked("spread", N_("Spread"), lambda _: SpreadChart(), ROWS, PART, beside="timing")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.clock.since import SINCE
from mmviz.state.learn.digit import DIGIT
from mmviz.state.learn.ladder import LADDER
from mmviz.state.learn.loops import LOOPS
from mmviz.state.learn.rates import RATES
from mmviz.state.learn.teaching import TEACHING
from mmviz.state.recording.against import AGAINST
from mmviz.state.recording.listed import LIST
from mmviz.state.recording.ran import RAN
from mmviz.state.recording.view import LANES, PAIR
from mmviz.state.snapshot import Part
from mmviz.state.workspaces import Workspace
from mmviz.text import N_
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.learn.ladder import LadderPanel
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.learn.rates import RatesPanel
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.lessons.listed import LessonsPanel
from mmviz.ui.recording.against import AgainstPanel
from mmviz.ui.recording.lanes import LanesPanel
from mmviz.ui.recording.listed import ListPanel
from mmviz.ui.recording.ran import RanPanel
from mmviz.ui.shell.dock import ROWS, SIDES, Area

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Docked:
    """title: a marked text. make: the widget. part: whose view it shows, None where `panels` says.

    beside: the panel whose place it shares as a tab, in every workspace that has that one and does
    not place this one itself. bar: what stands in its title bar, made by the widget; headed:
    whether that names the panel. ground: it stands on the window's ground, not on a panel's. late:
    its views cost something, and are made when the panel is seen. scrolls: where its place is low.
    """

    id: str
    title: str
    make: Callable[[MainWindow], QWidget]
    areas: Area
    part: Part[Any] | None = None
    beside: str = ""
    bar: Callable[[MainWindow], QWidget] | None = None
    headed: bool = True
    ground: bool = False
    late: bool = False
    scrolls: bool = False


# Tab walks in this order: along the window.
DOCKED = (
    Docked("network", N_("Network"), lambda window: window.network, SIDES),
    Docked("advice", N_("Shape advice"), lambda window: window.advice, SIDES, late=True),
    Docked(
        "strip",
        N_("Matrix multiplications"),
        lambda window: _column(window.strip),
        ROWS,
        bar=lambda window: window.strip.summary,
        ground=True,
    ),
    Docked(
        "time",
        N_("Time"),
        lambda window: _column(window.passes, window.units, window.transport),
        ROWS,
        ground=True,
    ),
    Docked(
        "sweep",
        N_("Sweep"),
        lambda window: window.sweep,
        ROWS,
        bar=lambda window: window.sweep.controls,
        late=True,
    ),
    Docked(
        "timing",
        N_("Live timing"),
        lambda window: window.timing,
        ROWS,
        bar=lambda window: window.timing.controls,
        headed=False,
    ),
    Docked("layers", N_("Layers"), lambda window: window.layers, ROWS, late=True),
    Docked(
        "parts",
        N_("Where a pass goes"),
        lambda window: window.parts,
        ROWS | SIDES,
        late=True,
    ),
    Docked("since", N_("Since last run"), lambda _: SincePanel(), ROWS | SIDES, SINCE, late=True),
    Docked(
        "recording",
        N_("Schedules side by side"),
        lambda window: window.pair,
        ROWS,
        PAIR,
        bar=lambda window: window.recording_controls,
        late=True,
    ),
    Docked(
        "lanes",
        N_("Units over time"),
        lambda window: LanesPanel(window.commands),
        ROWS,
        LANES,
        late=True,
    ),
    Docked("ran", N_("Products"), lambda _: RanPanel(), ROWS, RAN, late=True),
    Docked(
        "against",
        N_("Figures side by side"),
        lambda _: AgainstPanel(),
        ROWS | SIDES,
        AGAINST,
        late=True,
        scrolls=True,
    ),
    Docked("recordings", N_("Recordings"), lambda _: ListPanel(), ROWS | SIDES, LIST, late=True),
    Docked("lessons", N_("Lessons"), lambda _: LessonsPanel(), SIDES),
    Docked("digit", N_("A digit"), lambda _: DigitPanel(), ROWS, DIGIT, late=True, scrolls=True),
    Docked(
        "loops", N_("Loop or matmul"), lambda _: LoopsPanel(), ROWS, LOOPS, late=True, scrolls=True
    ),
    Docked("ladder", N_("Ladder"), lambda _: LadderPanel(), ROWS, LADDER, late=True, scrolls=True),
    Docked("rates", N_("Batch size"), lambda _: RatesPanel(), ROWS, RATES, late=True),
    Docked(
        "teaching", N_("Teaching"), lambda _: TeachingPanel(), ROWS | SIDES, TEACHING, late=True
    ),
    Docked(
        "step",
        N_("Lesson"),
        lambda window: window.card,
        ROWS,
        bar=lambda window: window.card.heading,
        headed=False,
    ),
    Docked(
        "facts",
        N_("Peak"),
        lambda window: window.facts,
        SIDES,
        bar=lambda window: window.facts.heading,
        headed=False,
    ),
)


def placed(workspaces: Sequence[Workspace], docked: Sequence[Docked]) -> tuple[Workspace, ...]:
    """The workspaces, with the panels that stand beside another one."""
    for entry in docked:
        workspaces = [
            workspace.with_beside(entry.id, entry.beside) if entry.beside else workspace
            for workspace in workspaces
        ]
    return tuple(workspaces)


def _column(*parts: QWidget) -> QWidget:
    """Widgets below each other, with the margins of the picture."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(18, 0, 18, 8)
    column.setSpacing(6)
    for part in parts:
        column.addWidget(part)
    return whole
