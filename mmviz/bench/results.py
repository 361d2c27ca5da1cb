"""All samples of one timing run, folded from the child's messages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from mmviz.backends.base import Part, Place
from mmviz.bench.hindrances import cause, hindrances
from mmviz.bench.load import Load, added
from mmviz.bench.machine import Machine
from mmviz.bench.messages import (
    Anew,
    Aside,
    Checked,
    Estimate,
    Failed,
    Fingerprint,
    Finished,
    Message,
    Parted,
    Phase,
    Placed,
    Progress,
    Remarked,
    Samples,
    Sensing,
    Started,
    Tiled,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.ranked import Ranked
from mmviz.bench.sensed import Sensed
from mmviz.bench.stats import Stats, summarize
from mmviz.core.device.device import Tile
from mmviz.core.provenance import Provenance
from mmviz.text import N_, P_, Text

MEASURED = Provenance("measured")
ESTIMATED = Provenance("estimated", Text(N_("from the part of a pass that ran")))


SLOW_CLOCK = 0.75
"""Share of its default, below which a GPU's clock makes a sample one of another machine; the
threshold is that of NVBench.
"""


class Run(msgspec.Struct, frozen=True):
    """One backend at one batch.

    `estimated`: samples_s holds one number, scaled up from the part of a pass that ran, and stats
    are those of this one number (n = 1).
    `failure`: why there is no result, or why it ended early. `spent_s`: seconds of computing behind
    the samples, each of which may be the mean of several passes. `load`: what went on beside them.
    `on_gpu`: a pass of each sample by the GPU's own clock, () where there is none. `parts`: where a
    pass goes. `fingerprint`: tells the precision; see `bench.fingerprint`. `tiles`: of
    each product of the pass, None or () where a library keeps them to itself. `place`: what it ran
    on, None for the CPU. `sensed`: what the computer's sensors told meanwhile. `cold`, `copied`:
    seconds of single passes, each after its caches were flushed, each with input and output copied
    from and to the host's memory; () where there are none. `remarks`: what is to be known of how it
    was prepared. `dropped`: samples that are not among them, as the GPU's clock was below
    SLOW_CLOCK of its default.
    """

    backend: str
    batch: int
    samples_s: tuple[float, ...]
    estimated: bool = False
    stats: Stats | None = None
    max_error: float | None = None
    failure: Text | None = None
    spent_s: float = 0.0
    load: Load | None = None
    on_gpu: tuple[float, ...] = ()
    parts: tuple[Part, ...] = ()
    fingerprint: float | None = None
    sensed: Sensed | None = None
    tiles: tuple[Tile | None, ...] = ()
    place: Place | None = None
    cold: tuple[float, ...] = ()
    copied: tuple[float, ...] = ()
    remarks: tuple[Text, ...] = ()
    dropped: int = 0

    @property
    def provenance(self) -> Provenance:
        """Measured, or estimated and from what."""
        return ESTIMATED if self.estimated else MEASURED

    @property
    def error(self) -> float | None:
        """How far the median may be off, as `core.verdict` has it: the logarithm of a factor, of
        little ones a share; None of an estimate, and of fewer than FEW samples.

        By chance as `Stats.error` says. Where something is known to have disturbed it, up to the
        quickest tenth as well: nobody makes a pass shorter, and a median may be all disturbance.
        """
        stats = self.stats
        if self.estimated or stats is None or stats.error is None:
            return None
        slowed = math.log(stats.p50 / stats.p10) if cause(self.load) and stats.p10 else 0.0
        return max(stats.error, slowed)

    @property
    def energy_j(self) -> float | None:
        """Joules of one pass, as far as sensors told them; None where none did."""
        return None if self.sensed is None else self.sensed.energy_j


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """One whole run: what was timed, on which machine, every sample."""

    version: int = 1
    network: str
    dtype: str
    training: bool
    seed: int
    machine: Machine | None
    runs: tuple[Run, ...]

    @property
    def hindrances(self) -> tuple[Text, ...]:
        """What kept it from having the machine to itself, over all of its runs."""
        loads = [run.load for run in self.runs]
        return (*hindrances(added(loads), self.machine, loads), *left_out(self.runs))


def left_out(runs: Iterable[Run]) -> tuple[Text, ...]:
    """How many samples of each backend were dropped, since its GPU ran too slowly for once."""
    dropped = Counter[str]()
    for run in runs:
        dropped[run.backend] += run.dropped
    said = P_(
        "{backend}: {n:group} sample was left out: the GPU's clock was below {share:percent2} of "
        "its usual one",
        "{backend}: {n:group} samples were left out: the GPU's clock was below {share:percent2} of "
        "its usual one",
    )
    return tuple(
        Text(said, backend=backend, n=n, share=SLOW_CLOCK) for backend, n in dropped.items() if n
    )


class Collector:
    """Folds messages into Results; `results()` may be asked at any time."""

    def __init__(self, plan: BenchPlan) -> None:
        self.plan = plan
        self.machine: Machine | None = None
        self.finished = False
        self._samples: dict[tuple[str, int], list[float]] = {
            (backend, batch): [] for batch in plan.batches for backend in plan.backends
        }
        self._ranked = {key: Ranked() for key in self._samples}
        self._known: dict[tuple[str, int], Run] = {}  # since the last message about it
        self._spent = dict.fromkeys(self._samples, 0.0)
        self._dropped = dict.fromkeys(self._samples, 0)
        self._loads: dict[tuple[str, int], Load | None] = {}
        self._estimates: dict[tuple[str, int], float] = {}
        self._errors: dict[tuple[str, int], float] = {}
        self._failures: dict[tuple[str, int], Text] = {}
        self._on_gpu: dict[tuple[str, int], list[float]] = {key: [] for key in self._samples}
        self._parts: dict[tuple[str, int], tuple[Part, ...]] = {}
        self._places: dict[tuple[str, int], Place] = {}
        self._remarks: dict[tuple[str, int], tuple[Text, ...]] = {}
        self._tiles: dict[tuple[str, int], tuple[Tile | None, ...]] = {}
        self._fingerprints: dict[str, float] = {}
        self._sensed: dict[tuple[str, int], Sensed] = {}
        self._asides: dict[str, dict[tuple[str, int], tuple[float, ...]]] = {
            "cold": {},
            "copies": {},
        }

    def add(self, message: Message) -> None:
        """Take one message in; messages about progress change nothing."""
        if isinstance(message, Samples):
            self._known.pop((message.backend, message.batch), None)
        elif not isinstance(message, Progress | Phase):
            self._known.clear()
        match message:
            case Started(machine):
                self.machine = machine
            case Samples(backend, batch, seconds):
                self._ranked[backend, batch].extend(seconds)
                self._dropped[backend, batch] += message.dropped
                self._samples[backend, batch].extend(seconds)
                self._on_gpu[backend, batch].extend(message.on_gpu)
                self._spent[backend, batch] += message.spent_s
                self._beside(backend, batch, message.load)
            case Estimate(backend, batch, seconds, _):
                self._estimates[backend, batch] = seconds
                self._beside(backend, batch, message.load)
            case Checked(backend, batch, max_error):
                self._errors[backend, batch] = max_error
            case Parted(backend, batch, parts):
                self._parts[backend, batch] = parts
            case Placed(backend, batch, place):
                self._places[backend, batch] = place
            case Remarked(backend, batch, remarks):
                self._remarks[backend, batch] = remarks
            case Tiled(backend, batch, tiles):
                self._tiles[backend, batch] = tiles
            case Aside(backend, batch, way, seconds):
                self._asides[way][backend, batch] = tuple(seconds)
            case Fingerprint(backend, _, e):
                self._fingerprints[backend] = e
            case Sensing(backend, batch, sensed):
                self._sensed[backend, batch] = sensed
            case Failed(backend, batch, reason):
                self._failures[backend, batch] = reason
            case Anew(backend, batch):
                self._forget(backend, batch)
            case Finished():
                self.finished = True
            case _:
                pass

    def _forget(self, backend: str, batch: int) -> None:
        key = backend, batch
        self._samples[key], self._on_gpu[key], self._spent[key] = [], [], 0.0
        self._ranked[key] = Ranked()
        self._dropped[key] = 0
        known: list[dict[tuple[str, int], Any]] = [
            *(self._loads, self._estimates, self._errors, self._failures, self._parts),
            *(self._tiles, self._sensed),
        ]
        for one in (*known, *self._asides.values()):
            one.pop(key, None)

    def _beside(self, backend: str, batch: int, load: Load | None) -> None:
        self._loads[backend, batch] = added((self._loads.get((backend, batch)), load))

    def samples(self, backend: str, batch: int) -> list[float]:
        """The live list of seconds per pass measured so far; do not change it."""
        return self._samples[backend, batch]

    @property
    def has_samples(self) -> bool:
        """Whether anything was measured or estimated yet."""
        return any(self._samples.values()) or bool(self._estimates)

    def run(self, backend: str, batch: int) -> Run:
        """What is known so far of one backend at one batch."""
        key = backend, batch
        if key not in self._known:
            self._known[key] = self._run(backend, batch)
        return self._known[key]

    def _run(self, backend: str, batch: int) -> Run:
        key = backend, batch
        estimate = None if self._samples[key] else self._estimates.get(key)
        samples = tuple(self._samples[key]) if estimate is None else (estimate,)
        return Run(
            backend,
            batch,
            samples,
            estimate is not None,
            self._ranked[key].stats() if estimate is None else summarize(samples),
            self._errors.get(key),
            self._failures.get(key),
            self._spent[key],
            self._loads.get(key),
            () if estimate is not None else tuple(self._on_gpu[key]),
            self._parts.get(key, ()),
            self._fingerprints.get(backend),
            sensed=self._sensed.get(key),
            tiles=self._tiles.get(key, ()),
            place=self._places.get(key),
            cold=self._asides["cold"].get(key, ()),
            copied=self._asides["copies"].get(key, ()),
            remarks=self._remarks.get(key, ()),
            dropped=self._dropped[key],
        )

    def results(self) -> Results:
        """Everything known so far, in the plan's order: batches, within them backends."""
        plan = self.plan
        return Results(
            network=plan.network.name,
            dtype=plan.dtype,
            training=plan.training,
            seed=plan.seed,
            machine=self.machine,
            runs=tuple(self.run(*key) for key in self._samples),
        )
