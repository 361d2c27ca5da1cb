"""The picture of a product on paper, with its legend below and, if wanted, its units over time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz import units
from mmviz.core.schedule.trace import Frame
from mmviz.state.export import ExportChoice
from mmviz.state.picture.layout import FOOT
from mmviz.state.picture.time_views import UnitsView
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, Text, joined, own
from mmviz.ui.export.figure import GAP, Body, Figure
from mmviz.ui.export.legend import (
    Swatch,
    fits_one_line,
    nothing_body,
    paint_swatches,
    swatches_height,
)
from mmviz.ui.export.units import units_body, units_figure
from mmviz.ui.look.painting import kept
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.picture.numbers import number_size
from mmviz.ui.picture.stage import Stage
from mmviz.ui.picture.words import counted, grid_text
from mmviz.words.device import name as device_name
from mmviz.words.products import titled
from mmviz.words.schedule import caption
from mmviz.words.speech import ENGLISH, Words

SHAPE = 0.62  # height of a picture, of its width, where nothing else says
NARROWEST, LOWEST = 340.0, 190.0  # of a picture: tiles are seen still
SEARCHED = 1_600.0, 2_400.0  # width and height in which room for the numbers of cells is looked for
EACH = 10.0  # logical pixels, in which it is
READ = 10.0  # size of numbers in cells that is large enough
LOWER = 0.34  # share of the height that units over time are given


@dataclass(frozen=True, slots=True, eq=False)
class Instant:
    """What the picture shows. frame None: there is nothing to draw, and the view says why. hides:
    what it does not tell, see `Scene`; "time": what its units do.
    """

    network: str
    picture: PictureView
    frame: Frame | None
    units: UnitsView
    hides: frozenset[str] = frozenset()

    def title(self, words: Words) -> str:
        """'AlexNet classifier, fc7 on A100 · float32'."""
        view = self.picture
        product = titled(view.gemm.name, view.gemm.role)
        batch = (
            (Text(N_("batch {batch:group}"), batch=view.batch),) if view.workload.has_batch else ()
        )
        return words(joined((own(self.network), product, *batch, device_name(view.device))))


def picture_figure(now: Instant, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """X left of Y and W above it, at an instant."""
    view, frame = now.picture, now.frame
    prose: list[tuple[str, str]] = []
    quiet = "foot" in now.hides
    legend = choice.legend and not quiet
    body = picture_body(view, frame, theme, words, legend=legend, hides=now.hides)
    if frame is not None:
        if choice.prose and not quiet:
            prose.append((theme.text, words(caption(frame, view.noun))))
            told = joined((grid_text(view), view.colour_note))
            prose.append((theme.muted, words(told)))
        if choice.units and "time" not in now.hides:
            legend, device = choice.legend, view.device
            chart = units_body(now.units, frame, device, theme, words, legend=legend, headed=True)
            body = below(body, chart, LOWER)
    return Figure("picture", now.title(words), theme, body, tuple(prose), choice.title)


def units_over_time(now: Instant, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """The units alone."""
    view, title = now.picture, now.title(words)
    if now.frame is None:
        body = nothing_body(words(view.problem), theme)
        return Figure("units", title, theme, body, (), choice.title)
    return units_figure(now.units, now.frame, view.device, title, theme, words, choice)


def picture_body(
    view: PictureView,
    frame: Frame | None,
    theme: Theme,
    words: Words,
    *,
    legend: bool,
    hides: frozenset[str] = frozenset(),
) -> Body:
    """The picture alone, with the numbers of tiles that are done, computing and waiting."""
    if frame is None:
        return nothing_body(words(view.problem), theme)
    cells = _has_cells(view, frame)
    coloured = "unit" if cells else view.colour_by  # cells bear the colour of who computes them
    swatches = states(frame, theme, words, coloured) if legend else ()

    beside = view.device.array is not None and view.switch != "recorded"
    # What the words below Y would have is free: the legend stands there, unless an array, which is
    # as high as the picture, stands beside. Lanes are as high, too; the legend keeps left of them.
    free = 0.0 if beside or (cells and not legend) else FOOT - 4.0

    def paint(painter: QPainter, area: QRectF) -> None:
        foot = swatches_height(swatches, area.width())
        stage = Stage(area.width(), area.height() - foot + free)
        scene = replace(stage.scene(view, frame, theme, words, footed=False), hides=hides)
        with kept(painter):
            painter.translate(area.topLeft())
            stage.paint(painter, scene)
        left, right = scene.layout.c.x, scene.width  # lanes stand right of that, as high as it
        if beside or not fits_one_line(swatches, right - left):
            left, right = 0.0, area.width()
        room = QRectF(area.x() + left, area.bottom() - foot, right - left, foot)
        paint_swatches(painter, theme, swatches, room)

    def least(width: float) -> float:
        picture = _cells_height(view, frame, width) - free if cells else LOWEST
        return picture + swatches_height(swatches, width)

    return Body(
        paint,
        wanted=lambda width: max(least(width), SHAPE * width + swatches_height(swatches, width)),
        least=least,
        width=_cells_width(view, frame) if cells else NARROWEST,
    )


def _has_cells(view: PictureView, frame: Frame) -> bool:
    """Whether cells with their numbers are drawn, not tiles."""
    return _type(view, frame, 800.0, 600.0) > 0


def _type(view: PictureView, frame: Frame, width: float, height: float) -> float:
    """Size of the numbers in cells; 0 where tiles are drawn."""
    scene = Stage(width, height).scene(view, frame, DARK, ENGLISH, footed=False)
    if scene.layout.cell is None:
        return 0.0
    width, height = scene.layout.cell
    return number_size(width - 4, height - 4)  # cells stand apart


def _cells_width(view: PictureView, frame: Frame) -> float:
    """From which the numbers of cells can be read, if they are high enough."""
    steps = range(int((SEARCHED[0] - NARROWEST) / EACH))
    widths = (NARROWEST + EACH * i for i in steps)
    read = (one for one in widths if _type(view, frame, one, SEARCHED[1]) >= READ)
    return next(read, NARROWEST)


def _cells_height(view: PictureView, frame: Frame, width: float) -> float:
    """From which the numbers of cells are as large as they can be, or can be read."""
    most = min(READ, _type(view, frame, width, SEARCHED[1]))
    steps = range(int((SEARCHED[1] - LOWEST) / EACH))

    def read(i: int) -> bool:
        return _type(view, frame, width, LOWEST + EACH * i) >= most

    return LOWEST + EACH * bisect_left(steps, True, key=read)


def below(upper: Body, lower: Body, share: float) -> Body:
    """Two drawings, one below the other; the lower one has a share of what neither needs."""

    def paint(painter: QPainter, area: QRectF) -> None:
        least = upper.least(area.width()), lower.least(area.width())
        free = max(0.0, area.height() - GAP - sum(least))
        low = least[1] + free * share
        high = area.height() - GAP - low
        upper.paint(painter, QRectF(area.x(), area.y(), area.width(), high))
        lower.paint(painter, QRectF(area.x(), area.bottom() - low, area.width(), low))

    return Body(
        paint,
        wanted=lambda width: upper.wanted(width) + lower.least(width) + GAP + 0.14 * width,
        least=lambda width: upper.least(width) + lower.least(width) + GAP,
        width=max(upper.width, lower.width),
    )


def states(
    frame: Frame, theme: Theme, words: Words, colour_by: str, *, numbered: bool = True
) -> tuple[Swatch, ...]:
    """What tiles can be, and how many are."""
    names = (N_("done"), N_("computing now"), N_("waiting"))
    found = [
        Swatch(words(Text(said, n=units.group(n)) if numbered else Text(name)), colour)
        for (n, said, colour), name in zip(counted(frame, theme), names, strict=True)
    ]
    if colour_by in ("wave", "start", "value"):
        found[0] = replace(found[0], colour=theme.order[0], others=theme.order[1:])
    elif colour_by == "unit":
        found[0] = replace(found[0], colour=theme.identity[0], others=theme.identity[1:4])
    return tuple(found)
