"""The CUDA C of a product in tiles, made for one number format, tile, and way its operands lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from mmviz.core.device.device import Tile

_HERE = Path(__file__).parent
_GAP = 4  # of plain.cu: floats between rows

_LITTLE_SHARED = (86, 88, 89, 120, 121)
"""Of 100 KB: CUDA C++ Programming Guide, technical specifications per compute capability."""

TILES: tuple[Tile, ...] = tuple(
    (m, n) for m in (64, 128, 256) for n in (64, 128, 256) if (m, n) != (256, 256)
)
"""Cells along m and n that a tile can have: of more a thread had no registers left."""

DTYPES = ("float32", "float16", "bfloat16")
"""Of the operands; sums are float."""

ENTRIES = ("tiles", "add_parts", "probe")
"""What can be launched of every program."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program. dtype: of the operands, by its id. a_turned, b_turned: A lies as [k × m], B as
    [n × k]. summed: the result is of float, not in the format of the operands; parted: the tiles
    are, which are to be added up.
    """

    dtype: str
    tile: Tile = (128, 128)
    a_turned: bool = False
    b_turned: bool = False
    summed: bool = False
    parted: bool = False

    options: ClassVar[tuple[str, ...]] = ("--std=c++17",)

    @property
    def plain(self) -> bool:
        """Whether it computes by multiply-adds of float; else by tensor cores."""
        return self.dtype == "float32"

    @property
    def threads(self) -> int:
        """Of a block: a warp for each 32 × 64 cells, with tensor cores 64 × 64."""
        m, n = self.tile
        return m * n // (64 if self.plain else 128)

    @property
    def k_step(self) -> int:
        """Terms of k that are in shared memory at once: few, but such that each thread brings as
        many packs of 16 bytes as the others.
        """
        if not self.plain:
            return 32
        return 8 if all(2 * side % self.threads == 0 for side in self.tile) else 16

    def stages(self, capability: int) -> int:
        """How many such steps have room: more where copies go on by themselves, from Ampere on."""
        if self.plain or capability < 80:
            return 2
        return 3 if capability in _LITTLE_SHARED else 4

    def shared_bytes(self, capability: int) -> int:
        """Shared memory a block is to be given."""
        m, n = self.tile
        if self.plain:
            return 4 * self.stages(capability) * self.k_step * (m + n + 2 * _GAP)
        return 2 * self.stages(capability) * self.k_step * (m + n)

    def source(self, capability: int) -> str:
        """CUDA C for a GPU of that compute capability, such as 90; raises ValueError where it has
        no such units.
        """
        if self.dtype == "bfloat16" and capability < 80:
            raise ValueError("no bfloat16 before Ampere")
        element = "float" if self.plain else "unsigned short"
        defined = {
            "BM": self.tile[0],
            "BN": self.tile[1],
            "BK": self.k_step,
            "GAP": _GAP,
            "THREADS": self.threads,
            "BLOCKS": (512 if self.plain else 256) // self.threads,  # that an SM is to hold
            "STAGES": self.stages(capability),
            "A_TURNED": int(self.a_turned),
            "B_TURNED": int(self.b_turned),
            "PLAIN": int(self.plain),
            "BRAIN": int(self.dtype == "bfloat16"),
            "T": element,
            "OUT": "float" if self.summed or self.parted else element,
            "RESULT": "float" if self.summed else element,
        }
        lines = [f"#define {name} {value}" for name, value in defined.items()]
        texts = ("machine", "tiles", "plain" if self.plain else "tensor")
        return "\n".join((*lines, *(_text(name) for name in texts)))


@cache
def _text(name: str) -> str:
    return (_HERE / f"{name}.cu").read_text(encoding="utf-8")
