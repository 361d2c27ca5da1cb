"""LIVE TIMING: who is timed and how long, the moving chart, the table, and what to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmviz.bench.messages import Anew, Estimate, Message, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.state.clock.live import Live
from mmviz.state.clock.progress import ProgressView, unfinished
from mmviz.state.clock.rows import rows
from mmviz.state.clock.view import TimingView
from mmviz.text import N_, Text, joined, own
from mmviz.ui.clock.controls import TimingControls
from mmviz.ui.clock.empty import EmptyPage
from mmviz.ui.clock.live_chart import LiveChart
from mmviz.ui.clock.painter import tone_colours
from mmviz.ui.clock.progress import ProgressRow
from mmviz.ui.clock.table import BATCH, TimingTable
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel, as_tip
from mmviz.ui.look.rich import paragraphs
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked
from mmviz.words.earlier import BUTTON, caption
from mmviz.words.timing import Note, Tone, conditions, here, kinds_of, machine_line
from mmviz.words.winner import told as notes_of

_TABLE_MS = 250  # between two updates of the table while running
_TABLE_SHARE = 20  # an update may take at most one part in so many of the time
_TABLE_OF_WIDTH = 0.62
_BETWEEN = 20  # pixels between chart and table
KEPT = Text(N_("kept on this computer: “{button}” brings it back"), button=Text(BUTTON))
UNKEPT = Text(N_("the samples are in this window alone: export them before you close it"))
_SCROLL_BAR = 18  # room kept for one, so that nothing moves when it comes


class TimingPanel(QWidget, Told):
    """Shows the run that is on, else the one of its view. Owns no process: whoever does calls
    `begin`, `hear` for each message, and `finish`; the run comes back in the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = DARK
        self._view = TimingView()
        self._live: Live | None = None
        self.notes: tuple[Note, ...] = ()
        self.controls = TimingControls()
        self.chart = LiveChart()
        self.table = TimingTable()
        self.table.results = self.results
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._build()
        self.set_theme(DARK)
        self._refresh()

    def _build(self) -> None:
        self.progress_row = ProgressRow()
        self._caption, self._notes = PlainLabel(), QLabel()
        for label in (self._caption, self._notes):
            label.setWordWrap(True)
            label.setFont(fonts.words(fonts.SMALL))
        self._notes.setTextFormat(Qt.TextFormat.RichText)
        self._notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(_BETWEEN)
        body.addWidget(self.chart, 1)
        body.addWidget(self._build_side())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 8)
        layout.setSpacing(6)
        layout.addWidget(self.controls)
        layout.addWidget(self.progress_row)
        self.empty = EmptyPage()
        self._body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._body)
        layout.addWidget(self._pages, 1)

    def _build_side(self) -> QScrollArea:
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._caption)
        column.addWidget(self.table)
        column.addWidget(self._notes)
        column.addStretch(1)
        self._side = tell(QScrollArea(), name=N_("Timing results and remarks"))
        self._side.setWidget(inside)
        self._side.setWidgetResizable(True)
        self._side.setFrameShape(QScrollArea.Shape.NoFrame)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return self._side

    # --- what the controller calls ---------------------------------------------------------------

    def show_view(self, view: TimingView) -> None:
        """What is known; a run that is on stays in sight until it is over."""
        before, self._view = self._view, view
        if view.survey != before.survey:
            self.controls.set_backends(view.survey)
        self.controls.offer_earlier(bool(view.earlier))
        if self._live is None:
            self._show_shown()
        self._refresh()

    def selected_backends(self) -> tuple[str, ...]:
        """Ids of the backends the user wants timed."""
        return self.controls.selected

    @property
    def seconds(self) -> float:
        """How long each backend is to be timed; an entry under way counts."""
        self.controls.spin.interpretText()
        return self.controls.spin.value()

    @property
    def unfinished(self) -> Path | None:
        """The file of the run that is shown, if it can be taken up again; None while one is on."""
        shown = self._view.shown
        if self._live is not None or shown is None or unfinished(shown) is None:
            return None
        return shown.path

    @property
    def read(self) -> bool:
        """Whether the first of its sentences is in sight."""
        self._column.activate()  # it lies where it will, not where it lay before the table changed
        seen = self._notes.visibleRegion().boundingRect()
        return seen.top() == 0 and seen.height() >= 2 * self._notes.fontMetrics().height()

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0 … 1: of the one that is on, else of the one shown."""
        if self._live is not None:
            return self._live.done
        return 0.0 if self._view.shown is None else self._view.shown.done

    def begin(self, plan: BenchPlan, budget_s: float | None, kept: Collector | None = None) -> None:
        """A run of `plan` starts; the network's own budget, if any. kept: see `Live`."""
        self._live = Live(plan, budget_s, kept, perf_counter())
        self._begin_chart(self._live)
        self._timer.start(_TABLE_MS)
        self._refresh()

    def hear(self, message: Message) -> None:
        """Take one message of the run in; ignored while no run is on."""
        live = self._live
        if live is None:
            return
        batch = live.batch
        live.hear(message, perf_counter())
        if live.batch != batch:
            self._begin_chart(live)
        match message:
            case Samples():
                self.chart.add_samples(message.backend, message.seconds, message.spent_s)
            case Estimate(backend, _, seconds, _):
                self.chart.add_estimate(backend, seconds)
            case Anew(_, batch) if batch == live.batch:
                self._begin_chart(live)
                self._draw_known(live)
        self.progress_row.line.show_share(live.done)

    def show_paused(self, paused: bool) -> None:
        """The run that is on rests, or goes on."""
        if self._live is not None:
            (self._live.pause if paused else self._live.go_on)(perf_counter())
            self._refresh()

    def finish(self) -> None:
        """The run is over."""
        self._live = None
        self._timer.stop()
        self.chart.finish()
        self._refresh()

    def results(self) -> Results | None:
        """All samples of what is shown; None before the first."""
        if self._live is not None:
            return self._live.collector.results()
        return None if self._view.shown is None else self._view.shown.results

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        for part in (self.controls, self.chart, self.table, self.progress_row):
            part.set_theme(theme)
        self._show_caption()
        self._show_notes()

    # --- showing ---------------------------------------------------------------------------------

    def say(self) -> None:
        """All sentences anew."""
        self._refresh()

    def _show_shown(self) -> None:
        """The chart of a run that is over is of one batch of it, the last where none is asked
        for.
        """
        if self._view.shown is not None:
            runs = self._view.shown.results.runs
            timed = [run for run in runs if run.samples_s] or runs
            batch = self._view.batch or timed[-1].batch
            seen = [run for run in runs if run.batch == batch]
            self.chart.show_runs(seen, self._view.budget_s)

    def _begin_chart(self, live: Live) -> None:
        """The chart follows the batch that is being timed."""
        self.chart.begin(live.plan.backends, live.plan.seconds, live.budget_s)

    def _draw_known(self, live: Live) -> None:
        """What counts of this batch, of the backends that are done with it."""
        for name in live.plan.backends:
            run = live.collector.run(name, live.batch)
            if run.estimated:
                self.chart.add_estimate(name, run.samples_s[0])
            elif run.samples_s:
                self.chart.add_samples(name, run.samples_s, run.spent_s)

    def _refresh(self) -> None:
        """Table, caption and sentences from what is known now."""
        began = perf_counter()
        results = self.results()
        self.progress_row.words = self.words
        self.progress_row.show_view(self._progress())
        runs, machine = (results.runs, results.machine) if results is not None else ((), None)
        self._pages.setCurrentIndex(0 if results is None else 1)
        self.table.setVisible(bool(runs))
        dtype = "" if results is None else results.dtype
        self.table.show_rows(rows(runs, self._flop(), machine, dtype, self._view.here))
        told = list(self._ending())
        if results is not None:
            told += notes_of(results, ended=self._live is None)
            told += self._where_kept(results)
        else:  # while there are results, the check box and its tool tip say it
            told += self.controls.missing_notes()
        self.notes = tuple(told)
        self._show_notes()
        self._fit()
        if self._live is not None:
            spent_ms = 1e3 * (perf_counter() - began)
            self._timer.setInterval(max(_TABLE_MS, round(_TABLE_SHARE * spent_ms)))

    def _progress(self) -> ProgressView | None:
        if self._live is not None:
            return self._live.progress(perf_counter())
        return unfinished(self._view.shown)

    def _where_kept(self, results: Results) -> Sequence[Note]:
        """Where the samples are, once the run is over: a notice is gone with the next edit."""
        shown = self._view.shown
        if self._live is not None or shown is None or shown.when is not None:
            return ()
        if shown.kept:
            return (Note(Tone.REMARK, KEPT),)
        measured = any(run.samples_s for run in results.runs)
        return (Note(Tone.WARNING, UNKEPT),) if measured else ()

    def _flop(self) -> Mapping[int, int]:
        """Of one pass of what is shown, by batch."""
        return (self._view if self._live is None else self._live).flop

    def _ending(self) -> Sequence[Note]:
        shown = self._view.shown
        if self._live is not None or shown is None:
            return ()
        if shown.ended:
            return (Note(Tone.FAILURE, shown.ended),)
        if shown.done >= 1.0:
            return ()
        stopped = N_("stopped at {share:.0f} %; what was measured until then stays")
        return (Note(Tone.REMARK, Text(stopped, share=100 * shown.done)),)

    def _told(self, results: Results) -> Text:
        """What was timed, and where its figures come from or what is done now."""
        batches = tuple(dict.fromkeys(run.batch for run in results.runs))
        how = conditions(batches, results.dtype, results.training)
        subject = joined((how, own(results.network)))
        if self._live is not None:
            return subject  # what is done now stands beside the bar
        if self._view.shown is not None and self._view.shown.when is not None:
            return caption(results, self._view.shown.when)
        if self._view.stale:
            return Text(
                N_("{kinds} of {what}; the network has changed since"),
                kinds=kinds_of(results.runs),
                what=self._view.stale,
            )
        return joined((here(results.runs), subject))

    def _show_caption(self) -> None:
        results = self.results()
        text = "" if results is None else self.words(self._told(results))
        stale = self._live is None and bool(self._view.stale)
        self._caption.setVisible(bool(text))
        machine = None if results is None else results.machine
        shown = text
        if not stale:
            room = self._side.width() - _SCROLL_BAR
            shown = self._caption.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        beyond = "" if machine is None else self.words(machine_line(machine))
        told = (text if shown != text else "", beyond)
        self._caption.setToolTip(as_tip("\n".join(filter(None, told))))
        self._caption.setText(shown)
        colour = self._theme.now_text if stale else self._theme.muted
        inked(self._caption, colour)

    def _show_notes(self) -> None:
        theme, colours = self._theme, tone_colours(self._theme)
        told = [(colours[note.tone], self.words(note.text)) for note in self.notes]
        missing = tuple(note.text for note in self.controls.missing_notes())
        self.empty.words = self.words
        self.empty.show_view(self._view, missing, running=self._live is not None)
        self.empty.set_theme(theme)
        self._notes.setText(paragraphs(told))
        inked(self._notes, theme.muted)
        self._notes.setAccessibleName("; ".join(text for _, text in told))

    def _fit(self) -> None:
        """Share the width between chart and table."""
        several = len({row.cells[BATCH] for row in self.table.rows}) > 1
        free = max(0, self.width() - 32)
        most = free - self.chart.minimumWidth() - _BETWEEN - _SCROLL_BAR
        width, running = round(_TABLE_OF_WIDTH * free), self._live is not None
        needed = self.table.fit(width, most, several_batches=several, running=running)
        self._side.setFixedWidth(needed + _SCROLL_BAR)
        self._show_caption()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """No timer outlives the window."""
        self._timer.stop()
        self.chart.stop()
        super().closeEvent(event)
