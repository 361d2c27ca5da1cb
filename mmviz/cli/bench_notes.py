"""What `mmviz bench` says beside its table: where it was timed, who won, what was in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmviz.bench.break_even import break_evens
from mmviz.bench.budget import within
from mmviz.bench.results import Results, Run
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words.break_even import sentence
from mmviz.words.budget import sentence as budget_sentence
from mmviz.words.place import clocks
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import agreement, machine_line, mode, noise, odd
from mmviz.words.winner import winner


def machine_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """The computer it was timed on, and the BLAS, in one line."""
    machine = results.machine
    if machine is None:
        return []
    what = (own(results.network), mode(results.training), own(results.dtype))
    return [words(machine_line(machine)), words(joined(what)), ""]


def winner_lines(
    results: Results, words: Words = ENGLISH, budget_s: float | None = None
) -> list[str]:
    """Who won, by how much and why; of several batches, from which on, and which of them stay
    within the budget of a pass.
    """
    told = [winner(results), *over_batches(results.runs, budget_s)]
    lines = [words(text) for text in told if text]
    return ["", *lines] if lines else []


def over_batches(runs: Sequence[Run], budget_s: float | None) -> Iterator[Text]:
    """What several batches say: which stay within a budget; the fastest at the least batch beside
    each of the others.
    """
    if len({run.batch for run in runs}) < 2:
        return
    if budget_s is not None:
        yield budget_sentence(within(runs, budget_s), budget_s)
    for found in break_evens(runs):
        if len(found.points) > 1:
            yield sentence(found)


def failure_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What failed, one sentence a backend and batch."""
    return [
        words(Text("{where}: {failure}", where=_where(run), failure=run.failure))
        for run in results.runs
        if run.failure is not None
    ]


def warning_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What must be known beside the figures, in plain words: whether they are right, in which
    precision they were computed, what may have disturbed them.
    """
    runs = [run for run in results.runs if run.stats is not None]
    last = {run.backend: run for run in sorted(runs, key=lambda run: run.batch)}
    found = [note.text for note in agreement(runs, results.dtype)]
    found += [odd(results.dtype, run) for run in last.values()]
    found += [_of(run, remark) for run in runs for remark in run.remarks]
    found += [_of(run, noise(run)) for run in runs]
    found += [_of(run, clocks(run)) for run in last.values()]
    found += results.hindrances
    if results.machine is not None and (variables := results.machine.steered_by()):
        found.append(variables_line(variables))
    lines = [words(text) for text in found if text]
    return ["", *lines] if lines else []


def _of(run: Run, said: Text) -> Text:
    """'wgpu at batch 8: …'; NOTHING where nothing is said."""
    return Text("{where}: {said}", where=_where(run), said=said) if said else NOTHING


def variables_line(variables: dict[str, str]) -> Text:
    """That environment variables steer the speed."""
    named = ", ".join(f"{name}={value}" for name, value in variables.items())
    return Text(N_("these environment variables change the speed: {named}"), named=named)


def _where(run: Run) -> Text:
    return Text(N_("{backend} at batch {batch:group}"), backend=run.backend, batch=run.batch)
