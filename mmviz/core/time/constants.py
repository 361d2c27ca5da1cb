"""The constants of a GPU's time model in a number format, and which calibration they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace

from mmviz.core.device.device import Calibration, Device
from mmviz.core.device.ranges import GPU_CONSTANTS, check_figure
from mmviz.core.shapes.dtype import BYTES
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


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of a device in one dtype; rate and odd need not be given.

    t0: seconds until a product begins and after it ends. cell, side: what a tile's cells and its
    sides cost, in cells at the peak. edge: terms of k that the start and the end of a tile take.
    wave: seconds between waves. share: of the bandwidth that a full device reaches, 0 … 1.
    hit: share of the bytes that the L2 keeps of what fits it. join: seconds to start the
    reduction of split-K. smooth: exponent of the smooth maximum of compute and memory. heat: share
    of the time at the peak by which products much longer than 1 ms are slower. rate: how many times
    faster its units run than the clock the peak belongs to. odd: how many times longer products
    compute whose rows are of odd length; what it is without, `alignment` derives.
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
    rate: float = 1.0
    odd: float = ODD_HALVES

    @property
    def named(self) -> dict[str, float]:
        """By name, without those that need not be given and are what they are without."""
        values = asdict(self)
        return {
            field.name: values[field.name]
            for field in fields(self)
            if values[field.name] != field.default
        }


IDEAL = Constants(0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 64.0, 0.0)
"""Nothing lost but to tiles and waves: what a datasheet alone says."""

CONSTANT_NAMES = tuple(field.name for field in fields(Constants) if field.default is MISSING)
OPTIONAL_NAMES = tuple(field.name for field in fields(Constants) if field.default is not MISSING)


def constants_from(values: Mapping[str, float]) -> Constants:
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
    return Constants(**{name: float(value) for name, value in values.items()})


def fitted_for(device: Device, dtype: str) -> Calibration | None:
    """The calibration that predictions in `dtype` rest on: its own, else that of a like dtype.

    Types of one width run through the same matrix units at the same rate; the others share the way
    tiles are computed. None: the device has no calibration.
    """
    for name in (dtype, *_LIKE[dtype]):
        if found := device.calibration(name):
            return found
    return None


def judged_for(device: Device, dtype: str) -> tuple[Calibration, float] | None:
    """The calibration whose errors hold in `dtype`, and its mean one; None: it is not known.

    Other units compute types of another width.
    """
    found = fitted_for(device, dtype)
    if found is None or found.error is None or BYTES[found.dtype] != BYTES[dtype]:
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
    constants = constants_from(dict(fitted.constants))
    before, now = device.peak(fitted.dtype), device.peak(dtype)
    wider = BYTES[dtype] / BYTES[fitted.dtype]
    if wider == 1 or before is None or now is None:
        return constants
    slower = min(1.0, now / before)
    edge = constants.edge * slower**SLOWER_EDGE
    return replace(constants, edge=edge, side=constants.side * min(1.0, slower * wider))
