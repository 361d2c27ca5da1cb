"""What the timing child says while it works: one JSON object a line, tagged by `type`.

What is to be said to the user crosses as a Text, a msgid and its values: the child has no language.
Numbers are bounded here, where they are read: sums, squares and ratios of them stay numbers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import msgspec

from mmviz.backends.base import Part, Place
from mmviz.backends.registry import Entry
from mmviz.bench.crossing import (
    MOST_ESTIMATED_S,
    MOST_PASSES,
    MOST_S,
    MOST_TOLD,
    bounded,
    restored,
)
from mmviz.bench.load import Load
from mmviz.bench.machine import Machine
from mmviz.bench.measured import Measured, check
from mmviz.bench.plan import Learnt
from mmviz.bench.recorded import RecordedPass, RecordedProduct, RecordedRows, Unrecorded
from mmviz.bench.sensed import FIGURES, Sensed
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.core.device.device import Tile
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.text import NOTHING, Text

MOST_VALUES = 500_000  # commas of a line: a list of samples, a float of 32 bytes each
MOST_SENSED = 1e18  # bytes, watts, joules, megahertz
MOST_REASONS = 32  # of a GPU to slow down
MOST_INNER = 20_000  # lists and objects of a line: a list of products has a part for each


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The child is up and knows the machine it runs on; the first message of every run."""

    machine: Machine

    def __post_init__(self) -> None:
        check_short(self.machine)


class Phase(msgspec.Struct, frozen=True, tag="phase"):
    """What one backend does now."""

    backend: str
    batch: int
    phase: Literal["preparing", "warming", "timing", "checking"]


class Samples(msgspec.Struct, frozen=True, tag="samples"):
    """Seconds per pass, in order, measured since the last message about this backend and batch.

    Each sample is the mean of so many `passes` in a row. load: what went on beside them. on_gpu:
    seconds of one pass of each sample by the GPU's own clock, [] where there is none. dropped:
    samples before these that do not count, see `bench.results.Run`.
    """

    backend: str
    batch: int
    seconds: list[float]
    passes: int = 1
    load: Load | None = None
    on_gpu: list[float] = []
    dropped: int = 0

    def __post_init__(self) -> None:
        bounded(self.seconds, MOST_S)
        bounded(self.on_gpu, MOST_S)
        bounded((self.passes, self.dropped), MOST_PASSES)
        _check_load(self.load)

    @property
    def spent_s(self) -> float:
        """Seconds of computing."""
        return sum(self.seconds) * self.passes


class Estimate(msgspec.Struct, frozen=True, tag="estimate"):
    """One pass would take `seconds`: scaled up from the `fraction` (0 … 1) of it that ran."""

    backend: str
    batch: int
    seconds: float
    fraction: float
    load: Load | None = None

    def __post_init__(self) -> None:
        bounded((self.seconds,), MOST_ESTIMATED_S)
        bounded((self.fraction,), 1.0)
        _check_load(self.load)


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """Largest deviation from float64, relative to the largest value; see `bench.precision`."""

    backend: str
    batch: int
    max_error: float

    def __post_init__(self) -> None:
        bounded((self.max_error,), math.inf)


class Parted(msgspec.Struct, frozen=True, tag="parted"):
    """Where a pass goes: the median seconds of each of its parts; see `backends.base.Part`."""

    backend: str
    batch: int
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        bounded((part.seconds for part in self.parts), MOST_S)
        bounded((part.error or 0.0 for part in self.parts), MOST_S)
        bounded((part.layer for part in self.parts), MOST_VALUES)


class Placed(msgspec.Struct, frozen=True, tag="placed"):
    """What it computes on; see `backends.base.Place`."""

    backend: str
    batch: int
    place: Place


class Remarked(msgspec.Struct, frozen=True, tag="remarked"):
    """What is to be known of how it was prepared; see `backends.base.Ready.remarks`."""

    backend: str
    batch: int
    remarks: tuple[Text, ...]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "remarks", tuple(map(restored, self.remarks)))


class Tiled(msgspec.Struct, frozen=True, tag="tiled"):
    """The tiles its products are computed in; see `backends.base.Prepared.tiles`."""

    backend: str
    batch: int
    tiles: tuple[Tile | None, ...]

    def __post_init__(self) -> None:
        if not all(1 <= side <= MAX_COUNT for tile in self.tiles if tile for side in tile):
            raise ValueError("a tile without cells")


class Aside(msgspec.Struct, frozen=True, tag="aside"):
    """Seconds of single passes another way than the samples, which are hot and without copies.

    cold: each after its caches were flushed. copies: with its input brought from the host's memory
    and its output brought back.
    """

    backend: str
    batch: int
    way: Literal["cold", "copies"]
    seconds: list[float]

    def __post_init__(self) -> None:
        bounded(self.seconds, MOST_S)


