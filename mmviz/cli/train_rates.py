"""`mmviz train --batch 1,64,1024`: the same course at each of these batch sizes, and backends."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mmviz.backends import registry
from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import TrainPlan
from mmviz.bench.runner import carry_out
from mmviz.cli.complain import complain
from mmviz.cli.keeping import NOT_KEPT
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import Stop, stoppable, stopped
from mmviz.cli.streams import put
from mmviz.cli.table import said_table, show
from mmviz.cli.targets import check_targets
from mmviz.cli.terminal import is_terminal
from mmviz.errors import InputError
from mmviz.files import rate_log
from mmviz.files.exports import as_json
from mmviz.files.rate_log import RateLog
from mmviz.state.learn.course import Course
from mmviz.state.learn.rates import rates_view
from mmviz.state.learn.swept import SECONDS, Swept, rates_of, sweep_plans
from mmviz.state.learn.swept_kept import as_kept, as_swept, head_of
from mmviz.text import N_, NOTHING, Text
from mmviz.words.rates import HEADS, figures, name
from mmviz.words.speech import Words

EXIT_BROKEN = 1


def run(
    options: argparse.Namespace,
    plan: TrainPlan,
    batches: Sequence[int],
    backends: Sequence[str],
    folder: str,
) -> int:
    """Teach by `plan` at each batch size with each backend, print what came of it, write the JSON.

    folder: of the user's drawings, "" for those mmviz makes. Exit code 0, 1 where a course
    broke, 128 and the signal's number when stopped by one: courses that are over are printed and
    written all the same. Raises InputError.
    """
    words: Words = options.words
    for named, given in (
        ("--epochs", options.epochs),
        ("--weights", options.weights),
        ("--begin", options.begin),
    ):
        if given is not None:
            said = N_("{name} belongs to one batch size and one backend, not to several")
            raise InputError(said, name=named)
    streamed = check_targets({"json": options.json}, None)
    if not options.quiet:
        warn(plan.dtype, backends, words)
    plans = sweep_plans(plan, batches, plan.seconds or SECONDS, backends)
    swept = Swept(plans, folder=folder)
    with _Kept(swept, options.resume, words) as kept, stoppable() as stop:
        swept = as_swept(head_of(swept), kept.before, plan.data)
        shown = not options.quiet and is_terminal(sys.stderr)
        swept = _swept(swept, shown, words, stop, kept.add)
        view = rates_view(swept, plan.network)
        if options.json is not None:
            put(options.json, (as_json(report(swept), indent=1) + "\n").encode())
        if not options.quiet and not streamed:
            print(words(view.of))
            _show(swept, words)
            print("\n".join(map(words, view.says)))
        if stop.is_set():
            return stopped(words, stop)
    return EXIT_BROKEN if any(rate.failure for rate in view.rates) else 0


def warn(dtype: str, backends: Sequence[str], words: Words) -> None:
    """Of a number format what must be known before anybody waits for it."""
    for backend in backends:
        if warning := registry.find(backend).warning(dtype):
            complain(words, warning)


class _Kept:
    """The file that a sweep is kept in while it goes on. before: the courses that are in it.

    What cannot be kept any more is said at the end, and stops nothing; a file that is asked for
    must be writable from the first.
    """

    def __init__(self, swept: Swept, path: str | None, words: Words) -> None:
        head = head_of(swept)
        self._words = words
        self._problem: Text | None = None
        self._log: RateLog | None = None
        self.before: tuple[rate_log.KeptCourse, ...] = ()
        if path is not None:
            rate_log.going_on(Path(path), head)  # before anything is written to another's file
            self._log = RateLog(Path(path), head)
            self.before = rate_log.going_on(Path(path), head)  # now that nobody else adds to it
            return
        try:
            self._log = RateLog(rate_log.fresh(time.time()), head)
        except InputError as error:
            self._problem = error.cause

    def add(self, course: Course) -> None:
        """One more that is over."""
        if self._problem is None and self._log is not None:
            try:
                self._log.add(as_kept(course))
            except InputError as error:
                self._problem = error.cause

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_: object) -> None:
        if self._log is not None:
            self._log.close()
        if self._problem is not None:
            complain(self._words, Text(NOT_KEPT, why=self._problem))


def _swept(
    swept: Swept, shown: bool, words: Words, stop: Stop, keep: Callable[[Course], None]
) -> Swept:
    """All courses, or those until it was stopped."""
    with TerminalProgress(shown, words) as line:
        while (plan := swept.next) is not None:
            swept = swept.begun(time.time())
            now = [swept]
            doing = rates_view(swept, plan.network).doing

            def hear(message: Message, now: list[Swept] = now, doing: Text = doing) -> None:
                now[0] = now[0].heard(message)
                if isinstance(message, Progress):
                    line.draw(now[0].done, doing)

            _, reason = carry_out(plan, hear, stop)
            swept = now[0]
            if stop.is_set():
                break
            swept = swept.over(reason)
            keep(swept.courses[-1])
    return swept.waiting()


def _show(swept: Swept, words: Words) -> None:
    """A row a course; who computed stands in it where several did."""
    rates, several = rates_of(swept), len(swept.backends) > 1
    heads: tuple[Text, ...] = (*map(Text, HEADS), NOTHING)
    rows: list[tuple[Text, ...]] = [(*figures(rate, named=several), rate.failure) for rate in rates]
    if several:
        heads = (Text(N_("backend")), *heads)
        rows = [(name(rate), *row) for rate, row in zip(rates, rows, strict=True)]
    show(said_table([heads, *rows], words, left=(0,) if several else ()))


def report(swept: Swept) -> dict[str, Any]:
    """As JSON has it; seconds, joules of a step, shares from 0 to 1, None for what is not known."""
    plan = swept.plans[0]
    return {
        "version": 1,
        "network": plan.network.name,
        "backend": plan.backend,
        "backends": swept.backends,
        "dtype": plan.dtype,
        "loss": plan.recipe.loss,
        "seed": plan.recipe.seed,
        "rate": plan.recipe.rate,
        "momentum": plan.recipe.momentum,
        "decay": plan.recipe.decay,
        "seconds": plan.seconds,
        "batches": [
            {
                "batch": rate.batch,
                "backend": rate.backend,
                "place": rate.place and {"name": rate.place.name, "software": rate.place.software},
                "step_s": rate.step_s,
                "epoch_s": rate.epoch_s,
                "loss_after_equal_time": rate.by_time,
                "loss_after_equal_drawings": rate.by_drawings,
                "equal_drawings": rate.equal,
                "steps": rate.steps,
                "unseen_accuracy": rate.right,
                "step_j": rate.joules,
                "failure": str(rate.failure) or None,
            }
            for rate in rates_of(swept)
        ],
    }
