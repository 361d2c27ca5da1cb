"""A Device is a *model* of hardware: how many units, what each holds at once, how fast it is.

The real computer the program runs on is the Machine (`mmviz.bench.machine`); `this-machine` is a
Device made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.core.network import check_count
from mmviz.errors import InputError

Kind = Literal["lanes", "cpu", "gpu", "systolic"]
Dataflow = Literal["ws", "os", "is"]
UNIT_NAMES: dict[str, str] = {"lanes": "lane", "cpu": "core", "gpu": "SM", "systolic": "array"}
Tile = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Device:
    """`units` lanes, cores, SMs or systolic arrays.

    peaks: (dtype id, FLOP/s) of the whole device, dense; empty where no figure is known (lanes
    count steps instead, a CPU must be measured). bandwidth: bytes/s. launch_s: seconds until a
    product begins to compute, None: not known. tiles: shapes a library would use, most efficient
    first. resident: (cells, tiles) pairs, largest first: a tile of at least that many cells shares
    its unit with so many tiles. array: rows × columns of
    multipliers of one systolic array, which counts cycles and cuts tiles to its own size; dataflow:
    what sits still in it unless asked otherwise. blas_core: the kernels a CPU's BLAS runs, which
    decide how OpenBLAS parts a product.
    """

    id: str
    name: str
    kind: Kind
    units: int
    tiles: tuple[Tile, ...] = ((1, 1),)
    resident: tuple[tuple[int, int], ...] = ((1, 1),)
    k_step: int = 1
    peaks: tuple[tuple[str, float], ...] = ()
    bandwidth: float | None = None
    launch_s: float | None = None
    compute_capability: str = ""
    about: str = ""
    source: str = ""
    array: tuple[int, int] | None = None
    dataflow: Dataflow = "ws"
    blas_core: str = ""

    def __post_init__(self) -> None:
        check_count(self.units, f"units of device {self.id!r}")
        if not self.tiles or not self.resident or self.resident[-1][0] != 1:
            raise InputError(
                f"device {self.id!r} needs tiles, and residency down to tiles of 1 cell"
            )
        if (self.array is None) == (self.kind == "systolic"):
            raise InputError(f"device {self.id!r}: systolic arrays, and only they, need an array")
        for side in self.array or ():
            check_count(side, f"array of device {self.id!r}")
        cells = [pair[0] for pair in self.resident]
        if cells != sorted(cells, reverse=True):
            raise InputError(f"residency of device {self.id!r} must go from large tiles to small")

    @property
    def unit(self) -> str:
        """What one unit is called: lane, core, SM or array."""
        return UNIT_NAMES[self.kind]

    @property
    def step(self) -> str:
        """What time is counted in where no seconds are known: cycles of an array, else steps."""
        return "cycle" if self.kind == "systolic" else "step"

    def peak(self, dtype: str) -> float | None:
        """FLOP/s of the whole device in `dtype`, None where no figure is known."""
        return dict(self.peaks).get(dtype)

    def resident_tiles(self, tile: Tile) -> int:
        """How many tiles of this shape one unit holds at once."""
        cells = tile[0] * tile[1]
        return next(tiles for least, tiles in self.resident if cells >= least)

    def slots(self, tile: Tile) -> int:
        """Tiles of this shape that are computed at the same time on the whole device."""
        return self.units * self.resident_tiles(tile)
