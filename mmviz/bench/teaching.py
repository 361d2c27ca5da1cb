"""A network is taught: steps in blocks, what it answers to drawings it never saw, its weights.

What is said between the blocks takes nothing from the steps' seconds and changes no number, so the
same plan teaches the same, however often it is stopped and taken up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from mmviz.backends import registry
from mmviz.backends.learner import Learner, Teaches
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Finished, Message, Placed, Progress, Sensing, Started
from mmviz.bench.pacing import Pace
from mmviz.bench.plan import GivenData, MadeData, TrainPlan, learnt
from mmviz.bench.sensors import Gauge, Sensors
from mmviz.bench.taught import MOST_LOSS, Judged, Taught, Untaught
from mmviz.bench.timing import reason
from mmviz.core.learning.descent import batches, gentler, one_hot
from mmviz.core.learning.digits.made import Digits, make
from mmviz.core.learning.digits.strokes import PIXELS, read_pen
from mmviz.core.learning.weights import fresh
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, Text

BLOCK_S = 0.05  # of steps between two words
JUDGED_S = 0.25  # between two looks at unseen drawings,
JUDGED_SHARE = 4  # which take at most one part in so many of the time
EARLY_S = 0.05  # a look that is no longer is taken after 1, 2, 4, 8, … steps, too
SLOW_S = 0.04  # between two times that weights are said in slow motion
KEPT_S = 2.0  # between two times that all weights are said,
SMALL = 1_000_000  # but with each look, too, where they are fewer bytes
THREADED_FLOP = 1e8  # of one product: some ms of a core, beside which waking threads is nothing
PARTED = 16  # of how many steps on a GPU one is timed in parts
_UNSEEN_SEED = 1_000_003  # added to the seed of the drawings it learns from

_LOST = N_(
    "in step {step:group} the loss is no number any more: "
    "try a learning rate of {less:g} in place of {rate:g}"
)
_HUGE = N_(
    "in step {step:group} the loss is {loss:sig}, too large to go on: "
    "try a learning rate of {less:g} in place of {rate:g}"
)
_BURST = N_(
    "after step {step:group} its weights are no finite numbers any more: "
    "try a learning rate of {less:g} in place of {rate:g}"
)

Send = Callable[[Message], None]


def teach_plan(plan: TrainPlan, send: Send, pace: Pace | None = None) -> None:
    """Carry out `plan`; say everything through `send`, from Started to Finished.

    pace: one that may be changed meanwhile, None for the plan's own.
    """
    pace = Pace(plan.pace) if pace is None else pace
    send(Started(read_machine({})))
    sensors = Sensors()
    try:
        backend = registry.find(plan.backend)
        gauge = Gauge(sensors, backend.facts())
        seen, unseen = drawings(plan)
        begin = fresh(plan.network, plan.recipe.seed)
        if plan.begin is not None:
            begin = plan.begin.weights(plan.network)
        if not isinstance(backend, Teaches):
            raise Unavailable(Text(N_("{who} teaches no network here"), who=backend.title))
        with _threads(plan):  # some ask for as many as the BLAS once, when they are made ready
            learner = backend.prepare_learning(plan.network, begin, plan.recipe, plan.dtype)
        place = backend.place()
        if place is not None:
            send(Placed(plan.backend, plan.recipe.batch, place))
    except Exception as error:
        send(Untaught(reason(error)))
        send(Finished())
        return
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"), _threads(plan):
            lesson = _Lesson(plan, learner, seen, unseen, backend.is_gpu, gauge, send, pace)
            lesson.run(begin.step)
    except _LostError as error:
        send(Untaught(error.cause, error.step))
    except Exception as error:
        send(Untaught(reason(error)))
    finally:
        learner.close()
        sensors.close()
    send(Finished())


def _threads(plan: TrainPlan) -> AbstractContextManager[object]:
    """Of the BLAS: one where the products of a step are small, which two would wait for each other
    longer than they compute. The shapes alone decide, so that the sums are the same every time.
    """
    batch = plan.recipe.batch
    if max(gemm.flop for gemm in plan.network.lower(batch, training=True)) > THREADED_FLOP:
        return nullcontext()
    limits: AbstractContextManager[object] = threadpool_limits(1, "blas")
    return limits


def drawings(plan: TrainPlan) -> tuple[Digits, tuple[Digits, ...]]:
    """What it learns from, and each set of those it never sees."""
    return drawn(plan.data, plan.recipe.seed)


def drawn(data: MadeData | GivenData, seed: int) -> tuple[Digits, tuple[Digits, ...]]:
    """The same of data alone; seed: of the drawings mmviz makes."""
    if isinstance(data, MadeData):
        hands = [[read_pen(text) for text in hand] for hand in data.hands]
        seen = make(hands[: data.taught], data.count, data.strength, seed)
        others = hands[data.taught :]
        unseen = (
            make(others, data.unseen, strength, seed + _UNSEEN_SEED) for strength in data.strengths
        )
        return seen, tuple(unseen)
    return _given(data.seen, data.seen_labels), (_given(data.unseen, data.unseen_labels),)


def given(seen: Digits, unseen: Digits) -> GivenData:
    """Drawings of the user's as they cross to another process."""
    return GivenData(
        seen=_pixels(seen),
        seen_labels=seen.labels.astype(np.uint8).tobytes(),
        unseen=_pixels(unseen),
        unseen_labels=unseen.labels.astype(np.uint8).tobytes(),
    )


