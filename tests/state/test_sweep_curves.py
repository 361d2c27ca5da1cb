"""The curves of a timed sweep: copies, speed-ups, peaks, energy; and what is told of a point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz.backends.base import Place
from mmviz.bench.results import Run
from mmviz.bench.sensed import Sensed
from mmviz.bench.stats import summarize
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Pass, Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.choice import BATCH, WIDTH, SweepChoice
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.measuring import MOST, Crossings, batches_of, crossings
from mmviz.state.sweep.readout import rows_at, told_at
from mmviz.state.sweep.values import ENERGY, FASTER, PASS, PEAK, RATE
from mmviz.text import Text, own

NETWORK = from_widths((100, 50))  # 10 000 FLOP an example
FOUND = sweep(
    points_of(NETWORK, range(1, 65)), Setup(NETWORK, read_device("h100"), dtype="bfloat16")
)
HERE = replace(read_device("a100"), peaks=(("float32", 1e9),))  # a peak is all that is asked of it


def point(backend: str, batch: int, seconds: float, n: int = 25, **more: object) -> MeasuredPoint:
    samples = (seconds,) * n
    return MeasuredPoint(Run(backend, batch, samples, stats=summarize(samples), **more))  # type: ignore[arg-type]  # fields by name


def chart(*points: MeasuredPoint, value: str = PASS) -> SweepChart:
    return SweepChart(
        FOUND, own("it"), "float32", None, curves_of(FOUND, points, "float32", HERE), value
    )


SOFTWARE = Place("llvmpipe", software=True)


def test_passes_with_copies_are_a_curve_of_their_own() -> None:
    found = chart(
        point("numpy", 1, 1e-3),
        point("wgpu", 1, 4e-3, place=SOFTWARE, copied=(6e-3,) * 3),
        point("wgpu", 64, 4e-3, place=SOFTWARE),
    )
    numpy, wgpu, copies = found.drawn
    assert [curve.copies for curve in found.drawn] == [False, False, True]
    assert (wgpu.x.tolist(), copies.x.tolist()) == ([1, 64], [1])
    assert copies.p50.tolist() == [6e-3]
    assert numpy.backend == "numpy"
    assert len(found.measured) == 3  # each pass once
    told = str(told_at(found, 0))
    assert "wgpu (software, no GPU): 4.00 ms ± 0 %, measured" in told
    assert "wgpu, with copies: 6.00 ms" in told
    assert "faster by: 4.00 ×" in told


def test_a_speed_up_is_over_the_fastest_at_the_least_batch() -> None:
    found = chart(
        point("numpy", 1, 1e-3), point("numpy", 64, 16e-3),
        point("wgpu", 1, 4e-3), point("wgpu", 64, 4e-3), point("wgpu", 8, 4e-3),
        value=FASTER,
    )  # fmt: skip
    (curve,) = found.drawn
    assert (curve.backend, curve.base) == ("wgpu", "numpy")
    assert curve.x.tolist() == [1, 64]  # nothing to be compared with at 8
    assert curve.scaled(FASTER)[1].tolist() == [0.25, 4.0]
    assert not found.predicted
    alone = chart(point("numpy", 1, 1e-3), value=FASTER)
    assert "two backends" in str(alone.missing)


def test_a_throughput_has_the_peak_as_a_line() -> None:
    found = chart(point("numpy", 64, 1e-3), value=RATE)
    (curve,) = found.drawn
    assert curve.scaled(RATE)[1].tolist() == pytest.approx([64e3])
    assert curve.scaled(PEAK)[1].tolist() == pytest.approx([0.64])  # of 1 GFLOP/s
    ((whose, rate),) = found.peaks
    assert whose is curve
    assert rate == pytest.approx(1e5)  # examples a second
    assert found.showing(PASS, log_x=False).peaks == ()


def test_energy_is_told_or_why_it_is_not() -> None:
    sensed = Sensed(energy_cpu_j=0.5)
    found = chart(point("numpy", 2, 1e-3, sensed=sensed), point("numpy", 4, 1e-3), value=ENERGY)
    (curve,) = found.drawn
    assert (curve.x.tolist(), curve.scaled(ENERGY)[1].tolist()) == ([2], [0.25])
    assert "250 mJ" in str(told_at(found, 1))
    why = Sensed(missing={"energy_cpu_j": Text("only root may read it")})
    unread = chart(point("numpy", 2, 1e-3, sensed=why), value=ENERGY)
    assert str(unread.missing) == "no data on energy: only root may read it"
    assert "nothing was timed here yet" in str(chart(value=ENERGY).missing)


def test_what_is_timed_now_says_so() -> None:
    found = replace(chart(), timing=8)
    assert [str(rows_at(found, at)[0].figure) for at in (6, 7)] == ["", "measuring …"]


def test_a_sweep_times_powers_of_two_pins_and_where_curves_cross() -> None:
    of = Pass(NETWORK, 5, "float32", False)
    choice = SweepChoice(batches=(1, 100), widths=(1, 64), pinned_batches=(7, 500))
    plain = batches_of(choice, of, Crossings(), None, None)
    assert plain == (1, 2, 4, 5, 7, 8, 16, 32, 64, 100)
    measured = [
        *(point("numpy", batch, 1e-4 * batch) for batch in (1, 64)),
        *(point("wgpu", batch, 1e-3) for batch in (1, 64)),
    ]
    crossed = crossings(measured, 3.3e-3)
    assert crossed.about == (33, 10)
    assert set(batches_of(choice, of, crossed, None, 3.3e-3)) == {*plain, 33, 10}
    within = int(np.flatnonzero(FOUND.seconds <= float(FOUND.seconds[40])).max()) + 1
    assert within in batches_of(choice, of, Crossings(), FOUND, float(FOUND.seconds[40]))
    assert batches_of(replace(choice, axis=WIDTH), of, Crossings(), None, None) == ()
    wide = replace(choice, axis=BATCH, batches=(1, 2**24))
    assert len(batches_of(wide, of, Crossings(), None, None)) <= MOST
