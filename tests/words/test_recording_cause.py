"""Why two sides of a product differ, as a reader meets it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ran import MS, ran, side, steady, with_product

from mmviz.core.recording.causes import because
from mmviz.core.recording.comparing import compare
from mmviz.core.recording.recording import CYCLES, Beside, Recording, Spent
from mmviz.core.recording.sides import Side
from mmviz.core.schedule.trace import Trace
from mmviz.text import Text
from mmviz.units import THIN
from mmviz.words.recording_cause import also, crowd, why, why_not, within
from mmviz.words.recording_evidence import headline

NAMES = Text("quiet"), Text("this one")
QUIET = ran(steady())


def said(one: Recording | Side, other: Recording | Side = QUIET) -> str:
    sides = [x if isinstance(x, Side) else side(x) for x in (other, one)]
    found = compare(*sides)
    return str(why(found, because(found), NAMES)).replace(THIN, " ")


def held(factor: float = 3.0, **more: object) -> Recording:
    takes = steady(seed=1)
    return ran(
        lambda unit, i, start: takes(unit, i, start) * (factor if unit == 2 and i % 2 else 1),
        pulls=False,
        **more,
    )


def test_a_core_kept_busy_is_named_with_all_that_tells_of_it() -> None:
    beside = Beside(others=0.12, waited=(0.0, 0.0, 0.48, 0.0))
    told = said(held(beside=beside), ran(steady(), pulls=False))
    assert told.startswith("quiet takes 16.1 ms, 49.")
    assert told.endswith(
        "mostly because in this one thread 2 fell behind: 8 of 16 tiles took 2.99 × as long as "
        "those of the others, ready and without a core for 48 % of the time, other programs "
        "took 12 % of the cores."
    )


def test_a_thread_that_came_late_is_named() -> None:
    late = Beside(others=0.3, waited=(0.0, 0.5, 0.0, 0.0))
    assert said(ran(steady(seed=1), begin=8 * MS, beside=late)).endswith(
        "mostly because in this one thread 1 waited before, between or after its tiles, ready and "
        "without a core for 50 % of the time, other programs took 30 % of the cores."
    )
    found = because(compare(side(QUIET), side(ran(steady(), begin=8 * MS, beside=late))))
    assert found.evidence is not None
    assert str(headline(found.evidence, side(QUIET))) == "thread 1 waited for a core"


def test_a_thread_that_moved_is_told() -> None:
    unit = held().products[0].trace.unit.astype(np.int32)
    unit[np.flatnonzero(unit == 2)[9:]] = 5
    told = said(held(cores=unit), ran(steady(), pulls=False))
    assert told.endswith("as long as those of the others, moved to another core 1 time.")


def test_a_rising_clock() -> None:
    told = said(ran(lambda _u, i, t: steady(seed=1)(0, i, t) * (1 + 0.6 * (t < 12 * MS))))
    assert told.endswith("of what they took in the first, as under a rising clock.")


def test_what_held_a_unit_may_not_be_known() -> None:
    assert said(held(), ran(steady(), pulls=False)).endswith("by what is not known.")


def test_a_thread_pinned_to_the_core_of_another_is_named() -> None:
    apart = ran(steady(), units=2)
    unit = apart.products[0].trace.unit.astype(np.int32)
    one = ran(steady(2 * MS), units=2, cores=np.full(64, 3, np.int32))
    told = said(one, ran(steady(), units=2, cores=unit))
    assert "in this one thread 0, thread 1 were on core 3 at the same time for 100 % of it" in told
    found = because(compare(side(apart), side(one)))
    assert found.evidence is not None
    assert str(headline(found.evidence, side(one))) == "thread 0, thread 1 shared a core"


def here_and_there(unit: int, number: int, start: float) -> float:
    """Two of five tiles of every unit take five times as long, the others as long as ever."""
    return steady(seed=1, noise=0.001)(unit, number, start) * (5 if number % 5 < 2 else 1)


@pytest.mark.parametrize(
    ("one", "end"),
    [
        (
            ran(steady(seed=1), begin=4 * MS),
            "before its first tile and after its last this one spends 4.00 ms, quiet 0 s.",
        ),
        (
            ran(steady(seed=1), gap=0.3 * MS),
            "a unit of this one waits 4.50 ms in all, one of quiet 15.0 µs.",
        ),
        (
            ran(steady(seed=1), units=2),
            "mostly because this one has 2 threads and 32 waves, quiet 4 threads and 16 waves.",
        ),
        (
            ran(steady(1.3 * MS, noise=0.001)),
            "tiles of this one take 1.30 × as long on average, as under a lower clock.",
        ),
        (
            ran(steady(2 * MS, noise=0.001), beside=Beside(others=0.5)),
            "mostly because other programs took 50 % of the cores from this one: tiles take "
            "2.00 × as long on average.",
        ),
        (
            ran(lambda _u, i, t: steady(seed=1)(0, i, t) * (1 + 0.6 * (t > 8 * MS))),
            "of what they took in the first, as under a falling clock.",
        ),
        (
            ran(steady(4.4 * MS, noise=0.001), tile=256),
            "cell for cell tiles of 256 × 256 in this one take 1.10 × as long on average as those "
            "of 128 × 128 in quiet.",
        ),
        (
            ran(here_and_there, walls_s=(44 * MS,) * 9),
            "tiles of this one take 2.54 × as long on average, the one in the middle 1.00 ×: some "
            "took much longer, by what is not known.",
        ),
        (
            ran(here_and_there, walls_s=(44 * MS,) * 9, beside=Beside(others=0.6)),
            "other programs took 60 % of the cores from this one: tiles take 2.54 × as long on "
            "average.",
        ),
    ],
)
def test_each_cause_in_a_sentence(one: Recording, end: str) -> None:
    assert said(one).endswith(end)


def test_a_tail() -> None:
    even = ran(steady(0.8 * MS, noise=0.002), side=512, units=4)
    assert "at its end 4 of 5 threads of this one have no tile left: idle 2." not in said(even)
    told = said(ran(steady(noise=0.002), side=512, units=5), even)
    assert "mostly because at its end 4 of 5 threads of this one have no tile left: idle" in told


def test_a_thread_that_stopped_is_not_said_to_have_had_no_tile_left() -> None:
    """It would have taken the next tile, as whoever comes free does."""
    one = ran(steady(noise=0.002), units=2)
    trace = one.products[0].trace
    at = np.arange(len(trace))
    unit = np.where((at < 20) & (at % 2 == 1), 1, 0).astype(np.int32)
    lasts = np.full(len(trace), MS)
    start = np.where(at < 20, at // 2, at - 10) * MS
    stopped = Trace(
        trace.tiling, trace.m, trace.n, unit, start, start + lasts, "s", trace.provenance
    )
    told = said(
        with_product(one, trace=stopped, wall_s=stopped.duration), ran(steady(noise=0.002), units=2)
    )
    assert (
        "1 of 2 threads of this one took no further tile, though 43 tiles were still to be" in told
    )


def test_memory_and_a_model() -> None:
    slow = ran(steady(1.3 * MS, noise=0.001))
    assert said(slow, replace(side(QUIET), bound="memory")).endswith(
        "tiles of this one take 1.30 × as long on average, and the product is bound by memory."
    )
    assert said(replace(side(slow), machine="a"), replace(side(QUIET), machine="b")).endswith(
        "mostly because tiles take 1.30 × as long on a as on b, on average."
    )


def test_beside_a_model_tiling_and_stamping_are_told() -> None:
    model = side(ran(steady(noise=0.001)))
    trace = replace(model.trace, provenance=replace(model.trace.provenance, kind="modelled"))
    model = replace(model, trace=trace, noise=0.0)
    spent = Spent(16 * MS, 19 * MS, 20 * MS, 9)
    slow = ran(steady(1.25 * MS, noise=0.001), spent=spent)
    assert said(slow, model).endswith(
        "cut into tiles of 128 × 128 and stamped, this one takes 25 % more than one call of the "
        "library, measured beside it."
    )
    bare = ran(steady(1.25 * MS, noise=0.001))
    assert said(bare, model).endswith("as under a lower clock, or by what the model leaves out.")
    assert said(model, replace(model, wall_s=None, missing=Text("not calibrated"))) == (
        "No time is known of quiet (not calibrated)."
    )


def test_within_the_noise_nothing_is_the_cause() -> None:
    assert said(QUIET).endswith("the same.")
    told = said(ran(steady(seed=9)))
    assert "too close to call" in told
    assert "because" not in told


def test_another_order_is_told_beside_it() -> None:
    assert said(ran(steady(seed=9), order="columns")).endswith(
        "; but 56 of 64 tiles come in another order: tile (0, 7) is number 8 in quiet and 57 in "
        "this one."
    )


def test_where_nothing_makes_half_the_largest_parts_are_told() -> None:
    told = said(ran(steady(1.12 * MS, seed=1), begin=2 * MS, gap=0.13 * MS))
    assert "; nothing alone makes half of the " in told
    assert "before and after all tiles 2.00 ms" in told


def test_a_unit_that_fell_behind_is_told_also_where_it_is_not_the_cause() -> None:
    found = compare(side(ran(steady(), begin=0.1)), side(held()))
    told = because(found)
    assert told.evidence is not None
    assert told.evidence.id == "launch"
    assert str(headline(told.evidence, side(QUIET))) == "launch"
    assert str(also(found, told, NAMES)).startswith("In this one thread 2 fell behind: 8 of 16")


def test_how_many_tiles_are_within_the_noise() -> None:
    found = compare(side(QUIET), side(held()))
    assert found.residual is not None
    assert str(within(found.residual)).startswith("52 of 64 tiles within the noise of ± 2.")
    few = compare(*[side(ran(steady(), side=256, units=2))] * 2)
    assert few.residual is not None
    assert str(within(few.residual)) == "4 tiles, whose noise is not known"
    assert str(why_not(few)) == ""
    assert "other sizes" in str(why_not(compare(side(QUIET), side(ran(steady(), tile=256)))))


def test_what_others_took_of_the_cores_is_told_of_both() -> None:
    quiet, loud = (side(ran(steady(), beside=Beside(others=x))) for x in (0.02, 0.83))
    assert str(crowd(compare(quiet, quiet), NAMES)) == ""
    assert str(crowd(compare(quiet, loud), NAMES)) == (
        "Other programs took of the cores meanwhile: 83 % in this one."
    )
    assert str(crowd(compare(loud, loud), NAMES)).endswith("83 % in quiet, 83 % in this one.")


def test_noise_larger_than_the_times_is_no_figure() -> None:
    loud = compare(*(side(ran(steady(noise=1.0, seed=seed))) for seed in (0, 1)))
    assert loud.residual is not None
    assert str(within(loud.residual)) == "64 tiles, with noise larger than their times"


def test_a_model_that_is_too_slow_is_said_to_be() -> None:
    slow = side(ran(steady(1.3 * MS, noise=0.001)))
    trace = replace(slow.trace, provenance=replace(slow.trace.provenance, kind="modelled"))
    assert said(replace(slow, trace=trace)).endswith(
        "mostly because the model takes tiles for 1.30 × as long as they were on average."
    )


def test_several_cores_are_told_where_others_are_known_to_have_run() -> None:
    """Tiles that took long here and there; without others nothing says that it was a core."""
    takes = steady(seed=1)

    def disturbed(_unit: int, number: int, start: float) -> float:
        return takes(0, number, start) * (3 if number % 5 == 0 else 1)

    told = said(ran(disturbed, units=6, beside=Beside(others=0.4)), ran(steady(), units=6))
    assert "in this one 6 threads fell behind: 13 of 64 tiles took 3.00 × as long as most" in told
    assert "fell behind" not in said(ran(disturbed, units=6), ran(steady(), units=6))


def test_of_a_sample_the_walls_alone_are_told() -> None:
    one = ran(steady(2 * MS))
    old, keep = one.products[0].trace, slice(None, None, 2)
    columns = (column[keep] for column in (old.m, old.n, old.unit, old.start, old.end))
    trace = Trace(old.tiling, *columns, "s", old.provenance)
    told = said(with_product(one, trace=trace, tiles_run=64))
    assert told.endswith("; too little is known to say by what.")


def test_cycles_of_an_unknown_clock_are_said() -> None:
    one = replace(ran(steady(3 * MS), units=2), remarks=(Text(CYCLES),))
    compared = compare(side(QUIET), side(one))
    assert str(why(compared, because(compared), NAMES)).replace(THIN, " ") == (
        "quiet takes 16.1 ms and this one 96.2 ms, cycles of this one taken as if its clock were "
        "1 GHz; this one has 2 threads and 32 waves, quiet 4 threads and 16 waves."
    )
    assert str(why_not(compared)).startswith("not compared by tile: the times of one side are")
