"""By what one side takes longer: each cause on traces made to have it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import MS, Takes, ran, side, steady, with_product

from mmviz.core.recording.causes import Because, because
from mmviz.core.recording.comparing import compare
from mmviz.core.recording.evidence import (
    Clock,
    Core,
    Crowd,
    Dispatch,
    Launch,
    Machine,
    Memory,
    Order,
    Tail,
    Tiles,
    Uneven,
    Units,
)
from mmviz.core.recording.held import held, relaid
from mmviz.core.recording.placing import reordered
from mmviz.core.recording.recording import CYCLES, Beside, Recording, Spent
from mmviz.core.recording.sides import modelled
from mmviz.core.schedule.trace import Trace
from mmviz.files.devices import read_device
from mmviz.state.recording.pair import cost_of
from mmviz.text import Text

QUIET = ran(steady())


def against(one: Recording, other: Recording = QUIET) -> Because:
    return because(compare(side(other), side(one)))


def slow_unit(factor: float = 3.0, every: int = 2, of: int = 1, noise: float = 0.01) -> Takes:
    """A unit whose every second tile takes three times as long."""
    takes = steady(noise=noise)
    return lambda unit, number, start: (
        takes(unit, number, start) * (factor if unit == of and number % every == 0 else 1.0)
    )


def test_a_launch_is_the_gap_around_the_tiles() -> None:
    found = against(ran(steady(seed=1), begin=4 * MS))
    assert isinstance(found.evidence, Launch)
    assert (found.slower, found.evidence.before) == (1, pytest.approx((4 * MS, 0), abs=1e-9))
    assert found.seconds == pytest.approx(4 * MS)


def test_handing_out_is_the_gap_between_tiles() -> None:
    found = against(ran(steady(seed=1), gap=0.3 * MS))
    assert isinstance(found.evidence, Dispatch)
    assert found.evidence.between == pytest.approx((15 * 0.3 * MS, 15e-6), rel=0.1)


def test_a_launch_in_which_a_unit_had_no_core_is_that_core_s() -> None:
    """A thread that is not let run before the others are done: no tile is slow by it."""
    late = Beside(others=0.3, waited=(0.02, 0.5, 0.0, 0.0))
    found = against(ran(steady(seed=1), begin=8 * MS, beside=late))
    assert isinstance(found.evidence, Core)
    core = found.evidence
    assert (core.units, core.slow, core.waited, core.others) == ((1,), 0, 0.5, 0.3)
    little = Beside(others=0.3, waited=(0.02, 0.15, 0.0, 0.0))
    found = against(ran(steady(seed=1), begin=8 * MS, beside=little))
    assert isinstance(found.evidence, Launch)  # 3.6 of 8 ms
    both = ran(steady(), beside=late)
    assert isinstance(against(ran(steady(), begin=8 * MS, beside=late), both).evidence, Launch)


@pytest.mark.parametrize("pulls", [True, False])
def test_a_core_that_was_taken(pulls: bool) -> None:
    """Pulled, the others do part of its tiles; dealt, they wait for it."""
    quiet = ran(steady(), pulls=pulls)
    beside = Beside(others=0.12, waited=(0.0, 0.6, 0.01, 0.0))
    found = against(ran(slow_unit(), pulls=pulls, beside=beside), quiet)
    assert isinstance(found.evidence, Core)
    core = found.evidence
    assert (found.slower, core.units, core.core, core.others, core.waited) == (
        1,
        (1,),
        None,
        0.12,
        0.6,
    )
    assert core.factor == pytest.approx(3, rel=0.05)
    assert 0 < core.slow <= core.of
    if not pulls:
        assert (core.slow, core.of) == (8, 16)
        assert found.seconds == pytest.approx(16 * MS, rel=0.05)


def test_a_tile_at_an_edge_that_was_held_up_counts() -> None:
    """Those of unit 1 all are slow, of 1000 cells in tiles of 128: 15 of 64 are at an edge."""
    one = ran(slow_unit(every=1), side=1000)
    found = held(side(one))
    assert found is not None
    mine = int(np.count_nonzero(one.products[0].trace.unit == 1))
    assert (found.core.slow, found.core.of) == (mine, mine)


def test_two_threads_on_one_core() -> None:
    """Each has half of it, so all tiles take twice as long: no unit stands out, cores tell."""
    on_one = ran(steady(2 * MS), units=2)
    cores = np.zeros(64, np.int32)
    found = against(
        ran(steady(2 * MS), units=2, cores=cores), ran(steady(), units=2, cores=cores_apart())
    )
    assert isinstance(found.evidence, Core)
    assert (found.evidence.units, found.evidence.core) == ((0, 1), 0)
    assert found.evidence.overlap > 0.9
    assert found.evidence.factor == pytest.approx(2, rel=0.1)
    unknown = against(on_one, ran(steady(), units=2))
    assert isinstance(unknown.evidence, Clock)  # nobody tells on which cores they were


def cores_apart() -> np.ndarray:
    return ran(steady(), units=2).products[0].trace.unit.astype(np.int32)


def test_a_thread_that_moves_is_counted() -> None:
    made = ran(slow_unit(), pulls=False)
    unit = made.products[0].trace.unit
    cores = unit.astype(np.int32)
    mine = np.flatnonzero(unit == 1)
    cores[mine[5:]] = 7
    found = held(side(ran(slow_unit(), pulls=False, cores=cores)))
    assert found is not None
    assert found.core.moved == 1


def test_a_tail_is_idle_after_the_last_tile() -> None:
    """16 tiles on 5 units leave four of them idle in the last wave; on 4 units nobody."""
    short = [ran(steady(noise=0.002, seed=x), side=512, units=x) for x in (4, 5)]
    even = ran(steady(0.8 * MS, noise=0.002), side=512, units=4)
    found = against(short[1], even)
    assert isinstance(found.evidence, Tail)
    assert (found.evidence.idle, found.evidence.units) == (4, 5)


def test_fewer_units() -> None:
    found = against(ran(steady(seed=1), units=2))
    assert found.evidence == Units((2, 4), (32, 16))


def test_tiles_that_have_a_unit_alone_are_no_share_of_it() -> None:
    """A model of 64 tiles on 80 units, each of which could hold several: one is alone."""
    one = ran(steady(0.2 * MS, seed=1))
    device = read_device("v100")
    model = modelled(cost_of(one, one.products[0], device), device)
    assert model.trace.tiling.resident > 1
    assert model.waves == 1
    found = because(compare(model, side(one)))
    assert found.parts is not None
    assert abs(found.parts["rest"]) < 0.01 * found.apart
    assert found.evidence == Units((4, 80), (16, 1))


@pytest.mark.parametrize("units", [2, 4])
def test_cycles_of_a_clock_that_is_only_assumed_name_no_clock(units: int) -> None:
    """What does not depend on it is named."""
    one = replace(ran(steady(3 * MS, seed=1), units=units), remarks=(Text(CYCLES),))
    compared = compare(side(QUIET), side(one))
    assert (compared.residual, compared.why_not) == (None, "cycles")
    assert compared.verdict.better is None
    found = because(compared)
    assert found.evidence == (Units((2, 4), (32, 16)) if units == 2 else None)
    both = compare(side(one), side(one))
    assert both.residual is not None, "of one clock"


def test_a_lower_clock() -> None:
    found = against(ran(steady(1.3 * MS, seed=1)))
    assert isinstance(found.evidence, Clock)
    assert (found.evidence.factor, found.evidence.drift) == (pytest.approx(1.3, rel=0.02), None)


def test_a_falling_clock() -> None:
    takes = steady(seed=1)
    found = against(ran(lambda u, i, t: takes(u, i, t) * (1 + 0.6 * (t > 8 * MS))))
    assert isinstance(found.evidence, Clock)
    assert found.evidence.drift == pytest.approx(1.6, rel=0.1)


def test_some_slow_tiles_are_no_lower_clock() -> None:
    """Nor is it the memory, which would slow all of them."""
    takes = steady(seed=1)
    many = {"walls_s": (44 * MS,) * 9}
    slow = side(ran(lambda u, i, t: takes(u, i, t) * (5 if i % 5 < 2 else 1), **many))
    for bound in ("compute", "memory"):
        found = because(compare(replace(side(QUIET), bound=bound), slow))
        assert isinstance(found.evidence, Uneven)
        assert found.evidence.factor > 2
        assert found.evidence.middle == pytest.approx(1.0, abs=0.05)


def test_tiles_shorter_than_a_step_of_the_clock_have_no_factor() -> None:
    one = ran(steady(1e-9, noise=0), gap=MS)
    trace = one.products[0].trace
    none = replace(trace, end=trace.start.copy())
    found = against(QUIET, with_product(one, trace=none, walls_s=(17 * MS,) * 9))
    assert found.evidence is None
    assert against(with_product(one, trace=none, wall_s=0.5, walls_s=(0.5,) * 9)).evidence is None


def test_a_crowd_is_no_lower_clock() -> None:
    """Others that take half of all cores explain twice the time of every tile; a tenth does not."""
    slow = ran(steady(2 * MS, seed=1), beside=Beside(others=0.5))
    assert against(slow).evidence == Crowd(pytest.approx(2.0, rel=0.02), 0.5, None)
    both = ran(steady(), beside=Beside(others=0.45))
    assert isinstance(against(slow, both).evidence, Clock)
    little = ran(steady(2 * MS, seed=1), beside=Beside(others=0.1))
    assert isinstance(against(little).evidence, Clock)


def test_memory_where_the_roofline_says_so() -> None:
    a, b = side(QUIET), side(ran(steady(1.3 * MS, seed=1)))
    found = because(compare(replace(a, bound="memory"), b))
    assert isinstance(found.evidence, Memory)
    assert found.evidence.factor == pytest.approx(1.3, rel=0.02)
    assert isinstance(because(compare(replace(a, bound="compute"), b)).evidence, Clock)


def test_a_model_that_is_too_slow_is_not_explained_by_its_roofline() -> None:
    a, b = side(ran(steady(1.3 * MS))), side(QUIET)
    trace = replace(a.trace, provenance=replace(a.trace.provenance, kind="modelled"))
    found = because(compare(replace(a, trace=trace, bound="memory"), b))
    assert found.slower == 0
    assert found.evidence == Clock(pytest.approx(1.3, rel=0.02), None)


def test_tickets_tell_the_order() -> None:
    two = [ran(steady(), order=order) for order in ("rows", "columns")]
    sides = []
    for one in two:
        old = one.products[0].trace
        columns = old.m, old.n, old.unit, old.start / MS, old.end / MS
        trace = Trace(old.tiling, *columns, "steps", old.provenance)
        sides.append(side(with_product(one, trace=trace, wall_s=None)))
    assert isinstance(because(compare(*sides)).evidence, Order)
    assert because(compare(sides[0], sides[0])).evidence is None


def test_what_recording_costs_is_measured_beside_it() -> None:
    """Beside a model, which is of one call of the library."""
    model = side(ran(steady(noise=0.001)))
    trace = replace(model.trace, provenance=replace(model.trace.provenance, kind="modelled"))
    model = replace(model, trace=trace, noise=0.0)
    spent = Spent(16 * MS, 19 * MS, 20 * MS, 9)
    found = because(compare(model, side(ran(steady(1.25 * MS, seed=1), spent=spent))))
    assert isinstance(found.evidence, Tiles)
    assert found.evidence.instrumented == pytest.approx(0.25)
    little = Spent(19.8 * MS, 19.9 * MS, 20 * MS, 9)
    found = because(compare(model, side(ran(steady(1.25 * MS, seed=1), spent=little))))
    assert isinstance(found.evidence, Clock)


def test_small_tiles_take_longer_cell_for_cell() -> None:
    found = against(ran(steady(1.4 * MS)), ran(steady(4 * MS, seed=1), tile=256))
    assert isinstance(found.evidence, Tiles)
    assert found.evidence.factor == pytest.approx(1.4, rel=0.02)
    assert found.evidence.tiles == ((128, 128), (256, 256))


def test_another_order_of_the_same_tiles() -> None:
    found = against(ran(steady(seed=1), order="columns"))
    assert isinstance(found.evidence, Order)
    assert found.evidence.of == 64
    assert found.evidence.moved > 32
    assert found.slower is None
    row, column = found.evidence.at
    assert found.evidence.places == (8 * row + column + 1, 8 * column + row + 1)


def test_a_core_is_seen_also_where_the_walls_are_too_close_to_call() -> None:
    """A model's error hides 20 %; a unit is seen to fall behind by its own recording."""
    model = replace(side(QUIET), error=0.3, systematic=0.3)
    found = because(compare(model, side(ran(slow_unit()))))
    assert isinstance(found.evidence, Core)
    assert (found.slower, found.seconds, found.apart) == (1, 0.0, 0.0)


