"""SWEEP: what the pass would take at other batches and widths, and what it was measured to take."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmviz import units
from mmviz.core.shapes.products import Products
from mmviz.core.time.sweep import Points, Sweep
from mmviz.errors import InputError
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.derived import Derived
from mmviz.state.sweep.chart import SweepChart, caption, curves_of
from mmviz.state.sweep.choice import (
    Measured,
    SweepChoice,
    kept,
    measured_at,
    now_at,
    points_for,
    reaching,
    settled,
)
from mmviz.state.sweep.words import missing_text
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.sweep.controls import SweepControls
from mmviz.ui.sweep.frame import LOW_PLOT, is_filled
from mmviz.ui.sweep.sweeper import Sweeper
from mmviz.ui.sweep.view import SweepView

LISTED = "a list of products has neither batch nor layers to sweep: its rows stay as they are"
_SOURCE = 120  # pixels at least for where a prediction comes from
PRICING = "predicting …"


class SweepPanel(QWidget):
    """`entered`: batch, layer and width (None, None where only the batch is swept) of a point.

    Prices only while it is seen. `refused`: a sentence, where a range makes no sense. Whoever
    places the panel places its `controls`. `roomier`: somebody wants a larger chart.
    """

    roomier = pyqtSignal()
    entered = pyqtSignal(int, object, object)
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.choice = SweepChoice()
        self.measured: tuple[Measured, ...] = ()
        self._theme = DARK
        self._snapshot: Derived | None = None
        self._found: Sweep | None = None
        self._full_caption = ""
        self._waiting = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)
        self.controls = SweepControls()
        self.view = SweepView()
        self.sweeper = Sweeper(self)
        self._caption = QLabel()
        self._caption.setFont(fonts.words(fonts.SMALL))
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 6)
        layout.setSpacing(2)
        layout.addWidget(self._caption)
        self._more = QPushButton()
        self._more.setObjectName("more")
        self._more.setFont(fonts.words(fonts.SMALL))
        self._more.clicked.connect(lambda _: self.roomier.emit())
        self._more.hide()
        self._can_grow: Callable[[], bool] = lambda: False
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.view, 1)
        row.addWidget(self._more)
        layout.addLayout(row, 1)
        self.controls.chosen.connect(self._choose)
        self.sweeper.priced.connect(self._show)
        self.view.entered.connect(self._enter)
        self.set_theme(DARK)

    @property
    def chart(self) -> SweepChart | None:
        """What is drawn, for an export; None where there is nothing."""
        return self.view.chart

    def show_derived(self, derived: Derived) -> None:
        """Follow the session."""
        if self._snapshot is not None and not _same_layer(self._snapshot, derived, self.choice):
            self.choice = replace(self.choice, layer=0, widths=(0, 0))
        self.choice = reaching(self.choice, derived.session)
        self._snapshot = derived
        self._ask()

    def offer_room(self, words: str, wanted: Callable[[], bool]) -> None:
        """Where the plot is tiny and `wanted` says so, a button with these words stands beside."""
        self._more.setText(words)
        self._more.setToolTip("The chart large, in the Clock workspace")
        self._can_grow = wanted

    def add_results(self, more: Sequence[Measured]) -> None:
        """Keep what a run measured, to be drawn over what is predicted."""
        self.measured = kept(self.measured, more)
        if self._found is not None:
            self._show(self._found)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(f"#sweep {{ background: {theme.panel}; }}")
        self._caption.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.controls.set_theme(theme)
        self.view.set_theme(theme)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """It is seen: behind another tab it is shown, as Qt has it, and yet not painted."""
        super().paintEvent(event)
        if self._waiting:
            self._waiting = False
            self._soon.start(0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._elide()

    def stop(self) -> None:
        """No timer outlives the window."""
        self._soon.stop()
        self.sweeper.stop()

    def _choose(self, choice: SweepChoice) -> None:
        if self._snapshot is None:
            return
        before, self.choice = self.choice, choice
        try:
            points_for(self._snapshot.session, settled(choice, self._snapshot.session))
        except InputError as error:
            self.choice = before
            self.refused.emit(str(error))
        self._ask()

    def _ask(self) -> None:
        """Have the points of the choice priced, if anybody looks."""
        if self._snapshot is None:
            return
        if self.visibleRegion().isEmpty():
            self._waiting = True
            return
        session, device = self._snapshot.session, self._snapshot.device
        listed = isinstance(session.network, Products)
        self.controls.setEnabled(not listed)
        if listed:
            self._say(LISTED)
            return
        choice = self.choice = settled(self.choice, session)  # shown, a range stays
        self.controls.show_choice(choice, session.layered)
        try:
            points = points_for(session, choice)
        except InputError as error:
            self._say(str(error))
            return
        order = session.order or None
        how = (device, session.dtype, session.tile, order)
        if self._found is None or not _alike(self._found.points, points):
            self.view.show_chart(None, None, PRICING)
            self._set_caption("")
        self.sweeper.ask((_key(points), how), points, *how)

    def _say(self, words: str) -> None:
        self.sweeper.stop()
        self._found = None
        self.view.show_chart(None, None, words)
        self._set_caption("")

    def _show(self, found: Sweep) -> None:
        """Draw what was priced, with what was measured."""
        if self._snapshot is None:
            return
        self._found = found
        session, device = self._snapshot.session, self._snapshot.device
        if not found.known:
            self.view.show_chart(None, None, missing_text(found))
            self._set_caption("")
            return
        curves = curves_of(found, measured_at(found.points, session.dtype, self.measured))
        choice = self.choice
        chart = SweepChart(
            found,
            device.name if device.id != THIS_MACHINE else "this machine",
            session.dtype,
            session.budget_s,
            curves,
            choice.value,
            choice.log_x,
        )
        now = now_at(found.points, session)
        self.view.show_chart(chart, now)
        ring = "" if now is None else "; ring = the pass shown"
        frame = self.view.frame()
        self._set_caption(caption(chart, frame is not None and is_filled(frame)) + ring)

    def _enter(self, point: int) -> None:
        if self._found is None:
            return
        points = self._found.points
        layer = points.layer if points.widths is not None else None
        self.entered.emit(int(points.batches[point]), layer, points.width(point))

    def _set_caption(self, text: str) -> None:
        self._full_caption = text
        self._caption.setToolTip(text)
        self._elide()

    def _elide(self) -> None:
        metrics = self._caption.fontMetrics()
        room = self.width() - 36
        text, source = self._full_caption, "" if self._found is None else self._found.basis
        over = metrics.horizontalAdvance(text) - room
        if source and over > 0:  # the source gives way first: the tool tip has all of it
            left = max(_SOURCE, metrics.horizontalAdvance(source) - over)
            short = metrics.elidedText(source, Qt.TextElideMode.ElideRight, left)
            text = text.replace(source, short)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._caption.setText(text)
        plot = self.height() - 10 - 1.5 * metrics.height() - 5  # without a caption
        with_caption = plot - 2 * metrics.height() - 3
        low = with_caption < LOW_PLOT
        self._caption.setVisible(bool(text) and not low)
        self.view.setToolTip(self._full_caption if low else "")
        drawn = self.view.chart is not None
        self._more.setVisible(drawn and plot < LOW_PLOT and self._can_grow())


def _key(points: Points) -> Hashable:
    """What the prices of points depend on, but for device and tile."""
    widths = None if points.widths is None else points.widths.tobytes()
    sides = tuple(
        (0 if i == points.layer else layer.units, layer.activation)
        for i, layer in enumerate(points.network.layers)
    )
    names = tuple(layer.name for layer in points.network.layers)
    return (
        points.network.inputs,
        sides,
        names,
        points.training,
        points.layer,
        widths,
        points.batches.tobytes(),
    )


def _alike(one: Points, other: Points) -> bool:
    """Whether the old chart may stand until the new one is there: the same axes and points."""
    return (
        one.layer == other.layer
        and len(one) == len(other)
        and bool((one.batches == other.batches).all())
    )


def _same_layer(before: Derived, after: Derived, choice: SweepChoice) -> bool:
    """Whether the swept layer is still there, under its name."""
    networks = (before.session.network, after.session.network)
    if any(isinstance(network, Products) for network in networks):
        return False
    names = []
    for network in networks:
        assert not isinstance(network, Products)
        if choice.layer >= len(network.layers):
            return False
        names.append(network.layers[choice.layer].name)
    return names[0] == names[1]


NO_CHART = f"{units.NO_DATA} to export: open the Sweep panel on a device with predicted times"
