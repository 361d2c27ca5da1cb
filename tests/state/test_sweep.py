"""What is swept of a session, and what a sweep says in words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from mmviz import units
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.device.device import Device
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.time.setup import Pass, Setup
from mmviz.core.time.sweep import MAX_POINTS, PARTS_OF_TIME, Points, Sweep, points_of, sweep
from mmviz.core.time.sweep_marks import SEEN, fastest, steps
from mmviz.core.verdict import Figure, judge
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.networks import read_preset
from mmviz.state.actions import enter, set_batch, set_sweep, set_units
from mmviz.state.facts import Facts, Timed
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.chart import SweepChart, budget_seen, caption, grid, thinned
from mmviz.state.sweep.choice import BOTH, WIDTH, SweepChoice, following, settled
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.points import GRID_SIDE, measured_at, now_at, points_for
from mmviz.state.sweep.values import EXAMPLE, PASS, PEAK
from mmviz.state.sweep.view import Question, sweep_view
from mmviz.text import NOTHING, Text
from mmviz.words.sweep import (
    budget_text,
    compute_bound_text,
    error_text,
    reading,
    summary_lines,
)

SESSION = Session(network=from_widths((1000, 2000, 10)), batch=100)


def swept(points: Points, device: Device, dtype: str, tile: tuple[int, int] | None = None) -> Sweep:
    return sweep(points, Setup(points.network, device, dtype=dtype, tile=tile))


def plain(text: Text | str) -> str:
    return str(text).replace(units.THIN, " ")


def priced(first: int = 1, last: int = 3000, device: str = "a100") -> Sweep:
    points = points_of(from_widths((8192, 8192)), range(first, last + 1))
    return swept(points, read_device(device), "float16", (128, 128))


def test_the_range_suits_the_session_and_holds_its_point() -> None:
    choice = settled(SweepChoice(), SESSION.timed)
    assert choice.batches == (1, 2048)
    points = points_for(SESSION.timed, choice)
    assert points.batches.tolist() == list(range(1, 2049))
    now = now_at(points, SESSION.timed)
    assert now is not None
    assert points.batches[now] == 100
    large = replace(SESSION, batch=3000)
    assert settled(SweepChoice(), large.timed).batches == (1, 8192)
    assert now_at(points, large.timed) is None


def test_width_and_both() -> None:
    width = settled(SweepChoice(axis=WIDTH, layer=0), SESSION.timed)
    points = points_for(SESSION.timed, width)
    assert points.layer == 0
    assert set(points.batches.tolist()) == {100}
    assert points.widths is not None
    assert points.widths.tolist() == list(range(1, 4097))
    both = points_for(SESSION.timed, replace(width, axis=BOTH))
    assert len(both) <= (GRID_SIDE + 1) ** 2 <= MAX_POINTS
    now = now_at(both, SESSION.timed)
    assert now is not None
    assert (both.batches[now], both.width(now)) == (100, 2000)
    assert both.at(now).widths == (1000, 2000, 10)


def test_a_long_range_keeps_the_edges_of_tiles() -> None:
    choice = settled(SweepChoice(batches=(1, 2**24)), SESSION.timed)
    points = points_for(SESSION.timed, choice)
    assert len(points) <= MAX_POINTS
    found = set(points.batches.tolist())
    inner = [x for x in found if x % 4096 == 0 and x < 2**24]
    assert found >= {2**i for i in range(25)}  # these are timed
    assert inner
    assert all(x + 1 in found for x in inner)


def test_ranges_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError, match="the batch of a sweep begin at 9, above their end 4"):
        points_for(SESSION.timed, replace(settled(SweepChoice(), SESSION.timed), batches=(9, 4)))
    listed = open_file(read_preset("gpt2-small"))
    with pytest.raises(InputError, match="list of products"):
        settled(SweepChoice(), listed.timed)
    gated = Session(network=Network("g", 8, (Dense(16, "swiglu"), Dense(8, "linear"))))
    choice = settled(SweepChoice(axis=WIDTH, widths=(5, 5)), gated.timed)
    with pytest.raises(InputError, match="even number of units, and the range has none"):
        points_for(gated.timed, choice)
    even = points_for(gated.timed, replace(choice, widths=(5, 12))).widths
    assert even is not None
    assert even.tolist() == [6, 8, 10, 12]


def test_a_layer_that_is_gone_is_the_last_one() -> None:
    assert settled(SweepChoice(axis=WIDTH, layer=7), SESSION.timed).layer == 1


def test_entering_a_point_sets_batch_and_width_at_once() -> None:
    found = enter(SESSION, 64, 0, 512)
    assert (found.batch, found.layered.layers[0].units) == (64, 512)
    assert enter(SESSION, 64, None, None).network == SESSION.network
    assert enter(SESSION, 100, None, None) is SESSION


def run(batch: int, seconds: float = 1e-3, backend: str = "numpy") -> Run:
    samples = (seconds, 2 * seconds, 3 * seconds)
    return Run(backend, batch, samples, stats=summarize(samples))


def timed(network: Network, dtype: str, training: bool, one: Run) -> Timed:
    results = Results(
        network=network.name, dtype=dtype, training=training, seed=1, machine=None, runs=(one,)
    )
    return Timed(Pass(network, one.batch, dtype, training), results, NOTHING)


def test_runs_of_a_session_become_a_curve() -> None:
    network = SESSION.layered
    renamed = replace(network, name="another name")
    runs = [timed(renamed, "float32", False, run(b)) for b in (256, 1, 64)] + [
        timed(network, "float16", False, run(8)),
        timed(network, "float32", True, run(8)),
        timed(network.with_units(0, 64), "float32", False, run(8)),
        timed(network, "float32", False, Run("loop", 4, ())),
        timed(network, "float32", False, run(100_000)),
    ]
    points = points_of(network, range(1, 2049))
    found = measured_at(points, "float32", runs)
    assert sorted(point.run.batch for point in found) == [1, 64, 256]
    (curve,) = curves_of(swept(points, read_device("h100"), "float32"), found)
    assert curve.x.tolist() == [1.0, 64.0, 256.0]
    assert curve.p50.tolist() == [2e-3] * 3
    assert curve.scaled(EXAMPLE)[1].tolist() == [2e-3, 2e-3 / 64, 2e-3 / 256]
    widths = points_of(network, (8,), False, 0, (32, 64, 128))
    (wide,) = measured_at(widths, "float32", runs)
    assert (wide.width, wide.run.batch) == (64, 8)


def test_a_newer_run_takes_the_place_of_an_older_one() -> None:
    network = SESSION.layered
    old = timed(network, "float32", False, run(8, 1.0))
    new = timed(replace(network, name="x"), "float32", False, run(8, 2.0))
    points = points_of(network, range(1, 2049))
    (found,) = measured_at(points, "float32", (old, new))
    assert found.run.samples_s[0] == 2.0


def test_a_range_once_shown_stays_while_the_session_is_within_it() -> None:
    session = replace(SESSION, batch=1025)
    for batch, reach in ((1024, 4096), (1, 4096), (4096, 4096), (4097, 16384), (128, 16384)):
        session = set_batch(session, batch)
        assert settled(session.sweep, session.timed).batches == (1, reach)
    wide = set_sweep(SESSION, SweepChoice(axis=WIDTH, layer=0, widths=(1, 2048)))
    assert set_units(wide, 0, 1000).sweep == wide.sweep
    assert settled(set_units(wide, 0, 3000).sweep, Pass(from_widths((8, 3000)), 1, "x", False))
    assert set_units(wide, 0, 3000).sweep.widths == (0, 0)


def test_what_is_swept_follows_the_network() -> None:
    choice = SweepChoice(axis=WIDTH, layer=1, widths=(1, 64))
    other = Pass(from_widths((8, 16)), 4, "float32", False)
    found = following(choice, SESSION.timed, other)
    assert (found.axis, found.layer, found.widths) == (WIDTH, 0, (0, 0))
    listed = open_file(read_preset("gpt2-small"))
    assert following(choice, SESSION.timed, listed.timed).layer == 0
    assert following(choice, listed.timed, listed.timed).axis == WIDTH
    opened = open_file(read_preset("alexnet"), replace(SESSION, sweep=SweepChoice(axis=BOTH)))
    assert opened.sweep.axis == BOTH


def test_a_sweep_that_makes_no_sense_is_refused_when_it_is_chosen() -> None:
    with pytest.raises(InputError, match="begin at 9, above their end 4"):
        set_sweep(SESSION, SweepChoice(batches=(9, 4)))
    assert set_sweep(SESSION, SweepChoice(batches=(4, 9))).sweep.batches == (4, 9)


def test_the_view_asks_what_is_to_be_priced_and_knows_what_was_measured() -> None:
    network, device = SESSION.layered, read_device("h100")
    facts = Facts().with_run(timed(network, "float32", False, run(64)))
    setup = Setup(network, device, 100)
    view = sweep_view(setup, SweepChoice(), None, facts.runs)
    assert view.question == Question.of(points_of(network, range(1, 2049)), setup)
    assert hash(view.question) == hash(Question.of(points_of(network, range(1, 2049)), setup))
    assert view.question != Question.of(points_of(network, range(1, 2048)), setup)
    assert [point.run.batch for point in view.measured] == [64]
    assert (view.now, str(view.device), view.missing) == (99, device.name, NOTHING)
    unsound = sweep_view(setup, SweepChoice(batches=(9, 4)), None, ())
    assert unsound.question is None
    assert "begin at 9" in str(unsound.missing)
    listed = open_file(read_preset("gpt2-small"))
    nothing = sweep_view(Setup(listed.network, device), SweepChoice(), None, ())
    assert (nothing.question, nothing.layers) == (None, ())
    assert "neither batch nor layers" in str(nothing.missing)


def test_steps_are_where_waves_begin() -> None:
    found = priced()
    assert [(found.points.batches[s.point] - 1) % 128 for s in steps(found)] == [0] * len(
        steps(found)
    )
    waves = [int(found.waves[s.point] - found.waves[s.before]) for s in steps(found)]
    assert set(waves) == {0, 1}
    assert all("tile" in dict(step.causes) for step in steps(found))  # a row of tiles begins
    assert all(s.gain > 0 for s in steps(found))


@pytest.mark.parametrize(
    ("widths", "device", "dtype"),
    [
        ((4096, 11008, 4096), "rtx4090", "float32"),
        ((4096, 11008, 4096), "rtx4090", "float16"),
        ((9216, 4096, 4096, 1000), "a100", "bfloat16"),
    ],
)
def test_no_larger_step_is_left_out(widths: tuple[int, ...], device: str, dtype: str) -> None:
    """Also where another tile is chosen, so that the waves become fewer."""
    network = from_widths(widths)
    found = sweep(
        points_of(network, range(1, 1025)), Setup(network, read_device(device), dtype=dtype)
    )
    told = steps(found)
    grown = found.seconds[1:] / found.seconds[:-1] - 1
    assert [s.gain for s in told] == sorted((s.gain for s in told), reverse=True)
    assert [s.gain for s in told] == pytest.approx(np.sort(grown)[::-1][: len(told)].tolist())
    for step in told:  # what most of the growth is, counted anew
        more = found.causes[:, step.point] - found.causes[:, step.before]
        assert PARTS_OF_TIME[int(more.argmax())] == step.causes[0][0]
        assert more.max() == pytest.approx(step.causes[0][1] * found.seconds[step.before])
        assert more.sum() == pytest.approx(step.gain * found.seconds[step.before])


@pytest.mark.parametrize("device", ["rtx4090", "a100", "h100", "v100"])
@pytest.mark.parametrize("training", [False, True])
def test_what_is_said_of_a_step_sums_up_to_it(device: str, training: bool) -> None:
    """At 64 → 65 a row of tiles is hidden behind the memory: 19 % of it made no step of 7 %."""
    network = from_widths((4096, 11008, 4096))
    setup = Setup(network, read_device(device), dtype="float16")
    found = sweep(points_of(network, range(1, 700), training), setup)
    for part in (found.parts, found.causes):
        assert part.sum(axis=0) == pytest.approx(found.seconds)
    told = steps(found)
    assert told
    for step in told:
        listed = sum(more for _, more in step.causes) + step.rest
        assert listed == pytest.approx(step.gain, rel=SEEN)
        assert abs(step.rest) < max(step.gain / 3, step.causes[0][1])
    lines = [line for line in map(plain, map(str, summary_lines(found))) if "→" in line]
    for line in lines:
        gain = float(line.split(": +")[1].split(" %")[0])
        amounts = re.findall(r", [a-z ]+ ([+−])(\S+) %", line)
        if amounts:
            total = sum(float(x) * (1 if sign == "+" else -1) for sign, x in amounts)
            assert total == pytest.approx(gain, rel=SEEN, abs=1.6)  # of two digits each


def test_more_to_compute_is_no_step_and_alignment_is_told_once() -> None:
    network = from_widths((9216, 4096, 4096, 1000))
    setup = Setup(network, read_device("a100"), dtype="float16")
    coarse = sweep(points_of(network, range(2048, 65536, 2048)), setup)
    assert len(steps(coarse)) < 3  # though each point takes up to twice the time of the last
    wide = sweep(points_of(network, (128,), False, 0, range(1024, 4097)), setup)
    first = steps(wide)[0]
    assert [s.causes[0][0] for s in steps(wide)].count("alignment") == 1
    said = plain("\n".join(map(str, summary_lines(wide))))
    line = next(line for line in said.splitlines() if "smaller steps" in line)
    assert ", alignment +" in line
    assert line.endswith(f"; and {first.others:,} smaller steps like it".replace(",", " "))


def test_the_words_of_a_sweep() -> None:
    found = priced()
    text = plain("\n".join(map(str, summary_lines(found, 1e-3))))
    best = fastest(found)
    assert best is not None
    assert found.per_example[best] == np.nanmin(found.per_example)
    assert (
        f"fastest per example: batch {plain(units.group(int(found.points.batches[best])))}" in text
    )
    assert "compute-bound, every product of the pass, from batch 159 on" in text
    assert "budget 1.00 ms: largest batch" in text
    assert str(budget_text(found, 1e-9)) == "budget 1.00 ns: no point is within it"
    within = found.seconds <= 1e-3
    largest = int(found.points.batches[within].max())
    assert plain(budget_text(found, 1e-3)).endswith(f"largest batch {largest:,}".replace(",", " "))
    assert "batch 1 280" in plain(", ".join(map(str, reading(found, 1279))))


def test_only_beyond_its_error_is_a_point_called_the_fastest() -> None:
    found = sweep_of("rtx4090", "float16")
    fast, close = (plain(line) for line in summary_lines(found)[:2])
    assert fast.startswith("fastest per example: batch 1 024, ")
    assert close.startswith("  too close to call with it: ")
    best = fastest(found)
    assert best is not None
    at = int(close.split("batch ")[1].split(" to ")[0].replace(" ", ""))
    within = {int(batch): i for i, batch in enumerate(found.points.batches)}
    for batch, near in ((at, True), (at - 1, False)):
        figures = (
            Figure(float(found.per_example[i]), float(found.error[i]))
            for i in (within[batch], best)
        )
        assert (judge(*figures).better is None) == near
    unknown = [plain(line) for line in summary_lines(sweep_of("mi300x", "bfloat16"))]
    assert unknown[0].startswith("least time per example, error unknown: batch ")
    assert not any("too close" in line or "fastest" in line for line in unknown)


def sweep_of(device: str, dtype: str) -> Sweep:
    """Two layers of a language model at every batch up to 1,024."""
    network = from_widths((4096, 11008, 4096))
    return sweep(
        points_of(network, range(1, 1025)), Setup(network, read_device(device), dtype=dtype)
    )


def test_waves_of_several_products_are_told_as_a_sum() -> None:
    one = plain("\n".join(map(str, summary_lines(priced()))))
    assert "; 3 → 4 waves\n" in one
    assert "waves of all products" not in one
    points = points_of(from_widths((8192, 8192, 8192)), range(1, 3001))
    both = plain(
        "\n".join(
            map(str, summary_lines(swept(points, read_device("a100"), "float16", (128, 128))))
        )
    )
    assert "waves of all products" in both
    assert " waves," not in both


def test_compute_bound_has_every_case() -> None:
    assert (
        str(compute_bound_text(priced(500, 600))) == "every product is compute-bound at every point"
    )
    assert str(compute_bound_text(priced(1, 100))) == "every product is memory-bound at every point"
    network = from_widths((8192, 8192, 64))
    some = swept(points_of(network, (400, 500)), read_device("a100"), "float16", (128, 128))
    assert (
        str(compute_bound_text(some)) == "at every point 1 or more of 2 products are memory-bound"
    )
    unknown = swept(points_of(from_widths((4, 4)), (1, 2)), read_device("lanes-16"), "float32")
    assert str(compute_bound_text(unknown)) == "bound by memory or compute: no data"
    assert "no data: lanes have no clock" in str(summary_lines(unknown)[0])
    assert str(reading(unknown, 0)[1]).startswith("no data")
    assert fastest(unknown) is None
    assert steps(unknown) == ()


def test_an_unknown_error_is_said() -> None:
    assert str(error_text(None)) == "error unknown"
    assert str(error_text(float("nan"))) == "error unknown"
    assert str(error_text(0.0593)) == "± 5.9 %"


def test_the_chart_knows_its_axes_and_its_budget() -> None:
    found = priced()
    chart = SweepChart(found, "A100", "float16", 1e-3)
    assert (chart.heat, chart.log_y) == (False, False)
    assert chart.showing(EXAMPLE, log_x=False).log_y
    assert chart.showing(PASS, log_x=True).log_y
    assert not chart.showing(PEAK, log_x=True).log_y
    budget = chart.showing(EXAMPLE, log_x=True).budget
    assert budget is not None
    assert budget[9] == 1e-4
    assert budget_seen(chart)
    assert not budget_seen(replace(chart, budget_s=1.0))  # far above a linear axis
    assert budget_seen(replace(chart, budget_s=1.0, log_x=True))
    assert "predicted for A100, ± " in str(caption(chart))
    assert "lighter = more" not in str(caption(chart))


def test_a_grid_has_its_sides() -> None:
    points = points_of(from_widths((64, 64)), (8, 16, 32), False, 0, (64, 128))
    found = swept(points, read_device("h100"), "bfloat16")
    batches, widths = grid(found)
    assert (batches.tolist(), widths.tolist()) == ([8, 16, 32], [64, 128])
    assert SweepChart(found, "H100", "bfloat16").heat
    assert curves_of(found, ()) == ()
    with pytest.raises(ValueError, match="only a sweep over both"):
        grid(priced(1, 3))


def test_thinning_keeps_every_low_and_high() -> None:
    x = np.linspace(0, 100, 5001)
    y = np.where(np.arange(5001) % 7 == 0, 10.0, 1.0)
    at, low, high = thinned(x, y, y)
    assert len(at) <= 101
    assert (low[:-1] == 1.0).all()
    assert (high[:-1] == 10.0).all()
    assert (np.diff(at) > 0).all()
    few = thinned(x[:3] * 100, y[:3], y[:3])
    assert few[0].tolist() == (x[:3] * 100).tolist()
