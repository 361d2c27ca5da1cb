"""Since last run: which run is held against which, and what the rows say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mmviz.backends.base import Part
from mmviz.bench.machine import Machine
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Pass
from mmviz.files.journal import Head, KeptRun
from mmviz.state.clock.since import FIRST, NONE_IN_COMMON, UNTIMED, SinceView, needed, since_view
from mmviz.state.facts import MOST_EARLIER, Facts, Timed
from mmviz.text import NOTHING, own

TINY = from_widths((4, 3, 2), "tiny")
OF = Pass(TINY, 8, "float32", False)
HERE = Machine(
    cpu="a CPU", cores=2, logical_cores=2, memory=10**9, system="", variables={}, versions={}
)
WHEN = 1_795_000_000.0


def run(
    seconds: float, parts: tuple[Part, ...] = (), backend: str = "numpy", batch: int = 8
) -> Run:
    samples = (seconds,) * 40
    return Run(backend, batch, samples, stats=summarize(samples), parts=parts)


def timed(minute: float, *runs: Run, of: Pass = OF) -> Timed:
    results = Results(
        network="tiny", dtype="float32", training=False, seed=0, machine=HERE, runs=runs
    )
    return Timed(of, results, NOTHING, began=WHEN + 60 * minute)


def kept(minute: float, of: Pass = OF) -> KeptRun:
    plan = BenchPlan(network=of.workload, batches=(of.batch,), backends=("numpy",))  # type: ignore[arg-type]
    return KeptRun(Path(f"{minute}"), Head(when=WHEN + 60 * minute, plan=plan))


def view(facts: Facts, of: Pass = OF) -> SinceView:
    return since_view(*needed(of, facts))


def told(found: SinceView) -> list[tuple[str, str]]:
    return [(str(row.name), row.outcome) for row in found.rows]


def test_nothing_timed_offers_a_run_and_a_first_run_waits_for_the_next() -> None:
    assert view(Facts()).why == UNTIMED
    first = view(Facts(runs=(timed(0, run(1.0)),)))
    assert (first.why, [offer.does for offer in first.offers]) == (FIRST, ["run"])


def test_the_last_run_before_of_the_same_pass_is_held_against_it() -> None:
    other = Pass(from_widths((4, 5, 2), "tiny"), 8, "float32", False)
    facts = Facts(
        runs=(
            timed(0, run(9.0)),
            timed(1, run(1.0)),
            timed(2, run(7.0), of=other),
            timed(3, run(1.2)),
        )
    )
    found = view(facts)
    assert told(found) == [("NumPy", "slower")]
    assert found.chosen == WHEN + 60
    assert str(found.against).endswith("this machine")
    assert [choice.when for choice in found.choices] == [WHEN + 60, WHEN]


def test_another_run_can_be_chosen_also_a_later_one() -> None:
    facts = Facts(runs=(timed(0, run(9.0)), timed(1, run(1.0)), timed(3, run(1.2))))
    assert told(view(replace(facts, compare_to=WHEN))) == [("NumPy", "faster")]
    opened = replace(facts.runs[0], when=WHEN, began=None)
    assert view(replace(facts, opened=opened)).why == FIRST
    later = replace(facts, opened=opened, compare_to=WHEN + 60)
    assert told(view(later)) == [("NumPy", "slower")]
    gone = replace(facts, compare_to=5.0)
    assert view(gone).chosen == WHEN + 60


def test_a_kept_run_is_read_first_and_one_that_cannot_be_says_why() -> None:
    facts = Facts(runs=(timed(3, run(1.2)),), kept=(kept(3), kept(1)))
    waiting = view(facts)
    assert waiting.missing == kept(1)
    assert waiting.rows == ()
    read = view(facts.with_earlier(WHEN + 60, timed(1, run(1.0))))
    assert (told(read), read.missing) == ([("NumPy", "slower")], None)
    broken = view(facts.with_earlier(WHEN + 60, own("it is damaged")))
    assert (str(broken.why), broken.missing, broken.rows) == ("it is damaged", None, ())


def test_of_what_was_read_the_last_few_stay() -> None:
    facts = Facts()
    for minute in range(10):
        facts = facts.with_earlier(float(minute), own("no"))
    assert list(facts.earlier) == [10.0 - n for n in range(MOST_EARLIER, 0, -1)]


def test_each_layer_has_its_line_and_what_was_not_in_the_other_run_says_so() -> None:
    def parts(first: float) -> tuple[Part, ...]:
        return (
            Part("launch", 0, 0.1, 0.01),
            Part("forward", 0, first, 0.01),
            Part("forward", 1, 0.5, 0.01),
        )

    facts = Facts(
        runs=(
            timed(0, run(1.0, parts(0.5))),
            timed(1, run(1.0, parts(0.6)), run(1.0, backend="cupy")),
        )
    )
    found = view(facts)
    assert told(found) == [
        ("NumPy", "same"),
        ("launch", "same"),
        ("layer 1", "slower"),
        ("layer 2", "same"),
        ("CuPy", ""),
    ]
    assert [row.layer for row in found.rows] == [None, None, 0, 1, None]
    assert str(found.rows[-1].reason) == "CuPy was not in that run"
    tip = str(found.rows[2].tip)
    assert "between +" in tip
    assert "since then: +20 %" in tip


def test_parts_of_old_files_have_no_line() -> None:
    old = (Part("forward", 0, 0.5), Part("forward", 1, 0.5))
    found = view(Facts(runs=(timed(0, run(1.0, old)), timed(1, run(1.0, old)))))
    assert told(found) == [("NumPy", "same")]


def test_several_batches_are_told_apart_and_none_in_common_is_said() -> None:
    several = timed(0, run(1.0), run(2.0, batch=16)), timed(1, run(1.0), run(1.0, batch=16))
    assert told(view(Facts(runs=several))) == [
        ("NumPy, batch 8", "same"),
        ("NumPy, batch 16", "faster"),
    ]
    apart = timed(0, run(1.0, backend="cupy")), timed(1, run(1.0))
    assert view(Facts(runs=apart)).why == NONE_IN_COMMON


@pytest.mark.parametrize("batch", [8, 16])
def test_a_run_of_several_batches_is_one_pass(batch: int) -> None:
    several = timed(0, run(1.0), run(2.0, batch=16)), timed(1, run(1.0), run(2.0, batch=16))
    assert view(Facts(runs=several), replace(OF, batch=batch)).rows