def test_what_both_have_is_no_difference() -> None:
    taken = [ran(slow_unit(), pulls=False) for _ in range(2)]
    assert against(*taken).evidence is None


def test_what_makes_less_than_half_is_not_named() -> None:
    """A third each by a launch, by waiting between tiles, by a lower clock."""
    found = against(ran(steady(1.12 * MS, seed=1), begin=2 * MS, gap=0.13 * MS))
    assert found.evidence is None
    assert found.slower == 1
    assert found.parts is not None
    assert sum(share > 1.5 * MS for share in found.parts.values()) == 3


@given(st.integers(0, 10_000), st.floats(0.001, 0.12), st.booleans())
def test_chance_alone_has_no_cause(seed: int, noise: float, pulls: bool) -> None:
    """Tiles drawn from one distribution, on as many units, in one order."""
    two = [ran(steady(noise=noise, seed=seed + i), pulls=pulls) for i in range(2)]
    found = compare(*map(side, two))
    told = because(found)
    if found.verdict.better is None:
        assert told.evidence is None
    assert not isinstance(told.evidence, Core | Order | Launch | Dispatch)


def test_laid_anew_a_trace_without_gaps_lasts_as_long() -> None:
    for pulls in (True, False):
        trace = ran(steady(noise=0.2), pulls=pulls, gap=0.0).products[0].trace
        assert relaid(trace, trace.end - trace.start, pulls=pulls) == pytest.approx(trace.duration)


