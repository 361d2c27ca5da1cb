"""Races for tests: a made GPU, and the table of a race as it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.files import networks
from mmviz.state.race.race import Raced
from mmviz.state.session import Session, open_file
from mmviz.text import Text


def preset(name: str, **changes: object) -> Session:
    return replace(open_file(networks.read_preset(name)), **changes)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table as it is read."""

    label: str
    left: str
    right: str
    ratio: str
    better: str
    source: str
    tip: str
    why_none: str


def row(derived: Raced, label: str) -> Line:
    found = next(row for row in derived.rows if str(row.label).startswith(label))
    return Line(**{name: plain(getattr(found, name)) or "—" for name in Line.__slots__})


def plain(text: Text | str) -> str:
    return str(text).replace("\u202f", " ")


# Made, so that every figure follows from it alone: no constants are fitted to it and no launch is
# known, so nothing is lost but to tiles, waves and memory.
GPU = Device(
    "a100",
    "A made GPU",
    Gpu(),
    108,
    ((128, 128), (64, 64)),
    resident=((32768, 1), (8192, 2), (1, 4)),
    k_step=32,
    peaks=(("float32", 19.5e12), ("float16", 312e12)),
    bandwidth=2e12,
)


def alexnet_on_it() -> Session:
    """AlexNet's classifier on that GPU."""
    return preset("alexnet", device="a100", dtype="float16", batch=2048, edited=GPU)
