"""Why the timing child is gone, and when it must be hung."""

from __future__ import annotations

import re
import signal

from mmviz.bench.memory import CHECKED_FLOP, drawn
from mmviz.bench.plan import CalibrationPlan, PairPlan, Plan, ProbePlan, RecordPlan, TrainPlan
from mmviz.core.schedule.grid import over
from mmviz.text import N_, Text

PROBE_S = 30.0
"""The longest one backend is looked for: a driver that is loaded for the first time compiles."""
TEACH_S = 120.0
"""The longest a child that teaches says nothing: it draws what is learnt from, or looks at what it
makes of all unseen drawings."""
_SLOWEST_FLOP = 5e9  # FLOP/s any machine's BLAS surpasses: bounds a product nothing can interrupt
_SLOWEST_TILE_S = 1e-4  # of handing out one that computes next to nothing
_SLOWEST_VALUES = 5e6  # random numbers a second, likewise

_PANIC = re.compile(
    r"panicked at [^\n]*\n(.*?)(?:\n\s*stack backtrace|\nnote: |\nFatal Python|\Z)", re.DOTALL
)
_LOST = re.compile(r"\bdevice\b.*\blost\b", re.IGNORECASE)


def silence_limit(plan: Plan) -> float:
    """Seconds without a message after which the child must be hung.

    Long enough for what it does in one go on a slow machine: making the values, one warm-up pass,
    the largest product, the reference in float64.
    """
    if isinstance(plan, CalibrationPlan):
        return 20 + plan.seconds
    if isinstance(plan, ProbePlan):
        return PROBE_S
    if isinstance(plan, TrainPlan):
        return TEACH_S
    if isinstance(plan, RecordPlan):
        return _recording_limit(plan)
    if isinstance(plan, PairPlan):
        return sum(silence_limit(one) for one in plan.alone)
    batch = max(plan.batches)
    products = [gemm.flop for gemm in plan.network.lower(batch, plan.training)]
    compared: float = sum(gemm.flop for gemm in plan.network.lower(256))
    if not plan.network.has_batch:
        compared = min(compared, max(CHECKED_FLOP, 2 * max(products)))
    uninterrupted = (2 * max(products) + compared) / _SLOWEST_FLOP
    return 60 + 2 * plan.seconds + uninterrupted + drawn(plan, batch) / _SLOWEST_VALUES


def _recording_limit(plan: RecordPlan) -> float:
    """Between two words it computes a pass at most, and of one product what it is checked by."""
    products = plan.workload.lower(plan.batch, plan.training)
    tm, tn = plan.tile or (1 << 30, 1 << 30)
    tiles = sum(over(gemm.m, tm) * over(gemm.n, tn) * gemm.products for gemm in products)
    flop = sum(gemm.total_flop for gemm in products)
    return 60 + 3 * flop / _SLOWEST_FLOP + _SLOWEST_TILE_S * tiles


def describe_exit(code: int, stderr: str = "") -> Text:
    """Why the child is gone, in one sentence, from its exit code and what it wrote to stderr.

    A negative `code` is the signal that ended it, as subprocess has it.
    """
    if code == -getattr(signal, "SIGKILL", 9):
        return Text(
            N_("the timing process died: killed by signal {number:d} (out of memory?)"),
            number=-code,
        )
    if code == -signal.SIGTERM:
        return Text(N_("the timing process died: killed by signal {number:d}"), number=-code)
    if code < 0 or code >= 0xC0000000:  # Windows writes a crash as a status above that
        return _crash(code, _last_words(stderr))
    if code == 0:
        return Text(N_("the timing process ended before it was done"))
    last = next((line.strip() for line in reversed(stderr.splitlines()) if line.strip()), "")
    if last.startswith("MemoryError"):
        return Text(N_("the timing process died: out of memory"))
    stopped = N_("the timing process stopped with exit code {code:d}")
    if not last:
        return Text(stopped, code=code)
    ended = N_("the timing process stopped with exit code {code:d}: {last}")
    return Text(ended, code=code, last=last[:300])


def _crash(code: int, words: str) -> Text:
    if _LOST.search(words):
        return Text(
            N_(
                "the timing process died with its GPU, whose driver was reset or whose card is "
                "gone: update the driver of the graphics card"
            )
        )
    if code < 0:
        name = _signal_name(-code)
        died = Text(N_("the timing process died: it crashed with signal {name}"), name=name)
    else:
        number = f"0x{code:08X}"
        died = Text(N_("the timing process died: it crashed with status {number}"), number=number)
    return Text("{died}: {words}", died=died, words=words) if words else died


def _last_words(stderr: str) -> str:
    """What a library written in Rust said before it ended the process, the cause alone."""
    said = _PANIC.search(stderr)
    lines = [] if said is None else [line.strip() for line in said[1].splitlines()]
    return next((line[:300] for line in reversed(lines) if line), "")


def _signal_name(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)