def test_units_that_overtake_each_other_compute_in_one_order() -> None:
    """Half as fast, the second unit's tiles come later: the order they are dealt in is the same."""
    even = ran(steady(), units=2, pulls=False)
    lame = ran(lambda unit, i, t: steady()(unit, i, t) * (1 + unit), units=2, pulls=False)
    assert reordered(side(even), side(lame)) is None
    assert reordered(side(even), side(ran(steady(), units=2))) is not None


def test_of_many_units_one_is_seen_though_it_costs_the_whole_little() -> None:
    """Half of its tiles take three times as long, and the 31 others do what it leaves: too little
    of the whole to be told from chance; the unit lost half of its time all the same.
    """
    takes = steady(noise=0.06)
    loud = ran(
        lambda unit, i, t: takes(unit, i, t) * (3 if unit == 1 and int(t / MS) % 2 else 1),
        side=4096,
        units=32,
    )
    found = against(loud, ran(takes, side=4096, units=32))
    assert (found.apart, found.slower) == (0, 1)
    assert isinstance(found.evidence, Core)
    assert found.evidence.units == (1,)
    assert found.evidence.factor == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize("pulls", [True, False])
@pytest.mark.parametrize("tile_s", [0.5 * MS, 3.5 * MS, 14 * MS])
def test_a_core_shared_by_the_scheduler_is_seen_whatever_tiles_take(
    tile_s: float, pulls: bool
) -> None:
    """Another process has the core every other 4 ms: of short tiles some take long, of long ones
    all take twice as long.
    """
    takes = steady(tile_s, noise=0.02)

    def sliced(unit: int, number: int, start: float) -> float:
        alone, slice_ns = takes(unit, number, start), 4_000_000
        if unit != 1:
            return alone
        begun = now = round(start * 1e9)
        left = round(alone * 1e9)
        while left > 0:
            rest = slice_ns - now % slice_ns
            mine = now // slice_ns % 2 == 0
            step = min(left, rest) if mine else rest
            left, now = left - mine * step, now + step
        return (now - begun) * 1e-9

    found = against(
        ran(sliced, side=2048, units=2, pulls=pulls), ran(takes, side=2048, units=2, pulls=pulls)
    )
    assert isinstance(found.evidence, Core)
    assert (found.slower, found.evidence.units) == (1, (1,))
    assert found.seconds > 0.5 * found.apart


def test_a_device_of_another_kind_is_another_machine() -> None:
    one = ran(steady(), machine="an EPYC")
    device = read_device("v100")
    model = modelled(cost_of(one, one.products[0], device), device)
    found = because(compare(model, side(one)))
    assert isinstance(found.evidence, Machine)
    assert found.evidence.machines == ("an EPYC", device.name)
    assert found.evidence.factor > 4
    here, there = (side(ran(steady(x * MS), machine=m)) for x, m in ((1, "a"), (2, "b")))
    assert because(compare(here, there)).evidence == Machine(pytest.approx(2), ("b", "a"))
    unknown = replace(here, machine="")
    assert isinstance(because(compare(unknown, there)).evidence, Clock)
