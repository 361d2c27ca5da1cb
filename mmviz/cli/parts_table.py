"""Where a pass goes, as a table: `mmviz bench --parts`."""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.backends.base import What
from mmviz.bench.results import Results, Run
from mmviz.cli.table import Table, said_table
from mmviz.core.shapes.workload import Workload
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.parts import label, meaning, sum_told
from mmviz.words.products import layer_name
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import backend_name

SUMS = 1.005  # times a pass its parts take together, from which on it is said
_HEAD = (N_("backend"), N_("batch"), N_("part"), N_("time"), N_("of a pass"), "")
_OUTSIDE = ("launch", "upload", "download")


def parts_table(results: Results, network: Workload, words: Words = ENGLISH) -> Table | None:
    """A row a part of each pass that was taken apart; None where none was."""
    rows = [row for run in _apart(results) for row in _rows(run, network)]
    if not rows:
        return None
    told: set[Text] = set()
    for i, (*cells, what) in enumerate(rows):  # once is enough
        rows[i] = (*cells, NOTHING if what in told else what)
        told.add(what)
    return said_table((tuple(map(Text, _HEAD)), *rows), words, left=(0, 2), keys=2)


def sums(results: Results) -> Iterator[Text]:
    """Where the parts of a pass take longer than it does, by how much and why."""
    longer: list[tuple[Text, float]] = []
    for run in _apart(results):
        assert run.stats is not None
        inside = sum(part.seconds for part in run.parts if part.what not in _OUTSIDE)
        if inside > SUMS * run.stats.p50:
            longer.append((backend_name(run.backend), inside / run.stats.p50))
    if longer:
        yield sum_told(longer)


def _apart(results: Results) -> Iterator[Run]:
    for run in sorted(results.runs, key=lambda run: run.batch):
        if run.parts and run.stats is not None and run.stats.p50:
            yield run


def _rows(run: Run, network: Workload) -> Iterator[tuple[Text, ...]]:
    assert run.stats is not None
    spent: dict[tuple[What, int], float] = {}
    for part in run.parts:
        spent[part.what, part.layer] = spent.get((part.what, part.layer), 0.0) + part.seconds
    for (what, layer), seconds in spent.items():
        yield (
            own(run.backend),
            Text("{batch:group}", batch=run.batch),
            label(what, NOTHING if what in _OUTSIDE else _layer(layer, network)),
            Text("{seconds:seconds}", seconds=seconds),
            Text("{share:percent}", share=seconds / run.stats.p50),
            meaning(what),
        )


def _layer(number: int, network: Workload) -> Text:
    """What a layer, or a product of a list, is called."""
    if number < len(network.layers):
        return layer_name(network.layers, number)
    name = next((gemm.name for gemm in network.lower() if gemm.layer == number), "")
    return own(name) if name else Text(N_("layer {number}"), number=number + 1)