class Fingerprint(msgspec.Struct, frozen=True, tag="fingerprint"):
    """What a product's errors tell of the precision it ran in; see `bench.fingerprint`."""

    backend: str
    batch: int
    e: float

    def __post_init__(self) -> None:
        bounded((self.e,), math.inf)


class Sensing(msgspec.Struct, frozen=True, tag="sensing"):
    """What the sensors told so far of one backend at one batch; the last one said holds."""

    backend: str
    batch: int
    sensed: Sensed

    def __post_init__(self) -> None:
        bounded((value or 0 for value in self.sensed.figures().values()), MOST_SENSED)
        slowed_by = self.sensed.throttle or ()
        if len(slowed_by) > MOST_REASONS or not set(FIGURES) >= set(self.sensed.missing):
            raise ValueError("more than sensors tell")
        for slowed in slowed_by:
            restored(Text(slowed))
        missing = {name: restored(why) for name, why in self.sensed.missing.items()}
        whole = msgspec.structs.replace(self.sensed, missing=missing)
        msgspec.structs.force_setattr(self, "sensed", whole)


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """One backend could not go on with this batch; the others do."""

    backend: str
    batch: int
    reason: Text

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "reason", restored(self.reason))


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """Share of the whole run that is done, 0 … 1; a calibration says what it does now."""

    done: float
    doing: Text = NOTHING

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "done", min(max(self.done, 0.0), 1.0))
        msgspec.structs.force_setattr(self, "doing", restored(self.doing))


class Calibrated(msgspec.Struct, frozen=True, tag="calibrated"):
    """All that a calibration found, said once."""

    measured: Measured

    def __post_init__(self) -> None:
        try:
            check(self.measured)
        except InputError as error:
            raise ValueError(str(error)) from None


class Compared(msgspec.Struct, frozen=True, tag="compared"):
    """Seconds per pass of both shapes of a pair, said once; `failure`: why there are none; load:
    what went on beside them.
    """

    seconds: tuple[list[float], list[float]] = ([], [])
    failure: Text = NOTHING
    load: Load | None = None

    def __post_init__(self) -> None:
        for seconds in self.seconds:
            bounded(seconds, MOST_S)
        _check_load(self.load)
        msgspec.structs.force_setattr(self, "failure", restored(self.failure))


class Looking(msgspec.Struct, frozen=True, tag="looking"):
    """Whether a backend can run here is found out now: should the child die, it was that."""

    backend: str


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """What was found out of one backend."""

    entry: Entry

    def __post_init__(self) -> None:
        entry = self.entry
        whole = replace(
            entry,
            title=restored(entry.title),
            reason=restored(entry.reason),
            remedy=restored(entry.remedy),
            note=restored(entry.note),
        )
        msgspec.structs.force_setattr(self, "entry", whole)


class Anew(msgspec.Struct, frozen=True, tag="anew"):
    """A backend is timed anew at this batch, since the run was paused: what was said of it before
    does not count.
    """

    backend: str
    batch: int


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The last message of a run that was not cut off."""


Message = (
    Started
    | Phase
    | Samples
    | Estimate
    | Checked
    | Parted
    | Placed
    | Remarked
    | Tiled
    | Aside
    | Fingerprint
    | Sensing
    | Failed
    | Progress
    | Calibrated
    | Compared
    | Looking
    | Looked
    | Taught
    | Judged
    | Learnt
    | Untaught
    | RecordedProduct
    | RecordedRows
    | RecordedPass
    | Unrecorded
    | Anew
    | Finished
)

_decoder = msgspec.json.Decoder(Message)


def encode(message: Message) -> bytes:
    """One line, newline included."""
    return msgspec.json.encode(message) + b"\n"


def decode(line: bytes) -> Message:
    """The message of one line; raises ValueError (such as msgspec.DecodeError) for anything else.

    A line that would be dear to decode is none: values and brackets are counted before.
    """
    if line.count(b",") > MOST_VALUES or line.count(b"[") + line.count(b"{") > MOST_INNER:
        raise ValueError("more values than a message has")
    try:
        message: Message = _decoder.decode(line)
    except RecursionError:
        raise ValueError("brackets nested too deep") from None
    return message


def check_short(machine: Machine) -> None:
    """Raises ValueError for texts of a machine that nobody could read."""
    if len(msgspec.json.encode(machine)) > MOST_TOLD:
        raise ValueError("a machine of too many words")


def _check_load(load: Load | None) -> None:
    if load is not None:
        bounded((abs(value or 0) for value in msgspec.structs.astuple(load)), MOST_S)
