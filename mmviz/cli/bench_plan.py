"""What `mmviz bench` is to time, and what that is held against: from what is typed and kept."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import share_done
from mmviz.bench.results import Collector, Results
from mmviz.cli.choose import able, chosen
from mmviz.cli.inputs import (
    check_pass,
    parse_counts,
    parse_seconds,
    read_network,
    say_notes,
)
from mmviz.core.shapes.dtype import DEFAULT, check_dtype
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.history import key_of
from mmviz.files.holding import HELD, held
from mmviz.files.run_files import place_of, read_run
from mmviz.text import N_, Text
from mmviz.words.timing import mode

SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is timed.

    `before` and `path`: of a kept run that is taken up again. budget_s: for a pass, as the file of
    the network has it. misses: why backends that were asked for are not in the plan.
    """

    plan: BenchPlan
    before: Collector | None = None
    path: Path | None = None
    budget_s: float | None = None
    misses: tuple[Text, ...] = ()


def earlier(named: str, plan: BenchPlan, now: Path | None) -> Results:
    """The run this one is held against, which is another than the one that goes on `now`; raises
    InputError where it is of another pass.
    """
    if named:
        found = read_run(place_of(named)).results
        if (found.network, found.dtype, found.training) != (
            plan.network.name,
            plan.dtype,
            plan.training,
        ):
            said = N_("--against: {run} is of another pass: {name}, {dtype}, {mode}")
            raise InputError(
                said, run=named, name=found.network, dtype=found.dtype, mode=mode(found.training)
            )
        return found
    key = key_of(plan)
    for kept in journal.kept_runs()[0]:
        if kept.path != now and key_of(kept.head.plan) == key:
            return journal.read(kept.path).results
    raise InputError(N_("--against: no run of this pass is kept yet; time it once without"))


def resumed(options: argparse.Namespace) -> Asked:
    """The run that is kept unfinished: the last one, or that of a file; raises InputError."""
    given = {
        "NETWORK": options.network,
        "--batch": options.batch,
        "--backend": options.backend,
        "--dtype": options.dtype if options.dtype != DEFAULT else None,
        "--training": options.training or None,
        "--seconds": options.seconds,
    }
    for name, value in given.items():
        if value is not None:
            raise InputError(
                N_("{name} has no meaning beside --resume: the run says it"), name=name
            )
    path = place_of(options.resume) if options.resume else _last_unfinished()
    record = journal.read(path)
    if held(path):
        raise InputError(HELD, path=str(path))
    if share_done(record.head.plan, record.collector) >= 1:
        raise InputError(N_("{path}: this run came to its end"), path=str(path))
    return Asked(record.head.plan, record.collector, path)


def _last_unfinished() -> Path:
    for kept in journal.kept_runs()[0]:
        if kept.unfinished and not held(kept.path):
            record = journal.read(kept.path)  # it may have been killed when all was timed
            if share_done(record.head.plan, record.collector) < 1:
                return kept.path
    raise InputError(N_("no run that is kept was cut off"))


def asked(options: argparse.Namespace) -> Asked:
    """A network or a list, and how it is timed; raises InputError."""
    if options.network is None:
        raise InputError(N_("bench needs a NETWORK, or --resume"))
    file = read_network(options.network)
    check_pass(options, file)
    if not options.quiet:
        say_notes(options, file)
    batches: tuple[int, ...] = (1,)
    if options.batch is not None:
        batches = parse_counts(options.batch, "--batch")
    elif file.network.has_batch:
        batches = (file.batch or 1,)
    dtype = check_dtype(options.dtype)
    named = options.backend
    backends, misses = (able(dtype), ()) if named is None else chosen(named, dtype)
    plan = BenchPlan(
        network=file.network,
        batches=batches,
        backends=backends,
        dtype=dtype,
        training=options.training,
        seconds=SECONDS if options.seconds is None else parse_seconds(options.seconds),
    )
    return Asked(plan, budget_s=file.budget_s, misses=misses)
