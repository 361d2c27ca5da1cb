"""The constants of a GPU's time model in a number format, and which calibration they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace

from mmviz.core.device.device import Calibration, Device, Tile
from mmviz.core.device.ranges import GPU_CONSTANTS, check_figure
from mmviz.core.shapes.dtype import BYTES, NARROW
from mmviz.core.time.alignment import ODD_HALVES
from mmviz.errors import InputError
from mmviz.text import N_, Text

# Partly a time (0 would be work, 1 a time): above, a higher peak would cost time on some device.
SLOWER_EDGE = 0.4

_LIKE = {
    "float64": ("float32", "bfloat16", "float16"),
    "float32": ("float64", "bfloat16", "float16"),
    "tf32": ("bfloat16", "float16"),
    "float16": ("bfloat16",),
    "bfloat16": ("float16",),
    "float8": ("int8", "bfloat16", "float16"),
    "int8": ("float8", "bfloat16", "float16"),
    "nvfp4": ("float8", "int8", "bfloat16", "float16"),
}
_ALIKE = (("float16", "bfloat16"),)


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of a device in one dtype; those from `reach` on need not be given.

    t0: seconds until a product begins and after it ends. cell, side: what a tile's cells and its
    sides cost, in cells at the peak. edge: terms of k that the start and the end of a tile take.
    wave: seconds between waves. share: of the bandwidth that a full device reaches, 0 … 1.
    hit: share of the bytes that the L2 keeps of what fits it. join: seconds to start the
    reduction of split-K. smooth: exponent of the smooth maximum of compute and memory. heat: share
    of the time at the peak by which products much longer than 1 ms are slower.

    reach: what one unit can stream for its tile, in even shares of the bandwidth reached; act: how
    much of the tile's rows of A counts beside its columns of B. others: how many layers' weights
    the L2 must hold for a layer's own still to be there; fall: how sharply it stops holding, an
    exponent. pace: seconds from one launch to the next below which the host cannot go. cast: what
    quantizing A costs, in times its bytes take to be read and written; cast_far: so much more
    where they do not fit the L2; cast_few: seconds a term of k more while rows are few. gap:
    seconds before each product of eager calls, apart from all else. rate: how many times faster its
    units run than the clock the peak belongs to. odd: how many times longer products compute whose
    rows are of odd length; what it is without, `alignment` derives. tiles: by which factor the work
    of a tile is dearer than cell and side say; 1 for those not named.
    """

    t0: float
    cell: float
    side: float
    edge: float
    wave: float
    share: float
    hit: float
    join: float
    smooth: float
    heat: float
    reach: float = 1.0
    act: float = 0.0
    others: float = 8.0
    fall: float = 4.0
    pace: float = 0.0
    cast: float = 0.0
    cast_far: float = 0.0
    cast_few: float = 0.0
    gap: float = 0.0
    rate: float = 1.0
    odd: float = ODD_HALVES
    tiles: tuple[tuple[Tile, float], ...] = ()

    @property
    def named(self) -> dict[str, float]:
        """By name, without those that need not be given and are what they are without."""
        values = {name: getattr(self, name) for name in (*CONSTANT_NAMES, *OPTIONAL_NAMES)}
        return {name: value for name, value in values.items() if value != _WITHOUT.get(name)}

    def but(self, values: Mapping[str, float]) -> Constants:
        """With these constants, by name, in place of its own."""
        return replace(self, **values)  # type: ignore[arg-type]  # tiles is no constant's name


_NO_LIMIT = 1e9  # of what a unit streams: none
IDEAL = Constants(0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 64.0, 0.0, _NO_LIMIT, odd=1.0)
"""Nothing lost but to tiles and waves: what a datasheet alone says. Of rows that are not aligned it
says nothing, and some of these devices have no matrix units to be fed."""

_WITHOUT = {field.name: field.default for field in fields(Constants) if field.name != "tiles"}
CONSTANT_NAMES = tuple(name for name, value in _WITHOUT.items() if value is MISSING)
OPTIONAL_NAMES = tuple(name for name, value in _WITHOUT.items() if value is not MISSING)


def constants_from(
    values: Mapping[str, float], tiles: tuple[tuple[Tile, float], ...] = ()
) -> Constants:
    """Constants by name; raises InputError where one is missing, unknown or out of its range."""
    missing = [name for name in CONSTANT_NAMES if name not in values]
    unknown = sorted(set(values) - set(CONSTANT_NAMES) - set(OPTIONAL_NAMES))
    if missing or unknown:
        said = N_("constants of the time model are {names}: {which!r:.60} is unknown")
        if missing:
            said = N_("constants of the time model are {names}: {which!r:.60} is missing")
        raise InputError(said, names=", ".join(CONSTANT_NAMES), which=(missing or unknown)[0])
    for name, value in values.items():
        what = Text(N_("the constant {name} of the time model"), name=name)
        check_figure(value, what, GPU_CONSTANTS[name])
    return Constants(**{name: float(value) for name, value in values.items()}, tiles=tiles)


def fitted_for(device: Device, dtype: str) -> Calibration | None:
    """The calibration that predictions in `dtype` rest on: its own, else that of a like dtype.

    Types of one width run through the same matrix units at the same rate; the others share the way
    tiles are computed. None: the device has no calibration.
    """
    for name in (dtype, *_LIKE[dtype]):
        if found := device.calibration(name):
            return found
    return None


def alike(dtype: str) -> tuple[str, ...]:
    """The dtypes that units compute as they do `dtype`: what rows of one taught holds for all."""
    return next((group for group in _ALIKE if dtype in group), (dtype,))


def judged_for(device: Device, dtype: str) -> tuple[Calibration, float] | None:
    """The calibration whose errors hold in `dtype`, and its mean one; None: it is not known.

    Other units compute types of another width, and other kernels whole numbers.
    """
    found = fitted_for(device, dtype)
    if found is None or found.error is None or found.dtype not in alike(dtype):
        return None
    return found, found.error


def constants_of(device: Device, dtype: str) -> Constants:
    """The constants predictions in `dtype` rest on; without any IDEAL and the launch, if known.

    A slower dtype, of another width, is fed as many bytes a second: `side` is fewer cells there,
    and so is `edge` fewer terms, by SLOWER_EDGE. Checked on published float32 timings of V100 and
    A100 with the bfloat16 constants of A100, H100, H200 and B200, each with the launch of those
    timings: 10 to 14 % off, against 37 to 160 % with the same constants unchanged.
    """
    return constants_for(device, dtype, fitted_for(device, dtype))


def constants_for(device: Device, dtype: str, fitted: Calibration | None) -> Constants:
    """The same by the calibration that `fitted_for` finds."""
    if fitted is None:
        return replace(IDEAL, t0=device.launch_s or 0.0)
    constants = constants_from(dict(fitted.constants), fitted.tiles)
    if dtype not in NARROW:  # nothing is quantized
        constants = replace(constants, cast=0.0, cast_far=0.0, cast_few=0.0)
    before, now = device.peak(fitted.dtype), device.peak(dtype)
    wider = BYTES[dtype] / BYTES[fitted.dtype]
    if wider == 1 or before is None or now is None:
        return constants
    slower = min(1.0, now / before)
    edge = constants.edge * slower**SLOWER_EDGE
    return replace(constants, edge=edge, side=constants.side * min(1.0, slower * wider))
