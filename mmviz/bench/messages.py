"""What the timing child says while it works: one JSON object a line, tagged by `type`."""

from __future__ import annotations

import msgspec

from mmviz.bench.machine import Machine
from mmviz.bench.measured import Measured


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The child is up and knows the machine it runs on; the first message of every run."""

    machine: Machine


class Phase(msgspec.Struct, frozen=True, tag="phase"):
    """What one backend does now: preparing | warming | timing | checking."""

    backend: str
    batch: int
    phase: str


class Samples(msgspec.Struct, frozen=True, tag="samples"):
    """Seconds per pass, in order, measured since the last message about this backend and batch."""

    backend: str
    batch: int
    seconds: list[float]


class Estimate(msgspec.Struct, frozen=True, tag="estimate"):
    """One pass would take `seconds`: scaled up from the `fraction` (0 … 1) of it that ran."""

    backend: str
    batch: int
    seconds: float
    fraction: float


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """Largest deviation from float64, relative to the largest value; see `bench.precision`."""

    backend: str
    batch: int
    max_error: float


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """One backend could not go on with this batch; the others do."""

    backend: str
    batch: int
    reason: str


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """Share of the whole run that is done, 0 … 1; a calibration says what it does now."""

    done: float
    doing: str = ""


class Calibrated(msgspec.Struct, frozen=True, tag="calibrated"):
    """All that a calibration found, said once."""

    measured: Measured


class Compared(msgspec.Struct, frozen=True, tag="compared"):
    """Seconds per pass of both shapes of a pair, said once; `failure`: why there are none."""

    seconds: tuple[list[float], list[float]] = ([], [])
    failure: str = ""


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The last message of a run that was not cut off."""


Message = (
    Started
    | Phase
    | Samples
    | Estimate
    | Checked
    | Failed
    | Progress
    | Calibrated
    | Compared
    | Finished
)

_decoder = msgspec.json.Decoder(Message)


def encode(message: Message) -> bytes:
    """One line, newline included."""
    return msgspec.json.encode(message) + b"\n"


def decode(line: bytes) -> Message:
    """The message of one line; raises msgspec.DecodeError (a ValueError) for anything else."""
    message: Message = _decoder.decode(line)
    return message
