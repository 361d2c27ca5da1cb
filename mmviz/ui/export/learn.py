"""What is seen of learning as figures, with or without a window. Loads no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.export import ExportChoice
from mmviz.state.learn import saying
from mmviz.state.learn.digit import DIGIT
from mmviz.state.learn.knowing import tell
from mmviz.state.learn.ladder import LADDER
from mmviz.state.learn.neurons import neurons_view
from mmviz.state.learn.rates import EMPTY, RATES
from mmviz.state.learn.teaching import TEACHING, UNTAUGHT
from mmviz.text import N_, Text, joined
from mmviz.ui.export.figure import Body, Figure, Prose
from mmviz.ui.learn.lesson_painter import Drawn, paint_lesson
from mmviz.ui.learn.neurons_painter import boxes_of, height_of_fives, paint_neurons
from mmviz.ui.learn.rates_painter import drawing_of, paint_rates
from mmviz.ui.learn.rung_bars_painter import Bars, bars_height, paint_bars
from mmviz.ui.look.diverging import ink_image
from mmviz.ui.look.strokes import draw_image, printable
from mmviz.ui.look.theme import Theme
from mmviz.words import digit as digit_words
from mmviz.words.names import spoken
from mmviz.words.speech import Words

UNSWEPT = Text(N_("No batch size was swept yet"))
SHAPE = 0.5  # height of a chart, of its width
LOWEST = 240.0
_GAP = 10.0
_WIDE = 420.0  # from which on a drawing stands beside its neurons
_DRAWN = 0.24  # side of a drawing, of the width beside its neurons


def lesson_figure(derived: Derived, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """Loss and drawings told right; raises InputError where nothing was taught."""
    view = TEACHING.of(derived)
    chart = view.chart
    if chart is None:
        raise InputError(view.why or UNTAUGHT)

    def paint(painter: QPainter, area: QRectF) -> None:
        paint_lesson(painter, theme, chart, Drawn(), area, words)

    facts = [
        joined(tuple(Text("{label}: {value}", label=f.label, value=f.value) for f in group.facts))
        for group in view.facts.groups
    ]
    said = (*facts, Text(N_("across: steps; the loss on a logarithmic axis")))
    return _figure("lesson", view.status, _chart(paint), said, theme, words, choice)


def filters_figure(derived: Derived, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """The weights of ten neurons; raises InputError for a network that is shown no drawings."""
    return _neurons("filters", derived, theme, words, choice)


def digit_figure(derived: Derived, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """A drawing, and pixel × weight of ten neurons; raises InputError as `filters_figure`."""
    return _neurons("digit", derived, theme, words, choice)


def rates_figure(derived: Derived, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """Time and loss over the batch size; raises InputError before the first one is over."""
    view = RATES.of(derived)
    if not view.rates:
        raise InputError(UNSWEPT if view.why is EMPTY else view.why)

    def paint(painter: QPainter, area: QRectF) -> None:
        paint_rates(painter, theme, drawing_of(view.rates, area, theme), words, None)

    return _figure("rates", view.of, _chart(paint), view.says, theme, words, choice)


def ladder_figure(derived: Derived, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """The rungs, timed or not; raises InputError for a list of products."""
    view = LADDER.of(derived)
    if view.why:
        raise InputError(view.why)

    def paint(painter: QPainter, area: QRectF) -> None:
        paint_bars(painter, theme, Bars(view.rungs, area), words)

    def high(_: float) -> float:
        return bars_height(len(view.rungs))

    body = Body(paint, high, high, width=300.0)
    return _figure("ladder", view.layer, body, (view.arrays, view.of), theme, words, choice)


def _neurons(
    part: str, derived: Derived, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    view = DIGIT.of(derived)
    knowing, times = view.knowing, part == "digit"
    if knowing is None:
        raise InputError(view.why)
    told = tell(knowing, view.drawing)
    cards = neurons_view(knowing, told, 0, times=times)

    def aside(width: float) -> tuple[float, float]:
        """What the drawing takes of the width; else, in a narrow column, of the height."""
        side = width * _DRAWN + _GAP if times else 0.0
        return (side, 0.0) if width >= _WIDE else (0.0, side)

    def high(width: float) -> float:
        left, above = aside(width)
        return height_of_fives(width - left) + above

    def paint(painter: QPainter, area: QRectF) -> None:
        left, above = aside(area.width())
        if times:
            side = min(left + above - _GAP, area.height())
            picture = QRectF(area.x(), area.y(), side, side)
            draw_image(painter, picture, ink_image(told.placed.image, theme))
        room = area.adjusted(left, above, 0, 0)
        paint_neurons(painter, theme, cards, boxes_of(room, len(cards.cards)), words)

    steps = Text(N_("after {n:group} steps"), n=knowing.weights.step)
    if not knowing.taught:
        steps = UNTAUGHT
    title = joined((spoken(knowing.network.name), steps))
    _, shown = digit_words.captions(knowing.single, knowing.neurons, drawn=True, times=times)
    said = [shown]
    if times:
        said += [saying.verdict(knowing, told, view.drawing), saying.recipe(told)]
    body = Body(paint, high, lambda width: 0.6 * high(width), width=300.0)
    return _figure(part, title, body, said, theme, words, choice)


def _chart(paint: Callable[[QPainter, QRectF], None]) -> Body:
    return Body(
        paint,
        wanted=lambda width: max(LOWEST, SHAPE * width),
        least=lambda _: LOWEST,
        width=300.0,
    )


def _figure(
    name: str,
    title: Text,
    body: Body,
    said: Iterable[Text],
    theme: Theme,
    words: Words,
    choice: ExportChoice,
) -> Figure:
    prose: Prose = ()
    if choice.prose:
        prose = tuple((theme.muted, printable(words(text))) for text in said if text)
    spare = tuple(reversed(range(1, len(prose))))
    title_said = printable(words(title))
    return Figure(name, title_said, theme, body, prose, choice.title, theme.panel, spare)
