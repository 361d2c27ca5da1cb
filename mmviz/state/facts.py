"""Facts: what was found out, in one frozen value, as Session is what was wanted.

Results belong to the Pass they were measured of, so that they survive every edit and are found
again when the same setup comes back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from mmviz.backends.registry import Entry
from mmviz.bench.results import Results
from mmviz.core.advice.neighbours import Change
from mmviz.core.device.device import Device
from mmviz.core.learning.weights import Weights
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.network import Network
from mmviz.core.time.setup import Pass
from mmviz.files.devices import read_device
from mmviz.files.journal import KeptRun, lean
from mmviz.files.recordings.shelf import KeptRecording
from mmviz.state.learn.course import Course
from mmviz.state.learn.swept import Swept
from mmviz.text import NOTHING, Text

MOST_RUNS = 200  # remembered; the oldest go first
MOST_EARLIER = 4  # read from disk to be compared with
MOST_LESSONS = 8  # each has its weights
MOST_RECORDINGS = 20  # each has its tiles


@dataclass(frozen=True, slots=True)
class Timed:
    """A run that is over, and what it was of. ended: why it broke, NOTHING where it did not.

    done: share of it, less than 1 where it broke or was stopped. kept: whether its samples are on
    disk, too, in the file `path`. when: it was read from there, and had begun so many seconds after
    1970; began: the same of one that this window measured.
    """

    of: Pass
    results: Results
    ended: Text
    done: float = 1.0
    kept: bool = False
    when: float | None = None
    path: Path | None = None
    began: float | None = None

    @property
    def moment(self) -> float | None:
        """When it began, wherever it comes from."""
        return self.began if self.when is None else self.when

    def covers(self, of: Pass) -> bool:
        """Whether that very pass was timed by it: its own, or one of a sweep over the batch."""
        if of == self.of:
            return True
        timed = any(run.batch == of.batch and run.samples_s for run in self.results.runs)
        return timed and replace(self.of, batch=of.batch) == of

    @property
    def empty(self) -> bool:
        """Whether it was stopped before there was anything to tell of it."""
        told = any(run.samples_s or run.failure for run in self.results.runs)
        return not told and not self.ended


@dataclass(frozen=True, slots=True)
class Sweeping:
    """A run over several batches that is on. so_far: what is known of those that are over; batch:
    the one that is being timed, the `number`-th of `count`.
    """

    so_far: Timed
    batch: int
    number: int
    count: int

    @classmethod
    def at(cls, batch: int, of: Pass, results: Results) -> Sweeping:
        """What there is of a run over the batches of `results`, in their order, at one of them."""
        batches = tuple(dict.fromkeys(run.batch for run in results.runs))
        number = batches.index(batch)
        over = tuple(run for run in results.runs if run.batch in batches[:number])
        so_far = Timed(of, msgspec.structs.replace(results, runs=over), NOTHING)
        return cls(so_far, batch, number + 1, len(batches))


@dataclass(frozen=True, slots=True)
class Measuring:
    """A change of a pass on a device, by its id: what is measured by comparing two shapes."""

    of: Pass
    device: str
    change: Change


@dataclass(frozen=True, slots=True)
class Facts:
    """devices: by id, as their files say. backends: who could compute here, () before anybody
    looked. runs: oldest first. gains: what measuring a change of a pass on a device said;
    measuring: the one that is being measured. recordings: passes as they really ran, the one
    recorded or opened last at the end; against: the one that is held against those of the same
    products, None: their model is; kept_recordings: those on disk, of this user, then those that
    mmviz ships. kept: runs that are on disk, the last one first; opened: one that was read from
    there and is looked at in place of all others, None for none. sweeping: a run over batches that
    is on, None where there is none. earlier: kept runs that were read to be compared with, by when
    they began, or why one cannot be read; compare_to: the one that somebody chose, None for the
    last before the run that is shown. lessons: courses by which networks were taught, the one that
    began last at the end. rungs: a layer as the rungs of the ladder computed it; climbing: that is
    being timed. swept: the last sweep of the batch size for learning. taught_since: when, in s
    since 1970; what a network learnt in courses that began before is not looked at, in a lesson.
    """

    devices: Mapping[str, Device] = field(default_factory=dict)
    backends: tuple[Entry, ...] = ()
    runs: tuple[Timed, ...] = ()
    gains: Mapping[Measuring, Text] = field(default_factory=dict)
    measuring: Measuring | None = None
    recordings: tuple[Recording, ...] = ()
    against: Recording | None = None
    kept_recordings: tuple[KeptRecording, ...] = ()
    kept: tuple[KeptRun, ...] = ()
    opened: Timed | None = None
    sweeping: Sweeping | None = None
    earlier: Mapping[float, Timed | Text] = field(default_factory=dict)
    compare_to: float | None = None
    lessons: tuple[Course, ...] = ()
    rungs: Timed | None = None
    climbing: bool = False
    swept: Swept | None = None
    taught_since: float = -math.inf

    def run_of(self, timed: Pass) -> Timed | None:
        """The last run of this very pass, None where there is none."""
        return next((run for run in reversed(self.runs) if run.covers(timed)), None)

    @property
    def gpu(self) -> str | None:
        """What the GPU here is called, None where no backend can use one or nobody looked."""
        return next((entry.gpu for entry in self.backends if entry.gpu), None)

    @property
    def last(self) -> Timed | None:
        """The last run of all."""
        return self.runs[-1] if self.runs else None

    def lesson_of(self, network: Network) -> Course | None:
        """The last course by which this network was taught, None where there is none."""
        courses = (one for one in reversed(self.lessons) if one.began >= self.taught_since)
        return next((one for one in courses if one.teaches(network)), None)

    def knows(self, network: Network) -> Weights | None:
        """What this network learnt in its last course, None before it learnt anything."""
        found = self.lesson_of(network)
        return None if found is None else found.weights

    def with_lesson(self, course: Course) -> Facts:
        """With a course, in the place of what was known of it before."""
        others = [one for one in self.lessons if one.began != course.began]
        lessons = sorted((*others, course), key=lambda one: one.began)
        return replace(self, lessons=tuple(lessons[-MOST_LESSONS:]))

    def knowing(self, device: str) -> Facts:
        """With the device of that id, read where it is not known; raises InputError."""
        if device in self.devices:
            return self
        return self.read_again(device)

    def read_again(self, device: str) -> Facts:
        """With the device as its file is now; raises InputError."""
        return replace(self, devices={**self.devices, device: read_device(device)})

    def with_run(self, run: Timed) -> Facts:
        """One run more; one that was stopped before its first sample takes no other's place."""
        if run.empty and self.run_of(run.of) is not None:
            return replace(self, opened=None)
        return replace(self, runs=(*self.runs, run)[-MOST_RUNS:], opened=None)

    def with_earlier(self, when: float, found: Timed | Text) -> Facts:
        """With a kept run that was read; of those that were before it the last few stay."""
        others = [item for item in self.earlier.items() if item[0] != when]
        return replace(self, earlier=dict([*others[-MOST_EARLIER + 1 :], (when, found)]))

    def with_gain(self, of: Measuring, said: Text) -> Facts:
        """What measuring a change said; NOTHING takes it back."""
        kept = {key: text for key, text in self.gains.items() if key != of}
        return replace(self, gains={**kept, of: said} if said else kept)

    def recording_of(self, timed: Pass) -> Recording | None:
        """The last recording of this very pass, whatever its numbers are; None where there is none.

        What a file has of a model is no recording.
        """
        ran = (one for one in reversed(self.recordings) if one.ran)
        return next((one for one in ran if alike(one.of, timed)), None)

    def with_recording(self, recording: Recording) -> Facts:
        """With it as the last one; the oldest go."""
        others = [one for one in self.recordings if one is not recording]
        return replace(self, recordings=(*others, recording)[-MOST_RECORDINGS:])

    def with_against(self, recording: Recording | None) -> Facts:
        """What recordings are held against from now on; None: the model."""
        return replace(self, against=recording)

    def with_kept_recordings(self, kept: tuple[KeptRecording, ...]) -> Facts:
        """Those on disk as they are now."""
        return replace(self, kept_recordings=kept)


def alike(of: Pass, other: Pass) -> bool:
    """Whether both are one pass but for numbers given one by one: how long it takes, and which tile
    comes when, does not depend on them.
    """
    if replace(of, workload=other.workload) != other or of.workload.name != other.workload.name:
        return False
    return of.workload == other.workload or lean(of.workload) == lean(other.workload)
