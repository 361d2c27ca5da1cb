"""What is swept of a session, and what a sweep says in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz import units
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.time.sweep import MAX_POINTS, Sweep, points_of, sweep
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.networks import read_preset
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.chart import (
    EXAMPLE,
    PASS,
    PEAK,
    SweepChart,
    budget_seen,
    caption,
    curves_of,
    grid,
    thinned,
)
from mmviz.state.sweep.choice import (
    BOTH,
    GRID_SIDE,
    WIDTH,
    Measured,
    SweepChoice,
    enter,
    kept,
    measured_at,
    now_at,
    points_for,
    settled,
)
from mmviz.state.sweep.words import (
    budget_text,
    compute_bound_text,
    error_text,
    fastest,
    reading,
    steps,
    summary_lines,
)

SESSION = Session(network=from_widths((1000, 2000, 10)), batch=100)


def plain(text: str) -> str:
    return text.replace(units.THIN, " ")


def priced(first: int = 1, last: int = 3000, device: str = "a100") -> Sweep:
    points = points_of(from_widths((8192, 8192)), range(first, last + 1))
    return sweep(points, read_device(device), "float16", (128, 128))


def test_the_range_suits_the_session_and_holds_its_point() -> None:
    choice = settled(SweepChoice(), SESSION)
    assert choice.batches == (1, 2048)
    points = points_for(SESSION, choice)
    assert points.batches.tolist() == list(range(1, 2049))
    now = now_at(points, SESSION)
    assert now is not None
    assert points.batches[now] == 100
    large = replace(SESSION, batch=3000)
    assert settled(SweepChoice(), large).batches == (1, 8192)
    assert now_at(points, large) is None


def test_width_and_both() -> None:
    width = settled(SweepChoice(axis=WIDTH, layer=0), SESSION)
    points = points_for(SESSION, width)
    assert points.layer == 0
    assert set(points.batches.tolist()) == {100}
    assert points.widths is not None
    assert points.widths.tolist() == list(range(1, 4097))
    both = points_for(SESSION, replace(width, axis=BOTH))
    assert len(both) <= (GRID_SIDE + 1) ** 2 <= MAX_POINTS
    now = now_at(both, SESSION)
    assert now is not None
    assert (both.batches[now], both.width(now)) == (100, 2000)
    assert both.at(now).widths == (1000, 2000, 10)


def test_a_long_range_keeps_the_edges_of_tiles() -> None:
    choice = settled(SweepChoice(batches=(1, 2**24)), SESSION)
    points = points_for(SESSION, choice)
    assert len(points) <= MAX_POINTS
    found = set(points.batches.tolist())
    inner = [x for x in found if x % 2048 == 0 and x < 2**24]
    assert inner
    assert all(x + 1 in found for x in inner)


def test_ranges_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError, match="the batch of a sweep begin at 9, above their end 4"):
        points_for(SESSION, replace(settled(SweepChoice(), SESSION), batches=(9, 4)))
    listed = open_file(read_preset("gpt2-small"))
    with pytest.raises(InputError, match="list of products"):
        settled(SweepChoice(), listed)
    gated = Session(network=Network("g", 8, (Dense(16, "swiglu"), Dense(8, "linear"))))
    choice = settled(SweepChoice(axis=WIDTH, widths=(5, 5)), gated)
    with pytest.raises(InputError, match="even number of units, and the range has none"):
        points_for(gated, choice)
    even = points_for(gated, replace(choice, widths=(5, 12))).widths
    assert even is not None
    assert even.tolist() == [6, 8, 10, 12]


def test_a_layer_that_is_gone_is_the_last_one() -> None:
    assert settled(SweepChoice(axis=WIDTH, layer=7), SESSION).layer == 1


def test_entering_a_point_sets_batch_and_width_at_once() -> None:
    found = enter(SESSION, 64, 0, 512)
    assert (found.batch, found.layered.layers[0].units) == (64, 512)
    assert enter(SESSION, 64, None, None).network == SESSION.network
    assert enter(SESSION, 100, None, None) is SESSION


def run(batch: int, seconds: float = 1e-3, backend: str = "numpy") -> Run:
    samples = (seconds, 2 * seconds, 3 * seconds)
    return Run(backend, batch, samples, stats=summarize(samples))


def test_runs_of_a_session_become_a_curve() -> None:
    network = SESSION.layered
    renamed = replace(network, name="another name")
    records = kept(
        (),
        [Measured(renamed, "float32", False, run(b)) for b in (256, 1, 64)]
        + [
            Measured(network, "float16", False, run(8)),
            Measured(network, "float32", True, run(8)),
            Measured(network.with_units(0, 64), "float32", False, run(8)),
            Measured(network, "float32", False, Run("loop", 4, ())),
            Measured(network, "float32", False, run(100_000)),
        ],
    )
    points = points_of(network, range(1, 2049))
    found = measured_at(points, "float32", records)
    assert sorted(point.run.batch for point in found) == [1, 64, 256]
    (curve,) = curves_of(sweep(points, read_device("h100"), "float32"), found)
    assert curve.x.tolist() == [1.0, 64.0, 256.0]
    assert curve.p50.tolist() == [2e-3] * 3
    assert curve.scaled(EXAMPLE)[1].tolist() == [2e-3, 2e-3 / 64, 2e-3 / 256]
    widths = points_of(network, (8,), False, 0, (32, 64, 128))
    (wide,) = measured_at(widths, "float32", records)
    assert (wide.width, wide.run.batch) == (64, 8)


def test_a_newer_run_takes_the_place_of_an_older_one() -> None:
    network = SESSION.layered
    old = kept((), [Measured(network, "float32", False, run(8, 1.0))])
    new = kept(old, [Measured(replace(network, name="x"), "float32", False, run(8, 2.0))])
    assert [record.run.samples_s[0] for record in new] == [2.0]


def test_steps_are_where_waves_begin() -> None:
    found = priced()
    assert [(found.points.batches[s.point] - 1) % 128 for s in steps(found)] == [0] * len(
        steps(found)
    )
    waves = [int(found.waves[s.point] - found.waves[s.before]) for s in steps(found)]
    assert waves == [1] * len(waves)
    assert all(s.gain > 0 for s in steps(found))
    assert [s.point for s in steps(found)] == sorted(s.point for s in steps(found))


def test_the_words_of_a_sweep() -> None:
    found = priced()
    text = plain("\n".join(summary_lines(found, 1e-3)))
    best = fastest(found)
    assert best is not None
    assert found.per_example[best] == np.nanmin(found.per_example)
    assert (
        f"fastest per example: batch {plain(units.group(int(found.points.batches[best])))}" in text
    )
    assert "compute-bound, every product of the pass, from batch 159 on" in text
    assert "budget 1.00 ms: largest batch" in text
    assert budget_text(found, 1e-9) == "budget 1.00 ns: no point is within it"
    within = found.seconds <= 1e-3
    largest = int(found.points.batches[within].max())
    assert plain(budget_text(found, 1e-3)).endswith(f"largest batch {largest:,}".replace(",", " "))
    assert "batch 1 280" in plain(", ".join(reading(found, 1279)))


def test_waves_of_several_products_are_told_as_a_sum() -> None:
    one = plain("\n".join(summary_lines(priced())))
    assert "3 → 4 waves," in one
    assert "waves of all products" not in one
    points = points_of(from_widths((8192, 8192, 8192)), range(1, 3001))
    both = plain(
        "\n".join(summary_lines(sweep(points, read_device("a100"), "float16", (128, 128))))
    )
    assert "waves of all products" in both
    assert " waves," not in both


def test_compute_bound_has_every_case() -> None:
    assert compute_bound_text(priced(500, 600)) == "every product is compute-bound at every point"
    assert compute_bound_text(priced(1, 100)) == "every product is memory-bound at every point"
    network = from_widths((8192, 8192, 64))
    some = sweep(points_of(network, (400, 500)), read_device("a100"), "float16", (128, 128))
    assert compute_bound_text(some) == "at every point 1 or more of 2 products are memory-bound"
    unknown = sweep(points_of(from_widths((4, 4)), (1, 2)), read_device("lanes-16"), "float32")
    assert compute_bound_text(unknown) == "bound by memory or compute: no data"
    assert "no data: lanes have no clock" in summary_lines(unknown)[0]
    assert reading(unknown, 0)[1].startswith("no data")
    assert fastest(unknown) is None
    assert steps(unknown) == ()


def test_an_unknown_error_is_said() -> None:
    assert error_text(None) == "± no data"
    assert error_text(float("nan")) == "± no data"
    assert error_text(0.0593) == "± 5.9 %"


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
    assert "predicted for A100, ± " in caption(chart)
    assert "lighter = more" not in caption(chart)


def test_a_grid_has_its_sides() -> None:
    points = points_of(from_widths((64, 64)), (8, 16, 32), False, 0, (64, 128))
    found = sweep(points, read_device("h100"), "bfloat16")
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
