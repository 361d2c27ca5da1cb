"""`mmviz train --batch 1,64,1024`: the same course at each of these batch sizes."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from typing import Any

from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import TrainPlan
from mmviz.bench.runner import carry_out
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import Stop, stoppable, stopped
from mmviz.cli.streams import put
from mmviz.cli.table import said_table, show
from mmviz.cli.targets import check_targets
from mmviz.cli.terminal import is_terminal
from mmviz.errors import InputError
from mmviz.files.exports import as_json
from mmviz.state.learn.rates import rates_view
from mmviz.state.learn.swept import SECONDS, Swept, equal_drawings, rates_of, sweep_plans
from mmviz.text import N_, NOTHING, Text
from mmviz.words.rates import HEADS, figures
from mmviz.words.speech import Words

EXIT_NONE = 1


def run(options: argparse.Namespace, plan: TrainPlan, batches: tuple[int, ...]) -> int:
    """Teach by `plan` at each batch size, print what came of it, write the JSON.

    Exit code 0, 1 where every course broke, 128 and the signal's number when stopped by one: batch
    sizes that are over are printed and written all the same. Raises InputError.
    """
    words: Words = options.words
    for name, given in (
        ("--epochs", options.epochs),
        ("--weights", options.weights),
        ("--begin", options.begin),
    ):
        if given is not None:
            raise InputError(N_("{name} belongs to one batch size, not to several"), name=name)
    streamed = check_targets({"json": options.json}, None)
    swept = Swept(sweep_plans(plan, batches, plan.seconds or SECONDS))
    with stoppable() as stop:
        swept = _swept(swept, not options.quiet and is_terminal(sys.stderr), words, stop)
        view = rates_view(swept, plan.network)
        if options.json is not None:
            put(options.json, (as_json(report(swept), indent=1) + "\n").encode())
        if not options.quiet and not streamed:
            print(words(view.of))
            rows = [(*figures(rate), rate.failure) for rate in view.rates]
            show(said_table([(*map(Text, HEADS), NOTHING), *rows], words, left=()))
            print("\n".join(map(words, view.says)))
        if stop.is_set():
            return stopped(words, stop)
    return 0 if any(rate.step_s for rate in view.rates) else EXIT_NONE


def _swept(swept: Swept, shown: bool, words: Words, stop: Stop) -> Swept:
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
    return replace(swept, doing=False)


def report(swept: Swept) -> dict[str, Any]:
    """As JSON has it; seconds, joules of a step, shares from 0 to 1, None for what is not known."""
    plan = swept.plans[0]
    return {
        "version": 1,
        "network": plan.network.name,
        "backend": plan.backend,
        "dtype": plan.dtype,
        "seed": plan.recipe.seed,
        "rate": plan.recipe.rate,
        "seconds": plan.seconds,
        "drawings": equal_drawings(swept),
        "batches": [
            {
                "batch": rate.batch,
                "step_s": rate.step_s,
                "epoch_s": rate.epoch_s,
                "loss_after_equal_time": rate.by_time,
                "loss_after_equal_drawings": rate.by_drawings,
                "steps": rate.steps,
                "unseen_accuracy": rate.right,
                "step_j": rate.joules,
                "failure": str(rate.failure) or None,
            }
            for rate in rates_of(swept)
        ],
    }
