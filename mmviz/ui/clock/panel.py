"""LIVE TIMING: who is timed and how long, the moving chart, the table, and what to know of it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from time import perf_counter

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mmviz import units
from mmviz.backends.registry import Entry
from mmviz.bench.messages import Estimate, Message, Phase, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.state.clock.rows import (
    Note,
    Tone,
    backend_name,
    conditions,
    notes,
    provenance,
    rows,
)
from mmviz.ui.clock.controls import TimingControls
from mmviz.ui.clock.live_chart import EMPTY, LiveChart
from mmviz.ui.clock.table import TimingTable
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme

_TABLE_MS = 250  # between two updates of the table while running
_TABLE_SHARE = 20  # an update may take at most one part in so many of the time
_TABLE_OF_WIDTH = 0.5
_MISSING_WIDTH = 760  # of the reasons why backends cannot run; longer ones break
_SCROLL_BAR = 12  # room kept for one, so that nothing moves when it comes
_STEPS = 1_000  # of the progress bar


class TimingPanel(QWidget):
    """Folds a run's messages and shows them. Owns no process: whoever does calls `begin`, `add`
    for each message, and `finish`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = DARK
        self._collector: Collector | None = None
        self._results: Results | None = None
        self._flop: Mapping[int, int] = {}
        self._budget_s: float | None = None
        self._progress = 0.0
        self._running = False
        self._reason: str | None = None
        self._stale = ""
        self._doing = ""
        self._provenance = units.NO_DATA
        self._batch = 0
        self.notes: tuple[Note, ...] = ()
        self.controls = TimingControls()
        self.chart = LiveChart()
        self.table = TimingTable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._build()
        self.set_theme(DARK)
        self._refresh()

    def _build(self) -> None:
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(2)
        self._bar.setAccessibleName("Progress of the timing run")
        self._caption, self._notes = QLabel(), QLabel()
        for label in (self._caption, self._notes):
            label.setWordWrap(True)
            label.setFont(fonts.words(fonts.SMALL))
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._notes.setTextFormat(Qt.TextFormat.RichText)
        self._notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(20)
        body.addWidget(self.chart, 1)
        body.addWidget(self._build_side())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 8)
        layout.setSpacing(6)
        layout.addWidget(self._bar)
        layout.addWidget(self.controls)
        layout.addWidget(self._build_empty(), 1)
        layout.addWidget(self._body, 1)

    def invite(self, sentence: str) -> None:
        """What to do first, or why nothing can be; stands here until there are samples."""
        self._hint.setText(sentence)

    def _build_empty(self) -> QWidget:
        """What stands here before the first run: what to do, and below it what cannot run."""
        self._empty = QWidget()
        self._hint, self._missing = QLabel(EMPTY), QLabel()
        self._hint.setFont(fonts.words())
        self._missing.setFont(fonts.words(fonts.SMALL))
        self._missing.setTextFormat(Qt.TextFormat.PlainText)
        self._missing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self._empty)
        column.setSpacing(10)
        column.addStretch(1)
        for label in (self._hint, self._missing):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._missing.setWordWrap(True)
        self._missing.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        return self._empty

    def _build_side(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._caption)
        column.addWidget(self.table)
        column.addWidget(self._notes)
        column.addStretch(1)
        self._side = QScrollArea()
        self._side.setWidget(inside)
        self._side.setWidgetResizable(True)
        self._side.setFrameShape(QScrollArea.Shape.NoFrame)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setAccessibleName("Timing results and remarks")
        return self._side

    # --- what the controller calls ---------------------------------------------------------------

    def set_backends(self, survey: Sequence[Entry]) -> None:
        """Offer the backends of `mmviz.backends.registry.survey()`."""
        self.controls.set_backends(survey)
        self._refresh()

    def selected_backends(self) -> tuple[str, ...]:
        """Ids of the backends the user wants timed."""
        return self.controls.selected

    @property
    def seconds(self) -> float:
        """How long each backend is to be timed."""
        return self.controls.spin.value()

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0 … 1."""
        return self._progress

    def begin(
        self, plan: BenchPlan, flop_per_pass: Mapping[int, int], budget_s: float | None
    ) -> None:
        """A run of `plan` starts; FLOP of a pass by batch, and the network's own budget, if any."""
        self._collector = Collector(plan)
        self._results = None
        self._flop, self._budget_s = dict(flop_per_pass), budget_s
        self._running, self._reason, self._stale = True, None, ""
        self._doing = "starting"
        self._show_batch(plan.batches[0])
        self._show_progress(0.0)
        self._timer.start(_TABLE_MS)
        self._refresh()

    def add(self, message: Message) -> None:
        """Take one message of the run in; ignored while no run is on."""
        if self._collector is None or not self._running:
            return
        self._collector.add(message)
        match message:
            case Phase(backend, batch, phase):
                # backends are timed in turns of a few hundredths of a second, the rest one by one
                self._doing = phase if phase == "timing" else f"{phase} {backend_name(backend)}"
                self._show_batch(batch)
            case Samples(backend, batch, seconds):
                self._show_batch(batch)
                self.chart.add_samples(backend, seconds)
            case Estimate(backend, batch, seconds, _):
                self._show_batch(batch)
                self.chart.add_estimate(backend, seconds)
            case Progress(done):
                self._show_progress(done)

    def finish(self, reason: str) -> None:
        """The run is over: "" when it was done or stopped by the user, else why it broke."""
        if not self._running or self._collector is None:
            return
        self._running, self._reason = False, reason
        self._timer.stop()
        self.chart.finish()
        if self._collector.finished:
            self._show_progress(1.0)
        self._results = self._collector.results()
        self._bar.setValue(0)
        self._refresh()

    def results(self) -> Results | None:
        """All samples of the run, so far if it is still on; None before the first."""
        if self._results is None and self._collector is not None:
            return self._collector.results()
        return self._results

    def mark_stale(self, text: str) -> None:
        """The network has changed: `text` says what was timed; "" when they fit again."""
        self._stale = text
        self._show_caption()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            f"QProgressBar {{ background: {theme.line}; border: none; }}"
            f"QProgressBar::chunk {{ background: {theme.now}; }}"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        for part in (self.controls, self.chart, self.table):
            part.set_theme(theme)
        self._show_caption()
        self._show_notes()

    # --- showing ---------------------------------------------------------------------------------

    def _show_batch(self, batch: int) -> None:
        """The chart follows the batch that is being timed."""
        if self._collector is None or (batch == self._batch and self.chart.repainting):
            return
        self._batch = batch
        plan = self._collector.plan
        self.chart.begin(plan.backends, plan.seconds, self._budget_s)

    def _show_progress(self, done: float) -> None:
        self._progress = min(1.0, max(0.0, done))
        self._bar.setValue(round(_STEPS * self._progress))

    def _refresh(self) -> None:
        """Table, caption and sentences from what is known now."""
        began = perf_counter()
        results = self.results()
        runs, machine = (results.runs, results.machine) if results is not None else ((), None)
        self._provenance = provenance(runs)
        self._empty.setVisible(self._collector is None)
        self._body.setVisible(self._collector is not None)
        self.table.setVisible(bool(runs))
        self.table.show_rows(rows(runs, self._flop, machine))
        told = list(self._ending())
        if self._collector is not None:
            dtype = self._collector.plan.dtype
            told += notes(runs, dtype, machine, ended=not self._running)
        else:  # while there are results, the check box and its tool tip say it
            told += self.controls.missing_notes()
        self.notes = tuple(told)
        self._show_notes()
        self._fit()
        if self._running:
            spent_ms = 1e3 * (perf_counter() - began)
            self._timer.setInterval(max(_TABLE_MS, round(_TABLE_SHARE * spent_ms)))

    def _ending(self) -> Sequence[Note]:
        if self._running or self._collector is None or self._collector.finished:
            return ()
        if self._reason:
            return (Note(Tone.FAILURE, self._reason),)
        words = f"stopped at {100 * self._progress:.0f} %; what was measured until then stays"
        return (Note(Tone.REMARK, words),)

    def _show_caption(self) -> None:
        colour, text = self._theme.muted, ""
        if self._collector is not None:
            plan = self._collector.plan
            subject = conditions(plan.batches, plan.dtype, plan.training)
            subject = f"{subject} · {plan.network.name}"
            text = f"{self._provenance} · {subject}"
            if self._running:
                text = f"{self._doing} · {subject}"
            elif self._stale:
                colour = self._theme.now_text
                found = self._provenance.removesuffix(" here")
                text = f"{found} of {self._stale}; the network has changed since"
        self._caption.setVisible(bool(text))
        self._caption.setToolTip(text)
        if not self._stale:
            room = self._side.width() - _SCROLL_BAR
            text = self._caption.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._caption.setText(text)
        self._caption.setStyleSheet(f"color: {colour}; background: transparent;")

    def _show_notes(self) -> None:
        theme = self._theme
        colours = {
            Tone.AGREED: theme.agreed,
            Tone.WARNING: theme.now_text,
            Tone.FAILURE: theme.loss,
            Tone.REMARK: theme.muted,
        }
        lines = (
            f'<p style="margin:0 0 3px 0; color:{colours[note.tone]}">{html.escape(note.text)}</p>'
            for note in self.notes
        )
        missing = "\n".join(note.text for note in self.controls.missing_notes())
        self._missing.setText(missing)
        self._missing.setVisible(bool(missing))
        for label in (self._hint, self._missing):
            label.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self._notes.setText("".join(lines))
        self._notes.setStyleSheet("background: transparent;")
        self._notes.setAccessibleName("; ".join(note.text for note in self.notes))

    def _fit(self) -> None:
        """Share the width between chart and table."""
        several = self._collector is not None and len(self._collector.plan.batches) > 1
        free = max(0, self.width() - 32)
        needed = self.table.fit(round(_TABLE_OF_WIDTH * free), several_batches=several)
        self._side.setFixedWidth(needed + _SCROLL_BAR)
        words = self._missing.fontMetrics().size(0, self._missing.text()).width() + 2
        width = min(words, _MISSING_WIDTH, max(1, free))
        self._missing.setFixedSize(width, max(0, self._missing.heightForWidth(width)))
        self._show_caption()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """No timer outlives the window."""
        self._timer.stop()
        self.chart.stop()
        super().closeEvent(event)