def _pixels(digits: Digits) -> bytes:
    return np.rint(digits.x * 255).astype(np.uint8).tobytes()


def _given(pixels: bytes, labels: bytes) -> Digits:
    x = np.frombuffer(pixels, np.uint8).reshape(-1, PIXELS).astype(np.float32)
    x /= 255
    return Digits(x, np.frombuffer(labels, np.uint8).astype(np.int64))


class _LostError(InputError):
    """Numbers were lost in a step: taken again, it would lose them again."""

    def __init__(self, said: str, step: int, rate: float, **more: float) -> None:
        super().__init__(said, step=step, less=gentler(rate), rate=rate, **more)
        self.step = step


class _Lesson:
    def __init__(
        self,
        plan: TrainPlan,
        learner: Learner,
        seen: Digits,
        unseen: tuple[Digits, ...],
        on_gpu: bool,
        gauge: Gauge,
        send: Send,
        pace: Pace,
    ) -> None:
        self.pace = pace
        self.plan, self.learner, self.gauge, self.send = plan, learner, gauge, send
        self.seen, self.unseen = seen, unseen
        self.targets = one_hot(seen.labels, plan.network.layers[-1].outputs)
        self.parted = PARTED if on_gpu else 1
        self.spent_s, self.taken = 0.0, 0
        self.until: int | None = None  # the step after which a block ends early

    def run(self, step: int) -> None:
        plan, judged, kept = self.plan, step, -1
        small = 16 * plan.network.parameters < SMALL
        order = batches(len(self.seen), plan.recipe, step)
        looked = said = perf_counter()
        self._judge(step)
        self.gauge.ready(self.learner)
        look_s = perf_counter() - looked
        first, soon = step, 1
        while not self._done(step):
            self.until = first + soon if look_s < EARLY_S else None
            began = perf_counter()
            step = self._block(step, order)
            now = perf_counter()
            looks = now - looked > max(JUDGED_S, JUDGED_SHARE * look_s)
            if self.until is not None and step >= self.until:
                looks, soon = True, 2 * soon
            if looks:
                self._judge(step)
                judged, looked = step, perf_counter()
                look_s = looked - now
            slow = self.pace.now is not None and now - said > SLOW_S
            if (small and (looks or slow)) or now - said > KEPT_S:
                self._tell(step)
                kept, said = step, now
            self.pace.rest(began)
        if judged != step:
            self._judge(step)
        if kept != step:
            self._tell(step)
        self._sense()

    def _done(self, step: int) -> bool:
        plan = self.plan
        return (plan.steps is not None and step >= plan.steps) or (
            plan.seconds is not None and self.spent_s >= plan.seconds
        )

    def _block(self, step: int, order: Iterator[NDArray[np.int64]]) -> int:
        """Steps for BLOCK_S, and what they found; the number of the next."""
        first = step
        losses: list[float] = []
        seconds: list[float] = []
        began = perf_counter()
        block_s = BLOCK_S if self.pace.now is None else 0.0
        self.gauge.begin()
        while not seconds or (
            perf_counter() - began < block_s
            and not self._done(step)
            and (self.until is None or step < self.until)
        ):
            try:
                found, spent = self._burst(step, order)
            except Exception:  # whatever ends it, the steps before it are said
                if losses:
                    self._say(first, losses, seconds)
                raise
            each = [spent / len(found)] * len(found)
            for i, loss in enumerate(found):
                if not loss < MOST_LOSS:  # nor is what is no number
                    self._say(first, losses + found[:i], seconds + each[:i])
                    at = step + i + 1, self.plan.recipe.rate
                    if math.isfinite(loss):
                        raise _LostError(_HUGE, *at, loss=loss)
                    raise _LostError(_LOST, *at)
            losses += found
            seconds += each
            self.spent_s += spent
            step += len(found)
        self.gauge.end(len(seconds))
        self._say(first, losses, seconds)
        self.taken += len(seconds)
        shares = (
            step / self.plan.steps if self.plan.steps else 0.0,
            self.spent_s / self.plan.seconds if self.plan.seconds else 0.0,
        )
        self.send(Progress(max(shares)))
        return step

    def _burst(self, step: int, order: Iterator[NDArray[np.int64]]) -> tuple[list[float], float]:
        """The losses of some steps, and the seconds of all of them: a step that is timed in parts
        by itself, those between two of them without waiting for the device.
        """
        parted = step % self.parted == 0
        count = 1 if parted or self.pace.now is not None else self.parted - step % self.parted
        for end in (self.plan.steps, self.until):
            if end is not None:
                count = max(1, min(count, end - step))
        x, targets = self.seen.x, self.targets
        drawn = [(x.take(which, 0), targets.take(which, 0)) for which in islice(order, count)]
        start = perf_counter()
        told = [self.learner.teach(x, target, parted=parted) for x, target in drawn]
        found = [float(loss) for loss in told]
        return found, perf_counter() - start

    def _say(self, first: int, losses: list[float], seconds: list[float]) -> None:
        stages = {str(name): spent for name, spent in self.learner.stages.items()}
        self.send(Taught(first, losses, seconds, stages))

    def _tell(self, step: int) -> None:
        """All weights, where each is a number: what is none is nothing to go on from or to keep."""
        found = self.learner.weights()
        groups = found.weights, found.biases, found.moving_weights, found.moving_biases
        if not all(np.isfinite(x).all() for group in groups for x in group):
            raise _LostError(_BURST, step, self.plan.recipe.rate)
        self.send(learnt(found))

    def _sense(self) -> None:
        """What the sensors told. A card's energy takes some steps more, that teach nobody: what it
        has learnt is said already.
        """
        which = next(batches(len(self.seen), self.plan.recipe))
        x, target = self.seen.x[which], self.targets[which]
        step_s = self.spent_s / self.taken if self.taken else 0.0
        sensed = self.gauge.finished(
            lambda: float(self.learner.teach(x, target)), step_s, self.spent_s
        )
        self.send(Sensing(self.plan.backend, self.plan.recipe.batch, sensed))

    def _judge(self, step: int) -> None:
        """What it makes of drawings it learns from, and of those it never saw."""
        few = len(self.unseen[0])
        known = Digits(self.seen.x[:few], self.seen.labels[:few])
        self.send(Judged(step, self._right(known), tuple(map(self._right, self.unseen))))

    def _right(self, digits: Digits) -> float:
        answers = self.learner.answer(digits.x).argmax(axis=1)
        return float(np.mean(answers == digits.labels))
