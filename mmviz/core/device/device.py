"""A Device is a *model* of hardware: how many units, what each holds at once, how fast it is.

The real computer the program runs on is the Machine (`mmviz.bench.machine`); `this-machine` is a
Device made from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NoReturn, assert_never

from mmviz.core.device.body import (
    CYCLE,
    STEP,
    Body,
    BodyKind,
    Cpu,
    Gpu,
    Lanes,
    Noun,
    Systolic,
    own_noun,
)
from mmviz.core.device.lattice import Lattice
from mmviz.core.device.ranges import (
    CPU_CONSTANT,
    FIGURES,
    GPU_CONSTANTS,
    MAX_ERROR,
    MAX_LISTED,
    MAX_UNITS,
    Range,
    check_figure,
)
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import MAX_COUNT, check_count
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text

Tile = tuple[int, int]
Sides = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
Status = Literal["datasheet", "measured", "derived", "assumed", "listed"]
MAX_CONSTANTS = 24
_FACTOR: Range = (0.1, 10.0)  # of what a tile costs beside the others
_PLAIN = ("bandwidth", "launch_s", "clock", "l2", "memory", "power_limit", "price_hour")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a device as published, to be shown: 2039 GB/s, a datasheet's.

    The same quantity in SI units is a field of the Device; `mmviz.core.device.figures` says which.
    """

    name: str
    value: float
    unit: str
    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants of the time model in one dtype, fitted to measured rows.

    constants: (name, value) pairs, at most MAX_CONSTANTS, each above 0. rows: how many they were
    fitted on; held_out: how many were kept out. error, error_long, error_short: mean absolute error
    as a share of the measured time, over all kept-out rows, over those above 50 µs and over the
    others; None: not known. source: whose rows or constants they are; remark: what else the file
    says of them. own: fitted on this very device; False for another's constants, or for a changed
    device. least_m: fewer rows of C than this were never measured. sides: least and most of m, n
    and k that were; None: nobody says. changed: the device was changed after they were fitted or
    lent. tiles: by which factor the work of a tile is dearer than the constants say, 1 for those
    not named. learned: what its rows taught beyond the constants.
    """

    dtype: str
    constants: tuple[tuple[str, float], ...]
    rows: int
    held_out: int
    error: float | None
    error_long: float | None
    source: str
    own: bool
    error_short: float | None = None
    least_m: int = 1
    changed: bool = False
    remark: str = ""
    sides: Sides | None = None
    tiles: tuple[tuple[Tile, float], ...] = ()
    learned: Lattice | None = None

    def __post_init__(self) -> None:
        dtype = check_dtype(self.dtype)
        if not 1 <= len(self.constants) <= MAX_CONSTANTS:
            raise InputError(
                N_("calibration in {dtype} has 1 to {most} constants, not {n}"),
                dtype=dtype,
                most=MAX_CONSTANTS,
                n=len(self.constants),
            )
        if len(dict(self.constants)) < len(self.constants):
            raise InputError(N_("calibration in {dtype} names a constant twice"), dtype=dtype)
        of = N_("{name} of the calibration in {dtype}")
        for name, value in self.constants:
            within = GPU_CONSTANTS.get(name, CPU_CONSTANT)
            check_figure(value, Text(of, name=name, dtype=dtype), within)
        if len(self.tiles) > MAX_LISTED or len(dict(self.tiles)) < len(self.tiles):
            raise InputError(
                N_("calibration in {dtype} names a tile twice, or more than {most}"),
                dtype=dtype,
                most=MAX_LISTED,
            )
        for tile, value in self.tiles:
            name = "{}x{}".format(*tile)
            for side in tile:
                check_count(side, Text(of, name=name, dtype=dtype))
            check_figure(value, Text(of, name=name, dtype=dtype), _FACTOR)
        if self.rows < 0 or self.held_out < 0:
            raise InputError(
                N_("calibration in {dtype}: numbers of rows are 0 or more"), dtype=dtype
            )
        check_count(self.least_m, Text(of, name="least_m", dtype=dtype))
        for least, most in self.sides or ():
            for count in (least, most):
                check_count(count, Text(of, name="sides", dtype=dtype))
            if least > most:
                said = N_("calibration in {dtype}: sides go from the least to the most measured")
                raise InputError(said, dtype=dtype)
        for error in (self.error, self.error_long, self.error_short):
            if error is not None and not 0 <= error <= MAX_ERROR:
                raise InputError(
                    N_("calibration in {dtype}: an error is a share, 0 or more, not {e!r:.40}"),
                    dtype=dtype,
                    e=error,
                )

    def constant(self, name: str) -> float | None:
        """The constant of that name, None where there is none."""
        return dict(self.constants).get(name)


@dataclass(frozen=True, slots=True)
class TileStep:
    """A step of the rule by which a library was seen to choose tiles; the first that holds counts.

    It holds up to `blocks` blocks of 64 × 64 cells a unit and up to `work` multiplications a unit.
    Of its tiles the first is chosen, unless a later one computes a twentieth fewer cells.
    """

    tiles: tuple[Tile, ...]
    blocks: float = math.inf
    work: float = math.inf


@dataclass(frozen=True, slots=True)
class Device:
    """`units` lanes, cores, SMs or systolic arrays; body: what is of that kind only.

    peaks: (dtype id, FLOP/s) of the whole device, dense; empty where no figure is known (lanes
    count steps instead, a CPU must be measured). bandwidth: bytes/s. launch_s: seconds until a
    product begins to compute, None: not known. tiles: shapes a library would use, most efficient
    first; tiles_by_dtype: others for a dtype that runs elsewhere, as float32 beside tensor cores;
    tile_steps: the rule a library follows in a dtype, where one was found.
    resident: (cells, tiles) pairs, largest first: a tile of at least that many cells shares
    its unit with so many tiles.

    clock: Hz at which the peaks hold. l2: bytes. memory: bytes, of gigabytes as datasheets print
    them; None: not known, or nobody asks. power_limit: W that it may draw for long. price_hour: in
    `currency`. unit_name: what a unit is called where the body's word is wrong. figures: where all
    of these come from. calibrations: of the time model, at most one a dtype. missing: why there
    are none although they could be had; remedy: how. about and source are quoted from a file, but
    for an about that is made.
    """

    id: str
    name: str
    body: Body
    units: int
    tiles: tuple[Tile, ...] = ((1, 1),)
    resident: tuple[tuple[int, int], ...] = ((1, 1),)
    k_step: int = 1
    peaks: tuple[tuple[str, float], ...] = ()
    bandwidth: float | None = None
    launch_s: float | None = None
    about: str | Text = ""
    source: str = ""
    tiles_by_dtype: tuple[tuple[str, tuple[Tile, ...]], ...] = ()
    tile_steps: tuple[tuple[str, tuple[TileStep, ...]], ...] = ()
    unit_name: str = ""
    clock: float | None = None
    l2: float | None = None
    memory: float | None = None
    power_limit: float | None = None
    price_hour: float | None = None
    currency: str = "USD"
    figures: tuple[Figure, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    missing: Text = NOTHING
    remedy: Text = NOTHING

    def __post_init__(self) -> None:
        check_count(self.units, self._what("units"), MAX_UNITS)
        if not self.tiles or not self.resident or self.resident[-1][0] != 1:
            self._refuse(N_("device {id!r:.80} needs tiles, and residency down to tiles of 1 cell"))
        check_count(self.k_step, self._what("k_step"))
        self._check_tiles()
        cells = [pair[0] for pair in self.resident]
        if cells != sorted(cells, reverse=True):
            self._refuse(N_("residency of device {id!r:.80} must go from large tiles to small"))
        self._check_figures()
        for dtype, steps in self.tile_steps:
            if not steps or not all(step.tiles for step in steps):
                self._refuse(
                    N_("device {id!r:.80}: a step of tiles in {dtype} has no tiles"), dtype
                )
        dtypes = [calibration.dtype for calibration in self.calibrations]
        if len(set(dtypes)) < len(dtypes):
            self._refuse(N_("device {id!r:.80} has two calibrations in one dtype"))

    def _what(self, figure: str | Text) -> Text:
        return Text(N_("{figure} of device {id!r:.80}"), figure=figure, id=self.id)

    def _refuse(self, why: str, dtype: str = "") -> NoReturn:
        raise InputError(Text(why, id=self.id, dtype=dtype) if dtype else Text(why, id=self.id))

    def _check_figures(self) -> None:
        for dtype, peak in self.peaks:
            in_dtype = Text(N_("peak in {dtype}"), dtype=check_dtype(dtype))
            check_figure(peak, self._what(in_dtype), FIGURES["peak"])
        for name in _PLAIN:
            value = getattr(self, name)
            if value is not None:
                check_figure(value, self._what(name), FIGURES[name])
        match self.body:
            case Lanes() | Cpu():
                pass
            case Systolic(array=array):
                for side in array:
                    check_count(side, self._what("array"))
            case Gpu():
                for name in ("matrix_units", "matrix_fma", "smem", "max_threads", "max_tiles"):
                    count = getattr(self.body, name)
                    if count is not None:
                        check_count(count, self._what(name))
            case _:
                assert_never(self.body)

    def _check_tiles(self) -> None:
        steps = [step for _, steps in self.tile_steps for step in steps]
        lists = [self.tiles, *(tiles for _, tiles in self.tiles_by_dtype)]
        lists += [step.tiles for step in steps]
        if max(len(steps), len(self.resident), *map(len, lists)) > MAX_LISTED:
            raise InputError(
                N_("device {id!r:.80} has more than {most} tiles, steps or residencies in a list"),
                id=self.id,
                most=MAX_LISTED,
            )
        for side in (side for tiles in lists for tile in tiles for side in tile):
            check_count(side, self._what(Text(N_("side of a tile"))))
        for step in steps:
            for name, value in (("blocks", step.blocks), ("work", step.work)):
                if not value > 0:
                    above = N_("{what} must be a number above 0, not {value!r:.40}")
                    raise InputError(above, what=self._what(name), value=value)
        for cells, tiles in self.resident:
            check_figure(cells, self._what(Text(N_("cells of a tile"))), (1, MAX_COUNT**2))
            check_count(tiles, self._what(Text(N_("tiles on one unit"))))

    @property
    def kind(self) -> BodyKind:
        """The body's id, for files and JSON; who acts on it matches the body."""
        return self.body.kind

    @property
    def noun(self) -> Noun:
        """What its units are called: the body's word, or the device's own."""
        return own_noun(self.unit_name) if self.unit_name else self.body.unit

    @property
    def unit(self) -> str:
        """What one unit is called in files and listings, in no language: lane, core, SM, CU."""
        return str(self.noun.one)

    def counts(self, n: int) -> Text:
        """So many of its units: '108 SMs'."""
        return self.noun.counts(n)

    @property
    def tick(self) -> Noun:
        """What the picture counts where no seconds are known: cycles of an array, else steps."""
        return CYCLE if self.body.step == CYCLE else STEP

    @property
    def array(self) -> tuple[int, int] | None:
        """Rows × columns of multipliers of one systolic array, None of others."""
        return self.body.array if isinstance(self.body, Systolic) else None

    @property
    def blas_core(self) -> str:
        """The kernels the BLAS of a CPU runs; "" of others, and where nobody knows."""
        return self.body.blas_core if isinstance(self.body, Cpu) else ""

    def peak(self, dtype: str) -> float | None:
        """FLOP/s of the whole device in `dtype`, None where no figure is known."""
        return dict(self.peaks).get(dtype)

    def tiles_for(self, dtype: str) -> tuple[Tile, ...]:
        """Tile shapes a library would use in `dtype`, most efficient first."""
        return dict(self.tiles_by_dtype).get(dtype) or self.tiles

    def steps_for(self, dtype: str) -> tuple[TileStep, ...]:
        """The rule its library chooses tiles by in `dtype`, () where none is known."""
        return dict(self.tile_steps).get(dtype, ())

    def calibration(self, dtype: str) -> Calibration | None:
        """The constants of the time model in `dtype`, None where none were fitted."""
        return next((found for found in self.calibrations if found.dtype == dtype), None)

    def resident_tiles(self, tile: Tile) -> int:
        """How many tiles of this shape one unit holds at once."""
        cells = tile[0] * tile[1]
        return next(tiles for least, tiles in self.resident if cells >= least)

    def slots(self, tile: Tile) -> int:
        """Tiles of this shape that are computed at the same time on the whole device."""
        return self.units * self.resident_tiles(tile)
