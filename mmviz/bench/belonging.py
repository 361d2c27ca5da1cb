"""Whether what a child says belongs to what it was asked for."""

from __future__ import annotations

from mmviz.bench.messages import (
    Calibrated,
    Compared,
    Finished,
    Looked,
    Looking,
    Message,
    Placed,
    Progress,
    Sensing,
    Started,
)
from mmviz.bench.plan import (
    CalibrationPlan,
    Learnt,
    PairPlan,
    Plan,
    ProbePlan,
    RecordPlan,
    TrainPlan,
)
from mmviz.bench.recorded import RecordedPass, RecordedProduct, RecordedRows, Unrecorded
from mmviz.bench.taught import Judged, Taught, Untaught


def belongs(message: Message, plan: Plan) -> bool:
    """Whether a message speaks of what the plan asked for: its backends and batches, if any."""
    if isinstance(message, Started | Progress | Finished):
        return True
    if isinstance(message, Looking | Looked):
        name = message.backend if isinstance(message, Looking) else message.entry.id
        return isinstance(plan, ProbePlan) and name in plan.backends
    if isinstance(plan, ProbePlan):
        return False
    if isinstance(plan, CalibrationPlan) or isinstance(message, Calibrated):
        return isinstance(plan, CalibrationPlan) and isinstance(message, Calibrated)
    if isinstance(plan, TrainPlan):
        if isinstance(message, Sensing | Placed):
            return (message.backend, message.batch) == (plan.backend, plan.recipe.batch)
        return isinstance(message, Taught | Judged | Learnt | Untaught)
    if isinstance(message, RecordedProduct | RecordedRows | RecordedPass | Unrecorded):
        return isinstance(plan, RecordPlan)
    if isinstance(plan, RecordPlan):
        return False
    if isinstance(message, Taught | Judged | Learnt | Untaught):
        return False
    if isinstance(plan, PairPlan) or isinstance(message, Compared):
        return isinstance(plan, PairPlan) and isinstance(message, Compared)
    return message.backend in plan.backends and message.batch in plan.batches
