"""`mmviz runs`: the timing runs that are kept, and what became of each since the one before."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import Any

from mmviz.bench.against import Compared, comparable, compare
from mmviz.cli.against import against_table, as_builtins
from mmviz.cli.bench_notes import failure_lines, machine_lines, warning_lines, winner_lines
from mmviz.cli.bench_table import table_of
from mmviz.cli.complain import complain
from mmviz.cli.parser import Commands
from mmviz.cli.table import said_list, show
from mmviz.errors import InputError
from mmviz.files.exports import as_json
from mmviz.files.history import Past, history
from mmviz.files.journal import Over
from mmviz.files.run_files import Opened, id_of, place_of, read_run
from mmviz.files.runs import to_json
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.earlier import caption, moment, pill
from mmviz.words.speech import Words
from mmviz.words.timing import conditions


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("list the timing runs that are kept, or tell one of them, or hold two together")
    parser = commands.add_parser("runs", help=text)
    parser.add_argument(
        "which", nargs="?", metavar=N_("RUN"), help=N_("one of the list, or a file of bench --json")
    )
    parser.add_argument(
        "--against", metavar=N_("RUN"), help=N_("the verdict between this earlier run and RUN")
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the list, a run, or a verdict; exit code 0; raises InputError for what is no run."""
    if options.which is not None:
        return _one(options)
    if options.against is not None:
        raise InputError(N_("--against needs another RUN before it"))
    words: Words = options.words
    found = list(history())[::-1]
    if options.json:
        print(as_json([_json(past) for past in found], indent=2))
        return 0
    for past in found:
        if past.problem:
            complain(words, past.problem)
    rows = [_row(past) for past in found if not past.problem]
    if rows:
        show(said_list(rows, words))
    else:
        print(words(Text(N_("no run is kept yet"))))
    return 0


def _one(options: argparse.Namespace) -> int:
    """A run with its samples in a table, or beside an earlier one."""
    words: Words = options.words
    found = read_run(place_of(options.which))
    if options.against is not None:
        before = read_run(place_of(options.against))
        if not comparable(before.results, found.results):
            said = N_("{one} and {other} are of different passes")
            raise InputError(said, one=options.against, other=options.which)
        compared = compare(before.results, found.results)
        if options.json:
            print(as_json(as_builtins(compared), indent=2))
        else:
            show(against_table(compared, found.layers, parts=True, words=words))
    elif options.json:
        print(to_json(found.results).decode(), end="")
    else:
        _tell(found, words)
    return 0


def _tell(found: Opened, words: Words) -> None:
    """What `mmviz bench` printed of it."""
    results, head = found.results, found.head
    if head is not None:
        print(words(caption(results, head.when)))
    for line in machine_lines(results, words):
        print(line)
    show(table_of(results, None if head is None else head.plan.network, words))
    for line in (*winner_lines(results, words), *warning_lines(results, words)):
        print(line)
    for line in failure_lines(results, words):
        complain(words, line)
    if found.over is not None and found.over.done < 1:
        why = found.over.ended
        complain(
            words, joined((why, _ended(found.over)), "semicolons") if why else _ended(found.over)
        )
    if found.unread:
        unread = P_(
            "{n:group} line of it was not understood and is left out",
            "{n:group} lines of it were not understood and are left out",
        )
        complain(words, Text(unread, n=found.unread))


def _row(past: Past) -> tuple[Text, ...]:
    head = past.kept.head
    plan, batches = head.plan, head.plan.batches
    pass_ = conditions(batches, plan.dtype, plan.training)
    if past.over is not None and past.over.done < 1:
        pass_ = joined((pass_, _ended(past.over)))
    return (
        own(id_of(past.kept.path)),
        own(moment(head.when)),
        own(plan.network.name),
        pass_,
        _medians(past),
        _since(past.compared),
    )


def _ended(over: Over) -> Text:
    """How far it came."""
    return Text(N_("ended at {share:percent}"), share=round(over.done, 2))


def _medians(past: Past) -> Text:
    """'numpy 40.6 µs, wgpu 1.20 ms'; of several batches those at the greatest that has any, which
    is named.
    """
    plan = past.kept.head.plan
    timed = [figure.batch for figure in past.figures if figure.p50 is not None]
    batch = max(timed or plan.batches)
    told = joined(tuple(_median(past, backend, batch) for backend in plan.backends), "commas")
    if len(plan.batches) == 1:
        return told
    return Text(N_("at batch {batch:group}: {told}"), batch=batch, told=told)


def _median(past: Past, backend: str, batch: int) -> Text:
    """'numpy 40.6 µs'."""
    found = next(x for x in past.figures if (x.backend, x.batch) == (backend, batch))
    said = "{backend} ≈ {p50:seconds}" if found.estimated else "{backend} {p50:seconds}"
    return Text(said, backend=backend, p50=found.p50)


def _since(compared: Sequence[Compared]) -> Text:
    """'since the one before: numpy slower, wgpu same' of one batch; of several how many of each."""
    if len({one.batch for one in compared}) <= 1:
        told = [
            Text("{who} {pill}", who=one.backend, pill=pill(one.judged.verdict)) for one in compared
        ]
    else:
        counts = Counter(one.judged.verdict for one in compared)
        told = [Text("{n:group} {pill}", n=n, pill=pill(verdict)) for verdict, n in counts.items()]
    said = N_("since the one before: {told:commas}")
    return Text(said, told=tuple(told)) if told else NOTHING


def _json(past: Past) -> dict[str, Any]:
    kept = past.kept
    plan = kept.head.plan
    return {
        "id": id_of(kept.path),
        "file": str(kept.path),
        "when": kept.head.when,
        "network": plan.network.name,
        "batches": list(plan.batches),
        "backends": list(plan.backends),
        "dtype": plan.dtype,
        "training": plan.training,
        "done": None if past.over is None else past.over.done,
        "problem": str(past.problem) or None,
        "runs": [
            {
                "backend": x.backend,
                "batch": x.batch,
                "p50_s": x.p50,
                "samples": x.n,
                "estimated": x.estimated,
            }
            for x in past.figures
        ],
        "before": None if past.before is None else past.before.when,
        "since": as_builtins(past.compared),
    }
