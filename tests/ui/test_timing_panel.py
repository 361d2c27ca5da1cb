"""The timing panel as a person meets it, fed by messages and by the real child process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter, QPicture
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mmviz.backends.registry import Entry, survey
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, read_machine
from mmviz.bench.messages import (
    Checked,
    Estimate,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Started,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Pass
from mmviz.state import actions
from mmviz.state.clock.rows import IDS
from mmviz.state.clock.view import EMPTY, TimingView, needed, timing_view
from mmviz.state.facts import Facts, Timed
from mmviz.text import NOTHING, Text, own, source
from mmviz.ui.clock.empty import EmptyPage
from mmviz.ui.clock.live_chart import LiveChart
from mmviz.ui.clock.panel import TimingPanel
from mmviz.ui.look.theme import DARK, LIGHT, backend_colour
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.worker_process import WorkerProcess
from mmviz.words.speech import Words
from mmviz.words.timing import Tone

PATIENCE_MS = 60_000
NETWORK = from_widths((8, 16, 4), "a small network")
FLOP = 2 * 4 * (8 * 16 + 16 * 4)
SURVEY = (
    Entry("loop", "Python for-loops", ("float32",), True),
    Entry("numpy", "NumPy", ("float32",), True),
    Entry("cupy", "CuPy", ("float32",), False, "no GPU was found", "install a driver"),
)


def plan(*backends: str, seconds: float = 0.2, batches: tuple[int, ...] = (4,)) -> BenchPlan:
    return BenchPlan(network=NETWORK, batches=batches, backends=backends, seconds=seconds)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TimingPanel]:
    shown = TimingPanel()
    qtbot.addWidget(shown)
    shown.show_view(TimingView(survey=SURVEY))
    shown.resize(1130, 230)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.close()


def feed(panel: TimingPanel, *messages: Message) -> None:
    for message in messages:
        panel.hear(message)
    panel.chart.refresh()


def view_of(of: Pass, *runs: Timed) -> TimingView:
    return timing_view(*needed(of, None, Facts(runs=runs, backends=SURVEY)))


def end(panel: TimingPanel, reason: Text = NOTHING) -> None:
    """As whoever has the run: it is over, and lands among what is known."""
    results, done = panel.results(), panel.progress
    panel.finish()
    if results is not None:
        of = Pass(NETWORK, results.runs[-1].batch, results.dtype, results.training)
        run = Timed(of, results, reason, done)
        panel.show_view(view_of(of, run))


def seen(panel: TimingPanel) -> str:
    """All words a reader sees, outside the chart and the table."""
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    return "\n".join((*labels, *(str(note.text) for note in panel.notes)))


STEADY = [0.1] * 50
RUN = (
    Phase("numpy", 4, "timing"),
    Estimate("loop", 4, 14_400.0, 1e-4),
    Samples("numpy", 4, STEADY),
    Progress(0.5),
)
END = (Checked("numpy", 4, 3.1e-7), Finished())


# --- states --------------------------------------------------------------------------------------


def test_empty_says_what_would_fill_it(panel: TimingPanel) -> None:
    assert str(EMPTY) in seen(panel)
    assert panel.results() is None
    assert panel.progress == 0
    assert not panel.table.isVisible()
    assert not panel.chart.isVisible()
    hint, missing = panel.empty.hint, panel.empty.missing
    middle = hint.mapTo(panel, hint.rect().center()).x()
    assert abs(middle - panel.width() / 2) <= 2, "in the middle of the panel"
    assert hint.mapTo(panel, hint.rect().bottomLeft()).y() < missing.mapTo(panel, missing.pos()).y()
    assert missing.text().startswith("CuPy cannot run here")
    for label in (hint, missing):
        assert label.width() >= min(label.sizeHint().width(), 760)
        assert label.height() >= label.heightForWidth(label.width())
    above = hint.mapTo(panel, hint.rect().topLeft()).y() - panel.controls.geometry().bottom()
    below = panel.height() - missing.mapTo(panel, missing.rect().bottomLeft()).y()
    assert abs(above - below) <= 12, "as much room above as below"
    panel.hear(Progress(0.5))  # a late message of nobody's run
    assert panel.progress == 0


def test_the_machine_and_what_hindered_it_stand_beside_the_figures(panel: TimingPanel) -> None:
    limited = msgspec.structs.replace(
        read_machine(), blas=Blas("openblas", "0.3", "Haswell", 8), allowed=8, quota=0.5
    )
    crowded = Load(wall_s=2.0, core_s=16.0, others_s=7.36, periods=20, held=8)
    panel.begin(plan("numpy"), None, collector := Collector(plan("numpy")))
    for message in (Started(limited), Samples("numpy", 4, STEADY, 1, crowded)):
        collector.add(message)
        panel.hear(message)
    end(panel)
    assert "0.5 of them usable" in panel._caption.toolTip()
    assert "this container may use 0.5 of 8 cores, and was held back in 40 %" in seen(panel)
    assert "OPENBLAS_NUM_THREADS=1 comes nearest to it" in seen(panel)
    assert "other programs took 46 % of the cores" in seen(panel)


def test_backends_that_cannot_run_are_off_and_say_why_in_readable_words(panel: TimingPanel) -> None:
    assert panel.selected_backends() == ("loop", "numpy")
    assert "cupy" not in panel.controls.boxes
    more = panel.controls.who.more
    assert more.text() == "1 more …"
    menu = more.menu()
    assert menu is not None
    (entry,) = menu.actions()
    assert entry.text() == "CuPy: no GPU was found"
    entry.trigger()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "install a driver"
    assert "CuPy cannot run here: no GPU was found; install a driver" in seen(panel)


def test_a_click_takes_a_backend_out_and_a_new_survey_keeps_it_out(
    qtbot: QtBot, panel: TimingPanel
) -> None:
    panel.controls.boxes["loop"].setFocus()
    qtbot.keyClick(panel.controls.boxes["loop"], Qt.Key.Key_Space)
    assert panel.selected_backends() == ("numpy",)
    panel.show_view(TimingView(survey=SURVEY))
    assert panel.selected_backends() == ("numpy",)


def test_who_records_is_timed_once_it_is_chosen(qtbot: QtBot, panel: TimingPanel) -> None:
    tiles = Entry("cpu-tiles", Text("CPU tiles"), ("float32",), True)
    panel.show_view(TimingView(survey=(*SURVEY, tiles)))
    assert panel.selected_backends() == ("loop", "numpy")
    panel.controls.boxes["cpu-tiles"].setFocus()
    qtbot.keyClick(panel.controls.boxes["cpu-tiles"], Qt.Key.Key_Space)
    assert panel.selected_backends() == ("loop", "numpy", "cpu-tiles")
    panel.show_view(TimingView(survey=(*SURVEY, tiles)))
    assert panel.selected_backends() == ("loop", "numpy", "cpu-tiles")


def test_of_several_adapters_one_is_chosen_beside_the_backend(panel: TimingPanel) -> None:
    two = Entry("wgpu", Text("wgpu"), ("float32",), True, adapters=("GeForce", "llvmpipe"))
    panel.show_view(TimingView(survey=(*SURVEY, two)))
    assert panel.selected_backends() == ("loop", "numpy", "wgpu")
    menu = panel.controls.who.adapters["wgpu"].menu()
    assert menu is not None
    said = [action.text() for action in menu.actions()]
    assert said == ["the one a person would take: GeForce", "GeForce", "llvmpipe"]
    menu.actions()[2].trigger()
    assert panel.selected_backends() == ("loop", "numpy", "wgpu@llvmpipe")
    panel.show_view(TimingView(survey=SURVEY))
    panel.show_view(TimingView(survey=(*SURVEY, two)))
    assert panel.selected_backends() == ("loop", "numpy", "wgpu@llvmpipe"), "it stays chosen"
    one = Entry("wgpu", Text("wgpu"), ("float32",), True, adapters=("llvmpipe",))
    panel.show_view(TimingView(survey=(*SURVEY, one)))
    assert not panel.controls.who.adapters
    assert panel.selected_backends() == ("loop", "numpy", "wgpu"), "the other one is gone"


def test_of_many_backends_the_last_are_checked_in_the_menu_of_a_narrow_panel(
    panel: TimingPanel, qtbot: QtBot
) -> None:
    many = ("loop", "numpy", "wgpu", "torch", "onnxruntime")
    survey = tuple(Entry(id, Text(id), ("float32",), True) for id in many)
    panel.show_view(TimingView(survey=survey))
    panel.resize(1130, 300)
    boxes, more = panel.controls.boxes, panel.controls.who.more
    qtbot.waitUntil(lambda: all(box.isVisible() for box in boxes.values()))
    assert not more.isVisible()
    panel.resize(420, 300)
    qtbot.waitUntil(lambda: not boxes["onnxruntime"].isVisible() and boxes["loop"].isVisible())
    menu = more.menu()
    assert menu is not None
    entry = menu.actions()[-1]
    assert (entry.text(), entry.isChecked()) == ("ONNX Runtime", True)
    entry.trigger()
    assert panel.selected_backends() == many[:-1]
    panel.resize(1130, 300)
    qtbot.waitUntil(boxes["onnxruntime"].isVisible)
    assert not boxes["onnxruntime"].isChecked()


def test_the_real_survey_fits(panel: TimingPanel) -> None:
    panel.show_view(TimingView(survey=survey()))
    assert "numpy" in panel.selected_backends()


def test_seconds_are_typed_or_stepped_and_bounded(qtbot: QtBot, panel: TimingPanel) -> None:
    spin = panel.controls.spin
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "7.5")
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert panel.seconds == 7.5
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert panel.seconds == 8.5
    spin.setValue(0)
    assert panel.seconds > 0


def test_a_run_fills_table_chart_and_sentences(panel: TimingPanel) -> None:
    panel.begin(plan("loop", "numpy"), 0.033)
    assert panel.chart.repainting
    feed(panel, *RUN)
    assert panel.progress == 0.5
    assert len(panel.chart.series("numpy")) == 50
    feed(panel, *END)
    end(panel)
    assert panel.progress == 1.0
    assert not panel.chart.repainting, "nothing repaints when nothing runs"
    assert panel.table.text(0, "p50") == "est. 4 h"
    assert panel.table.text(1, "p50") == "100 ms"
    assert panel.table.text(1, "GFLOP/s") == "1.54e-5"
    assert "NumPy agrees with float64 to 3.1e-7 ✓" in seen(panel)
    assert "measured and estimated here · batch 4 · float32 · inference" in seen(panel)
    results = panel.results()
    assert results is not None
    assert results.runs[1].samples_s == tuple(STEADY)
    assert results.runs[0].estimated


def test_a_stopped_run_keeps_its_samples_and_says_so(panel: TimingPanel) -> None:
    panel.begin(plan("loop", "numpy"), None)
    feed(panel, *RUN)
    end(panel)
    assert "stopped at 50 %; what was measured until then stays" in seen(panel)
    assert panel.table.text(1, "p50") == "100 ms"
    panel.hear(Samples("numpy", 4, [9.0]))  # too late
    results = panel.results()
    assert results is not None
    assert results.runs[1].samples_s == tuple(STEADY)


def test_a_broken_run_says_why_first(panel: TimingPanel) -> None:
    panel.begin(plan("numpy"), None)
    feed(panel, Samples("numpy", 4, STEADY))
    end(panel, own("the timing process died: <b>signal 9</b>"))
    assert panel.notes[0].tone is Tone.FAILURE
    assert str(panel.notes[0].text) == "the timing process died: <b>signal 9</b>"
    assert "&lt;b&gt;" in seen(panel), "shown as text, not as markup"


def test_a_failed_backend_leaves_the_others(panel: TimingPanel) -> None:
    panel.begin(plan("loop", "numpy"), None)
    feed(panel, Failed("loop", 4, own("out of memory")), Samples("numpy", 4, STEADY), *END)
    end(panel)
    assert panel.table.text(0, "p50") == "no data"
    assert "Python for-loops: no data, out of memory" in seen(panel)
    assert panel.table.text(1, "p50") == "100 ms"


def test_a_run_without_a_sample_says_no_data(panel: TimingPanel) -> None:
    panel.begin(plan("numpy"), None)
    end(panel, own("the timing process could not be started: no such file"))
    assert "no data: no pass was timed" in seen(panel)


def run_of(batch: int, *samples: float) -> Timed:
    one = Run("numpy", batch, samples, stats=summarize(samples))
    results = Results(
        network=NETWORK.name, dtype="float32", training=False, seed=1, machine=None, runs=(one,)
    )
    return Timed(Pass(NETWORK, batch, "float32", False), results, NOTHING)


def test_a_run_of_another_pass_stays_and_says_what_it_was_of(panel: TimingPanel) -> None:
    runs = (run_of(4, *STEADY),)
    panel.show_view(view_of(Pass(NETWORK, 8, "float32", False), *runs))
    told = "measured of a small network, batch 4, float32, inference; the network has changed since"
    assert told in seen(panel)
    assert panel.results() is runs[0].results
    assert panel.table.text(0, "GFLOP/s") == "1.54e-5"
    panel.show_view(view_of(runs[0].of, *runs))
    assert "changed" not in seen(panel)
    assert "measured here · batch 4" in seen(panel)


def test_a_run_is_found_again_when_its_pass_comes_back(panel: TimingPanel) -> None:
    runs = (run_of(4, *STEADY), run_of(8, *[0.4] * 30))
    for run in reversed(runs):
        panel.show_view(view_of(run.of, *runs))
        assert panel.results() is run.results
        assert panel.chart.series("numpy").values.tolist() == list(run.results.runs[0].samples_s)
        assert not panel.chart.repainting
    drawn = panel.chart.series("numpy")
    panel.show_view(view_of(runs[0].of, *runs))
    assert panel.chart.series("numpy") is drawn


def test_an_edit_changes_nothing_while_an_old_run_is_shown() -> None:
    facts = Facts(runs=(run_of(4, *STEADY),), backends=SURVEY)
    first, second, back = (
        needed(Pass(NETWORK, b, "float32", False), None, facts) for b in (8, 9, 4)
    )
    assert first == second != back


def test_a_run_comes_back_with_its_pass_in_the_window(open_on: Callable[..., Controller]) -> None:
    controller = open_on("mlp", size=(1680, 1050))
    session = controller.session
    of = Pass(session.network, session.batch, session.dtype, session.training)
    results = replace(run_of(session.batch, *STEADY), of=of)
    controller.learn(controller.facts.with_run(results))
    panel = controller.window.timing
    assert "measured here" in seen(panel)
    controller.edit("", actions.set_batch, session.batch + 1)
    assert "the network has changed since" in seen(panel)
    controller.window.commands["undo"].trigger()
    assert "measured here" in seen(panel)
    assert panel.table.text(0, "p50") == "100 ms"


def test_another_language_is_spoken_at_once(panel: TimingPanel) -> None:
    run = run_of(4, *STEADY)
    panel.show_view(view_of(run.of, run))
    marked = Words("xx", lambda msgid, many, n: "~" + source(msgid, many, n))
    for part in (panel, panel.controls, panel.table, panel.chart):
        part.set_words(marked)
    assert "~batch ~4" in seen(panel)
    assert "~seconds each" in seen(panel)
    assert panel.table.model().headerData(0, Qt.Orientation.Horizontal) == "~backend"
    assert panel.table.text(0, "p50") == "~100 ms"


def test_a_second_run_starts_from_nothing(panel: TimingPanel) -> None:
    for samples in ([0.1] * 30, [0.4] * 25):
        panel.begin(plan("numpy"), None)
        feed(panel, Samples("numpy", 4, samples), *END)
        end(panel)
    assert panel.table.text(0, "p50") == "400 ms"
    assert len(panel.chart.series("numpy")) == 25


def test_the_chart_follows_the_batch_that_is_timed(panel: TimingPanel) -> None:
    panel.begin(plan("numpy", batches=(1, 4)), None)
    feed(panel, Samples("numpy", 1, [0.1] * 30))
    feed(panel, Samples("numpy", 4, [0.2] * 25))
    assert len(panel.chart.series("numpy")) == 25
    end(panel)
    assert [tuple(map(str, row.cells[:3])) for row in panel.table.rows] == [
        ("NumPy", "1", "100 ms"),
        ("NumPy", "4", "200 ms"),
    ]


# --- what it looks like --------------------------------------------------------------------------


def colours_of(chart: LiveChart) -> set[str]:
    """Colours of all pixels of the plot, thinned horizontally."""
    image = chart.grab().toImage()
    return {
        image.pixelColor(x, y).name()
        for y in range(image.height())
        for x in range(0, image.width(), 7)
    }


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_median_is_drawn_in_the_backends_colour_on_the_themes_ground(
    panel: TimingPanel, theme: object
) -> None:
    panel.set_theme(theme)
    panel.begin(plan("numpy"), None)
    feed(panel, Samples("numpy", 4, STEADY))
    found = colours_of(panel.chart)
    assert theme.panel in found
    assert backend_colour(theme, "numpy") in found
    assert backend_colour(theme, "loop") not in found


def test_the_axis_is_logarithmic_and_speaks_of_time(panel: TimingPanel) -> None:
    panel.begin(plan("loop", "numpy"), None)
    feed(panel, Samples("numpy", 4, [1e-3] * 30), Samples("loop", 4, [0.5] * 5))
    ((low, high),) = (panel.chart._plot.viewRange()[1],)
    assert low < -3 < np.log10(0.5) < high
    texts = [text for _, text in panel.chart._axis._tickLevels[0]]
    assert texts == ["1 ms", "10 ms", "100 ms", "1 s"]


@pytest.mark.parametrize("height", [150, 230])
@pytest.mark.parametrize("seconds", [211.6, 60.0, 3.0, 40_000.0])
def test_an_estimate_alone_has_two_labels_beside_its_axis(
    panel: TimingPanel, seconds: float, height: int
) -> None:
    panel.resize(1130, height)
    panel.begin(plan("loop"), None)
    feed(panel, Estimate("loop", 4, seconds, 0.1))
    panel.chart.grab()  # lays the axis out
    axis = panel.chart._axis
    picture = QPicture()
    painter = QPainter(picture)
    drawn = axis.generateDrawSpecs(painter)
    painter.end()
    assert drawn is not None
    assert len([text for _, _, text in drawn[2] if text]) >= 2


def test_nothing_is_redrawn_without_new_data(panel: TimingPanel, qtbot: QtBot) -> None:
    panel.begin(plan("numpy"), None)
    feed(panel, Samples("numpy", 4, STEADY))
    track, drawn = panel.chart._tracks["numpy"], []
    original = track.redraw
    track.redraw = lambda whole: (drawn.append(whole), original(whole))  # type: ignore[method-assign]
    qtbot.wait(120)
    assert drawn == []
    panel.hear(Samples("numpy", 4, [0.1]))
    qtbot.waitUntil(lambda: len(drawn) == 1, timeout=PATIENCE_MS)


@pytest.mark.parametrize("width", [1130, 800])
def test_names_and_figures_are_never_cut_and_columns_stand_still(
    panel: TimingPanel, width: int
) -> None:
    panel.resize(width, 190)
    panel.begin(plan("loop", "numpy"), None)
    feed(panel, *RUN, *END)
    panel._refresh()
    table = panel.table
    before = [table.columnWidth(i) for i in range(len(IDS))]
    for row in range(2):
        for column in range(len(IDS)):
            if not table.isColumnHidden(column):
                text = table.model().index(row, column).data()
                needed = table.fontMetrics().horizontalAdvance(text)
                assert needed <= table.columnWidth(column) + 4, text
    assert table.width() + panel.chart.width() < width
    assert not table.isColumnHidden(IDS.index("p50"))
    feed(panel, Samples("numpy", 4, [1234.5] * 500))
    panel._refresh()
    assert [table.columnWidth(i) for i in range(len(IDS))] == before


def test_in_a_low_panel_the_reasons_give_way_to_the_button(qtbot: QtBot) -> None:
    holder, seen_at = QWidget(), []
    qtbot.addWidget(holder)
    page = EmptyPage(holder)
    page.show_view(TimingView(), (Text("CuPy cannot run here: a reason"),), running=False)
    holder.resize(800, 200)
    holder.show()
    for height in range(70, 200, 5):
        page.resize(800, height)
        QApplication.processEvents()
        parts = [part for part in (page.hint, page.offers, page.missing) if part.isVisible()]
        assert parts[:2] == [page.hint, page.offers]
        seen_at.append(page.missing in parts)
        for part in parts:
            assert part.height() >= part.sizeHint().height(), height
            assert page.rect().contains(part.geometry()), height
        for above, below in pairwise(parts):
            assert above.geometry().bottom() < below.geometry().top(), height
    assert seen_at == sorted(seen_at), "once there is room they stay"
    assert len(set(seen_at)) == 2


def test_a_column_without_a_value_in_any_row_goes_once_the_run_is_over(panel: TimingPanel) -> None:
    panel.resize(1400, 190)
    panel.begin(plan("numpy"), None)
    feed(panel, Samples("numpy", 4, [0.1] * 3))  # too few for a p99, and nothing was compared
    panel._refresh()
    assert not panel.table.isColumnHidden(IDS.index("p99")), "it may come"
    end(panel)
    shown = {name for i, name in enumerate(IDS) if not panel.table.isColumnHidden(i)}
    assert "p50" in shown
    for name in IDS[1:]:
        says = any(panel.table.text(row, name) != "—" for row in range(len(panel.table.rows)))
        assert says or name not in shown, name


def test_several_batches_keep_their_column_in_a_narrow_window(panel: TimingPanel) -> None:
    panel.resize(800, 190)
    panel.begin(plan("numpy", batches=(1, 4)), None)
    assert not panel.table.isColumnHidden(IDS.index("batch"))


def test_every_control_is_reachable_by_key_and_has_a_name(panel: TimingPanel) -> None:
    controls: list[QWidget] = [
        *panel.findChildren(QCheckBox),
        *panel.findChildren(QAbstractSpinBox),
        panel.controls.who.more,
    ]
    assert len(controls) == 4
    for control in controls:
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert panel.table.accessibleName()
    assert panel.chart.accessibleName()


def test_clicks_do_not_move_the_chart(qtbot: QtBot, panel: TimingPanel) -> None:
    panel.begin(plan("numpy"), None)
    feed(panel, Samples("numpy", 4, STEADY))
    before = panel.chart._plot.viewRange()
    middle = panel.chart.rect().center()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        qtbot.mouseClick(panel.chart._view.viewport(), button, pos=middle)
        qtbot.mouseDClick(panel.chart._view.viewport(), button, pos=middle)
    assert panel.chart._plot.viewRange() == before


# --- with the real child -------------------------------------------------------------------------


@pytest.fixture
def wired(panel: TimingPanel) -> Iterator[tuple[TimingPanel, WorkerProcess]]:
    worker = WorkerProcess()
    worker.message.connect(panel.hear)
    worker.ended.connect(lambda reason: end(panel, reason))
    yield panel, worker
    worker.close()
    worker.deleteLater()


def run(wired: tuple[TimingPanel, WorkerProcess], seconds: float, *backends: str) -> None:
    panel, worker = wired
    asked = plan(*backends, seconds=seconds)
    panel.begin(asked, None)
    worker.start(asked)


def test_numpy_and_the_loop_are_timed_live_to_the_end(
    qtbot: QtBot, wired: tuple[TimingPanel, WorkerProcess]
) -> None:
    panel, worker = wired
    run(wired, 0.2, "loop", "numpy")
    qtbot.waitUntil(lambda: not worker.running, timeout=PATIENCE_MS)
    assert panel.progress == 1.0
    assert "all agree with float64" in seen(panel)
    results = panel.results()
    assert results is not None
    assert results.machine is not None
    assert [bool(run.samples_s) for run in results.runs] == [True, True]
    assert panel.table.text(0, "× slowest") == "1.00", "the loop is the slowest"


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_killed_child_leaves_the_window_and_the_samples(
    qtbot: QtBot, wired: tuple[TimingPanel, WorkerProcess]
) -> None:
    panel, worker = wired
    run(wired, 600.0, "numpy")
    qtbot.waitUntil(lambda: len(panel.chart.series("numpy")) > 0, timeout=PATIENCE_MS)
    os.kill(worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not worker.running, timeout=PATIENCE_MS)
    assert "killed by signal 9" in str(panel.notes[0].text)
    results = panel.results()
    assert results is not None
    assert results.runs[0].samples_s


def test_a_cancelled_run_stays_on_screen(
    qtbot: QtBot, wired: tuple[TimingPanel, WorkerProcess]
) -> None:
    panel, worker = wired
    run(wired, 600.0, "numpy")
    qtbot.waitUntil(lambda: len(panel.chart.series("numpy")) > 0, timeout=PATIENCE_MS)
    worker.cancel()
    qtbot.waitUntil(lambda: not worker.running, timeout=PATIENCE_MS)
    assert "stopped at" in seen(panel)
    assert panel.table.text(0, "p50") != "no data"
