"""What `mmviz bench` says beside its table: where it was timed, who won, what was in the way."""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.bench.break_even import break_evens
from mmviz.bench.results import Results, Run
from mmviz.text import N_, Text, joined, own
from mmviz.words.break_even import sentence
from mmviz.words.place import clocks
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import machine_line, mode, noise
from mmviz.words.winner import winner


def machine_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """The computer it was timed on, and the BLAS, in one line."""
    machine = results.machine
    if machine is None:
        return []
    what = (own(results.network), mode(results.training), own(results.dtype))
    return [words(machine_line(machine)), words(joined(what)), ""]


def winner_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """Who won, by how much and why; of several batches, from which on. [] where one was timed."""
    won = winner(results)
    told = [won, *_break_even(results)] if won else []
    return ["", *map(words, told)] if told else []


def _break_even(results: Results) -> Iterator[Text]:
    """The fastest at the least batch beside each of the others, over all batches."""
    for found in break_evens(results.runs):
        if len(found.points) > 1:
            yield sentence(found)


def _clocks(results: Results) -> Iterator[Text]:
    """By whose clock each GPU's figures are, at the greatest batch it was timed at."""
    last = {
        run.backend: run for run in sorted(results.runs, key=lambda run: run.batch) if run.stats
    }
    for run in last.values():
        if said := clocks(run):
            yield Text("{where}: {said}", where=_where(run), said=said)


def failure_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What failed, one sentence a backend and batch."""
    return [
        words(Text("{where}: {failure}", where=_where(run), failure=run.failure))
        for run in results.runs
        if run.failure is not None
    ]


def warning_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What may have disturbed the figures, in plain words."""
    lines = []
    for run in results.runs:
        if said := noise(run):
            lines.append(Text("{where}: {noise}", where=_where(run), noise=said))
    lines += _clocks(results)
    lines += results.hindrances
    if results.machine is not None and (variables := results.machine.steered_by()):
        lines.append(variables_line(variables))
    return ["", *map(words, lines)] if lines else []


def variables_line(variables: dict[str, str]) -> Text:
    """That environment variables steer the speed."""
    named = ", ".join(f"{name}={value}" for name, value in variables.items())
    return Text(N_("these environment variables change the speed: {named}"), named=named)


def _where(run: Run) -> Text:
    return Text(N_("{backend} at batch {batch:group}"), backend=run.backend, batch=run.batch)
