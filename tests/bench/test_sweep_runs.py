"""Points of a sweep, timed one width after the other."""

from __future__ import annotations

import pytest

from mmviz.bench import sweep_runs
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results, Run
from mmviz.bench.sweep_runs import SweepPlan, measure
from mmviz.core.shapes.network import from_widths
from mmviz.errors import BenchError, InputError, MmvizError
from mmviz.text import N_

PLAN = SweepPlan(from_widths((8, 4, 2)), (1, 2), ("numpy", "loop"), widths=(4, 5, 6))


@pytest.mark.parametrize("error", [BenchError, InputError])
def test_a_width_that_cannot_be_timed_takes_no_other(
    error: type[MmvizError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(plan: BenchPlan, *_: object, **__: object) -> Results:
        if plan.network.layers[0].units == broken:
            raise error(N_("no room"))
        runs = (Run("numpy", 1, (0.5,)),)
        return Results(network="", dtype="float32", training=False, seed=1, machine=None, runs=runs)

    monkeypatch.setattr(sweep_runs, "run", run)
    broken = 5
    found = measure(PLAN, lambda *_: None)
    assert [point.width for point in found] == [4, 5, 5, 5, 5, 6]
    failed = [point.run for point in found if point.width == 5]
    assert [(run.batch, run.backend) for run in failed] == [
        (batch, backend) for batch in (1, 2) for backend in ("numpy", "loop")
    ]
    assert {str(run.failure) for run in failed} == {"no room"}
    broken = 4
    with pytest.raises(error):
        measure(PLAN, lambda *_: None)
