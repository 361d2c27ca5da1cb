"""A pass is recorded: stamped passes, the same without stamps, and the library alone take turns.

What costs what is told from medians of passes that one and the same disturbance met; the pass that
is kept is the stamped one in the middle, with what its units had of their cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import registry
from mmviz.backends.base import Backend, Host
from mmviz.backends.recorder import How, Recorder, Records, Stamps
from mmviz.bench.computing import computing
from mmviz.bench.fingerprint import fingerprint
from mmviz.bench.load import Load
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Finished, Message, Progress, Started
from mmviz.bench.meter import Meter
from mmviz.bench.plan import MOST_ROUNDS, RecordPlan
from mmviz.bench.recorded import RecordedPass, RecordedProduct, Unrecorded, pieces
from mmviz.bench.timing import reason
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import make_target
from mmviz.core.learning.values import make_values
from mmviz.core.recording.recording import Beside, Spent
from mmviz.core.recording.sampling import evenly, most_each
from mmviz.core.recording.sides import middle_off
from mmviz.core.shapes.products import Products
from mmviz.errors import Unavailable
from mmviz.text import N_, Text

CHECKED_ROWS = 64  # of each product, which tell as well as all
LONG_S = 30.0  # of rounds that take so long fewer than asked for are enough
NS = 1e-9

Send = Callable[[Message], None]


def record_plan(plan: RecordPlan, send: Send) -> None:
    """Carry out `plan`; say everything through `send`, from Started to Finished."""
    send(Started(read_machine({})))
    try:
        backend = registry.usable(plan.by, plan.dtype)
        recorder = prepare(plan, backend)
        try:
            with computing():
                found = _Rounds(plan, recorder, send).run()
            _tell(found, recorder, backend, send)
        finally:
            recorder.close()
    except Exception as error:
        send(Unrecorded(reason(error)))
    send(Finished())


def prepare(plan: RecordPlan, backend: Backend) -> Recorder:
    """What the plan computes, in place; raises as `Records.prepare_recording` does."""
    if not isinstance(backend, Records):
        raise Unavailable(Text(N_("{who} records no tiles"), who=backend.title))
    how = How(plan.tile, plan.order, plan.threads, plan.pinned)
    network = plan.workload.layered
    if network is None:
        listed = Products(plan.workload.name, plan.workload.lower())
        operands = make_operands(listed, plan.seed)
        return backend.prepare_recording(listed, operands, plan.dtype, how)
    values = make_values(network, plan.batch, plan.seed)
    target = make_target(network, plan.batch, plan.seed) if plan.training else None
    return backend.prepare_recording(network, values, plan.dtype, how, target)


@dataclass(slots=True)
class _Found:
    """kept: the stamped pass in the middle; errors: of each product, by its number."""

    kept: tuple[Stamps, ...]
    spent: tuple[Spent, ...]
    walls_s: tuple[tuple[float, ...], ...]
    errors: dict[int, float]
    load: Load | None


class _Rounds:
    def __init__(self, plan: RecordPlan, recorder: Recorder, send: Send) -> None:
        self.plan, self.recorder, self.send = plan, recorder, send
        self.stamped: list[tuple[Stamps, ...]] = []
        self.bare: list[tuple[float, ...]] = []
        self.plain: list[tuple[float, ...]] = []

    def run(self) -> _Found:
        """The check first, which warms all up, then round by round."""
        errors: dict[int, float] = {}

        def look(number: int, a: Host, b: Host, c: Host) -> None:
            errors[number] = fingerprint(c, a, b)
            self.send(Progress(0.0))

        recorder = self.recorder
        recorder.check(look, CHECKED_ROWS)
        turns: tuple[Callable[[], object], ...] = (
            lambda: self.plain.append(recorder.plain()),
            lambda: self.bare.append(recorder.bare()),
            lambda: self.stamped.append(recorder.run()),
        )
        for turn in turns:  # the first of each is slow
            turn()
            self.send(Progress(0.0))
        for passes in (self.plain, self.bare, self.stamped):
            passes.clear()
        meter = Meter()
        began, before = perf_counter(), meter.read()
        done = 0
        while done < MOST_ROUNDS and not self._enough(done, perf_counter() - began):
            for place in range(len(turns)):
                turns[(place + done) % len(turns)]()  # nobody always comes after the same
                self.send(Progress(self._share(done, perf_counter() - began)))
            done += 1
        self.send(Progress(1.0))
        load = meter.since(before)
        return _Found(self._middle(), self._spent(), self._walls(), errors, load)

    def _enough(self, done: int, spent_s: float) -> bool:
        if done and spent_s >= max(LONG_S, self.plan.seconds):
            return True
        return done >= self.plan.rounds and spent_s >= self.plan.seconds

    def _share(self, done: int, spent_s: float) -> float:
        parts = [done / max(self.plan.rounds, 1)]
        if self.plan.seconds > 0:
            parts.append(spent_s / self.plan.seconds)
        return max(min(parts), min(1.0, spent_s / max(LONG_S, self.plan.seconds)))

    def _middle(self) -> tuple[Stamps, ...]:
        ranked = sorted(self.stamped, key=lambda one: sum(map(wall_s, one)))
        return ranked[(len(ranked) - 1) // 2]

    def _walls(self) -> tuple[tuple[float, ...], ...]:
        """Of each product in all stamped passes."""
        return tuple(zip(*(tuple(map(wall_s, one)) for one in self.stamped), strict=True))

    def _spent(self) -> tuple[Spent, ...]:
        """Of each product."""
        timer = 0.0 if self.recorder.timer_s is None else self.recorder.timer_s
        found = []
        for number, stamped in enumerate(self._walls()):
            plain = [one[number] for one in self.plain if one]
            tiled = [one[number] for one in self.bare if one]
            (a, a_off), (b, b_off), (c, c_off) = (
                _median(seconds, timer) for seconds in (plain, tiled, stamped)
            )
            found.append(Spent(a, b, c, len(stamped), (a_off, b_off, c_off)))
        return tuple(found)


def wall_s(stamps: Stamps) -> float:
    """Seconds of one product by the clock around it."""
    return (stamps.ended_ns - stamps.began_ns) * NS if stamps.wall_s is None else stamps.wall_s


def _median(seconds: Sequence[float], timer_s: float) -> tuple[float | None, float | None]:
    """The median, and how far it may be off; None where nothing was timed, or its clock stood."""
    times = np.array(seconds)
    found = float(np.median(times)) if len(times) else 0.0
    return found or None, middle_off(times, timer_s)


def _tell(found: _Found, recorder: Recorder, backend: Backend, send: Send) -> None:
    """Say the pass that is kept, product by product."""
    seconds, load = recorder.clock == "s", found.load
    first = min(int(stamps.start_ns.min()) for stamps in found.kept)
    most = most_each(sum(len(stamps.m) for stamps in found.kept), len(found.kept))
    for number, (stamps, laid) in enumerate(zip(found.kept, recorder.laid(), strict=True)):
        columns = as_columns(stamps, seconds, most)
        send(
            RecordedProduct(
                number=number,
                tile=laid.tile,
                order=laid.order,
                parts=laid.parts,
                resident=laid.resident,
                k_step=laid.k_step,
                rows=len(columns["m"]),
                tiles_run=len(stamps.m),
                units=recorder.units,
                clock=recorder.clock,
                begun_s=(int(stamps.start_ns.min()) - first) * NS if seconds else 0.0,
                wall_s=wall_s(stamps),
                packing_s=stamps.packing_s,
                error=found.errors.get(number),
                spent=found.spent[number],
                walls_s=found.walls_s[number],
                beside=Beside(
                    others=None if load is None else load.others,
                    stolen=None if load is None else load.stolen,
                    waited=stamps.waited,
                ),
            )
        )
        for piece in pieces(number, columns):
            send(piece)
    send(
        RecordedPass(
            order=recorder.order,
            timer_s=recorder.timer_s,
            facts=backend.facts(),
            remarks=recorder.remarks,
            load=load,
        )
    )


def as_columns(stamps: Stamps, seconds: bool, most: int) -> dict[str, NDArray[Any]]:
    """Rows by their start, from 0 at the first one; in seconds, or in steps as they are. Of more
    than `most` rows so many, evenly by their block's number, which they have in any case then.
    """
    count = len(stamps.m)
    block = np.arange(count) if stamps.block is None and count > most else stamps.block
    kept = np.arange(count) if block is None else evenly(block, most)
    rows = kept[np.argsort(stamps.start_ns[kept], kind="stable")]
    first = stamps.start_ns.min()
    scale = NS if seconds else 1.0
    found: dict[str, NDArray[Any]] = {
        "m": stamps.m,
        "n": stamps.n,
        "unit": stamps.unit,
        "core": stamps.core,
        "start": (stamps.start_ns - first) * scale,
        "end": (stamps.end_ns - first) * scale,
    }
    optional = {"block": block, "k0": stamps.k0, "k1": stamps.k1}
    found |= {name: array for name, array in optional.items() if array is not None}
    return {name: array[rows] for name, array in found.items()}
