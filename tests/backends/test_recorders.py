"""One contract for every backend that records, and can run here."""

from __future__ import annotations

import pytest

from mmviz.backends.recorder import Records
from mmviz.backends.registry import find, survey
from mmviz.bench.messages import Message, decode, encode
from mmviz.bench.plan import RecordPlan
from mmviz.bench.recording import record_plan
from mmviz.bench.tape import Tape
from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload

RECORDERS = [
    entry.id for entry in survey() if entry.available and isinstance(find(entry.id), Records)
]
NETWORK = from_widths((40, 70, 20))
LISTED = Products(
    "listed",
    (
        Gemm("ragged", "product", 70, 45, 33),
        Gemm("stack", "product", 20, 30, 10, count=2, stack=3),
    ),
)


def recorded(by: str, workload: Workload, **options: object) -> Recording:
    asked = {"workload": workload, "by": by, "rounds": 1, "seconds": 0.0, **options}
    plan = RecordPlan(**asked)  # type: ignore[arg-type]
    messages: list[Message] = []
    record_plan(plan, messages.append)
    tape = Tape(plan)
    for message in messages:
        tape.hear(decode(encode(message).rstrip()))
    assert str(tape.failure) == ""
    found = tape.recording()
    assert found is not None
    return found


@pytest.mark.parametrize("by", RECORDERS)
@pytest.mark.parametrize(
    ("workload", "batch", "training"),
    [(NETWORK, 33, False), (NETWORK, 33, True), (LISTED, 1, False)],
    ids=["forward", "training", "list"],
)
def test_what_ran_can_have_been_and_is_right(
    by: str, workload: Workload, batch: int, training: bool
) -> None:
    backend = find(by)
    assert isinstance(backend, Records)
    for order in backend.recording_orders:
        found = recorded(by, workload, batch=batch, training=training, order=order)
        assert recording_faults(found) == ()
        assert found.order == order
        assert [one.gemm for one in found.products] == [
            gemm.single for gemm in workload.lower(batch, training)
        ]
        for one in found.products:
            assert one.error is not None
            assert one.error < 1e-5
            assert one.spent.stamped_s
            assert one.order_only == (found.timer_s is None)


@pytest.mark.parametrize("by", RECORDERS)
def test_a_tile_that_is_asked_for(by: str) -> None:
    (one, _) = recorded(by, LISTED, tile=(64, 64)).products
    assert one.trace.tiling.tile == (64, 64)
    assert len(one.trace) == 2


def test_somebody_records_here() -> None:
    assert "cpu-tiles" in RECORDERS
