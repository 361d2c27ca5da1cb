"""SWEEP: what the pass would take at other batches and widths, and what it was measured to take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QPoint, QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mmviz.core.time.sweep import Sweep
from mmviz.state.offers import Offer
from mmviz.state.sweep.chart import SweepChart, caption
from mmviz.state.sweep.choice import BOTH, SweepChoice
from mmviz.state.sweep.measuring import even_lines, within_text
from mmviz.state.sweep.readout import rows_at
from mmviz.state.sweep.view import SweepView, alike
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing
from mmviz.ui.look.widgets import inked
from mmviz.ui.sweep.axes import LOW_PLOT, is_filled
from mmviz.ui.sweep.canvas import SweepCanvas
from mmviz.ui.sweep.controls import SweepControls
from mmviz.ui.sweep.pins import SweepPins
from mmviz.ui.sweep.sweeper import Sweeper
from mmviz.ui.sweep.verdicts import SweepVerdicts
from mmviz.words.pins import compared, places
from mmviz.words.sweep import largest_step, place_text, reading, step_lines, time_text

_SPACING = 2
_SOURCE = 120  # pixels at least for where a prediction comes from
PRICING = Text(N_("predicting …"))


class SweepPanel(QWidget, Told):
    """`entered`: batch, layer and width (None, None where only the batch is swept) of a point.
    `chosen`: another SweepChoice.

    Whoever places the panel places its `controls`, and shows it a view only while it is seen.
    `roomier`: somebody wants a larger chart. `timed`: these batches are to be timed, or no more;
    `budget_chosen`: another budget in seconds, None for none.
    """

    roomier = pyqtSignal()
    timed = pyqtSignal(object)
    budget_chosen = pyqtSignal(object)
    entered = pyqtSignal(int, object, object)
    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = DARK
        self._view: SweepView | None = None
        self._found: Sweep | None = None
        self.controls = SweepControls()
        self.canvas = SweepCanvas()
        self.sweeper = Sweeper(self)
        self._caption = Eliding()
        self._caption.setFont(fonts.words(fonts.SMALL))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 6)
        layout.setSpacing(_SPACING)
        layout.addWidget(self._caption)
        self.pins = SweepPins()
        self.pins.hide()
        self._whole = tell(QPushButton(), text=N_("all"), tip=N_("The whole sweep (0)"))
        self._whole.setObjectName("all")
        self._whole.setFont(fonts.words(fonts.SMALL))
        self._whole.clicked.connect(lambda _: self.canvas.show_all())
        self._whole.hide()
        pins = QHBoxLayout()
        pins.setSpacing(10)
        pins.addWidget(self.pins, 1)
        pins.addWidget(self._whole)
        layout.addLayout(pins)
        self.verdicts = SweepVerdicts()
        self.verdicts.hide()
        layout.addWidget(self.verdicts)
        self._more = QPushButton()
        self._more.setObjectName("more")
        self._more.setFont(fonts.words(fonts.SMALL))
        self._more.clicked.connect(lambda _: self.roomier.emit())
        self._more.hide()
        self._can_grow: Callable[[], bool] = lambda: False
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.canvas, 1)
        row.addWidget(self._more)
        layout.addLayout(row, 1)
        self.controls.chosen.connect(self.chosen)
        self.controls.timed.connect(self._time)
        self.verdicts.budget_chosen.connect(self.budget_chosen)
        self.sweeper.priced.connect(self._show)
        self.sweeper.failed.connect(lambda why: self._show_nothing(why))
        self.canvas.entered.connect(self._enter)
        self.canvas.pinned.connect(self._pin)
        self.canvas.unpinned.connect(self._unpin)
        self.canvas.let_go.connect(self.pins.disarm)
        self.canvas.looked.connect(self._looked)
        self.pins.asked.connect(self._pin_typed)
        self.pins.armed.connect(self.canvas.arm)
        self.pins.cleared.connect(self._unpin)
        self.set_theme(DARK)

    @property
    def chart(self) -> SweepChart | None:
        """What is drawn, for an export; None where there is nothing."""
        return self.canvas.chart

    part = "sweep"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self.canvas

    def thing_at(self, at: QPointF) -> Thing | None:
        """The point that is read there."""
        axes = self.canvas.axes()
        if axes is None or not axes.plot.adjusted(-6, -6, 6, 6).contains(at):
            return None
        point = self.canvas.point_at(at.x(), at.y())
        return None if point is None else self._thing(point)

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The point the keys read, else the one of the session."""
        now = None if self._view is None else self._view.now
        point = self.canvas.read if self.canvas.read is not None else now
        thing = None if point is None else self._thing(point)
        if thing is None:
            return None
        axes, seen = self.canvas.axes(), self.canvas.seen(point)
        if axes is None or seen is None:
            return thing, self.canvas.rect().center()
        return thing, axes.place(seen).toPoint()

    def _thing(self, point: int) -> Thing | None:
        found = self._found
        if found is None:
            return None
        layer = found.points.layer if found.points.widths is not None else None
        entered = int(found.points.batches[point]), layer, found.points.width(point)
        value, said = time_text(found, point), reading(found, point)
        if self.canvas.chart is not None:
            said = tuple(row.told for row in rows_at(self.canvas.chart, point))
        return Thing("point", place_text(found, point), value, said, point=entered)

    def show_view(self, view: SweepView) -> None:
        """What is to be swept now."""
        self._view = view
        self.controls.setEnabled(bool(view.layers))
        if view.layers:
            self.controls.show_choice(view.choice, view.layers)
        self._show_verdicts(view)
        if view.question is None:
            self.sweeper.stop()
            self._show_nothing(view.missing, view.offers)
            return
        if self._found is None or not alike(self._found.points, view.question.points):
            self._show_nothing(PRICING)
        self.sweeper.ask(view.question)

    def offer_room(self, text: str, wanted: Callable[[], bool]) -> None:
        """Where the plot is tiny and `wanted` says so, a button with this text stands beside."""
        tell(self._more, self.words, text=text, tip=N_("The chart large, in the Clock workspace"))
        self._can_grow = wanted

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(f"#sweep {{ background: {theme.panel}; }}")
        inked(self._caption, theme.muted)
        self.controls.set_theme(theme)
        self.pins.set_theme(theme)
        self.verdicts.set_theme(theme)
        self.canvas.set_theme(theme)

    def say(self) -> None:
        """The caption anew."""
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Of the chart alone: what stands above it gives way."""
        least = super().minimumSizeHint()
        above = sum(
            part.minimumSizeHint().height() + _SPACING
            for part in (self._caption, self.pins, self.verdicts)
            if not part.isHidden()
        )
        return QSize(least.width(), least.height() - above)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._elide()

    def stop(self) -> None:
        """No thread outlives the window."""
        self.sweeper.close()

    def _show_nothing(self, why: Text, offers: tuple[Offer, ...] = ()) -> None:
        self._found = None
        self.canvas.show_chart(None, None, why)
        self.canvas.offers.show_offers(offers)
        self._elide()
        self._show_pins()

    def _show(self, found: Sweep) -> None:
        """Draw what was priced, with what was measured."""
        view = self._view
        if view is None or view.question is None:
            return
        found = replace(found, points=view.question.points)  # these bear today's names
        chart = view.chart(found)
        if chart.missing:
            self._show_nothing(chart.missing, view.offers)
            return
        self.canvas.offers.show_offers(())
        self._found = found
        self.controls.show_scale(chart.log_x)
        self.canvas.show_chart(chart, view.now)
        self._show_button(view)
        self._elide()
        self._show_pins()

    def _show_verdicts(self, view: SweepView) -> None:
        """What the measured curves say, and what can be measured."""
        crossed = view.crossings
        said = within_text(crossed, view.budget_s)
        self.verdicts.show_verdicts(view.budget_s, said, even_lines(crossed))
        self._show_button(view)

    def _show_button(self, view: SweepView) -> None:
        now = view.sweeping
        done = None if now is None else (now.number, now.count)
        self.controls.show_timing(view.batches(self._found), view.untimed, done)

    def _time(self) -> None:
        """The batches of the sweep are to be timed, or no more."""
        if self._view is not None:
            self.timed.emit(self._view.batches(self._found))

    def _enter(self, point: int) -> None:
        if self._found is None:
            return
        points = self._found.points
        layer = points.layer if points.widths is not None else None
        self.entered.emit(int(points.batches[point]), layer, points.width(point))

    def _pin(self, pin: int, point: int) -> None:
        """A pin at a point of the chart."""
        self.pins.disarm()
        if self._found is not None and self._view is not None:
            points = self._found.points
            batch, width = int(points.batches[point]), points.width(point)
            self._choose(self._view.choice.pinned(pin, batch, width))

    def _pin_typed(self, pin: int, count: int) -> None:
        """A pin at a batch, or at a width where that is swept."""
        if self._view is not None:
            self._choose(self._view.choice.pinned(pin, count, count))

    def _unpin(self) -> None:
        self.pins.disarm()
        if self._view is not None:
            self._choose(self._view.choice.unpinned)

    def _choose(self, choice: SweepChoice) -> None:
        if self._view is not None and choice != self._view.choice:
            self.chosen.emit(choice)

    def _compared(self) -> tuple[Text, ...]:
        """What is said of the two pins; nothing where one is missing."""
        if self._view is None or self._found is None or not self._found.known:
            return ()
        a, b = self._view.pins
        if a is None or b is None:
            return ()
        lines = compared(self._found, (a, b))
        if self._view.choice.axis != BOTH:
            return lines
        return places(self._found, (a, b)), joined(lines, "semicolons")  # no fields say where

    def _show_pins(self) -> None:
        """Where the pins stand, and what is said of the two."""
        if self._view is not None:
            found = self._found
            steps = () if found is None else (largest_step(found), *step_lines(found))
            self.pins.show_pins(self._view.choice, self._compared(), steps)

    def _looked(self) -> None:
        """All of the sweep is seen, or a piece."""
        self._whole.setVisible(not self.canvas.closer.whole)
        self._elide()

    def caption_text(self, basis: str = "") -> Text:
        """How to read the chart; `basis` in place of what its predictions rest on."""
        chart, axes = self.canvas.chart, self.canvas.axes()
        if chart is None:
            return NOTHING
        told = caption(chart, axes is not None and is_filled(axes), basis=basis)
        here = self.canvas.seen(self.canvas.now) is not None
        return joined((told, Text(N_("ring = the pass shown"))), "semicolons") if here else told

    def _elide(self) -> None:
        metrics, room = self._caption.fontMetrics(), self.width() - 36
        text = self.words(self.caption_text())
        beyond = NOTHING if self._found is None else self._found.provenance.beyond
        full = self.words(joined((own(text), beyond), "lines"))
        over = metrics.horizontalAdvance(text) - room
        if self._found is not None and over > 0:  # the source gives way first: the tip has it all
            source = self.words(self._found.basis)
            left = max(_SOURCE, metrics.horizontalAdvance(source) - over)
            short = metrics.elidedText(source, Qt.TextElideMode.ElideRight, left)
            shorter = self.words(self.caption_text(short))
            if metrics.horizontalAdvance(shorter) <= room:  # else it is cut once, at its end
                text = shorter
        self._caption.show_text(text, full)
        plot = self.height() - 10 - 1.5 * metrics.height() - 5  # without a caption and pins
        with_caption = plot - 2 * metrics.height() - 3
        low = with_caption < LOW_PLOT
        self._caption.setVisible(bool(text) and not low)
        drawn = self.canvas.chart is not None
        below_pins = with_caption - self.pins.sizeHint().height()
        with_pins = drawn and below_pins >= LOW_PLOT
        self.pins.setVisible(with_pins)
        below = below_pins - self.verdicts.sizeHint().height() - _SPACING
        with_verdicts = drawn and below >= LOW_PLOT
        self.verdicts.setVisible(with_verdicts)
        hidden = () if with_pins else self._compared()
        hidden += () if with_verdicts else self.verdicts.lines
        tip = (*((own(full),) if low else ()), *hidden)
        self.canvas.setToolTip(as_tip(self.words(joined(tip, "lines"))))
        self._more.setVisible(drawn and plot < LOW_PLOT and self._can_grow())
