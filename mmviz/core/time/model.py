"""Which time model a device has in a dtype, or the reason why it has none: one match for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, assert_never

from mmviz.core.device.body import Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import Device
from mmviz.core.shapes.dtype import DTYPES
from mmviz.core.time.by_constants import ByConstants
from mmviz.core.time.by_cycles import ByCycles
from mmviz.core.time.by_waves import by_waves
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.setup import LaunchKind
from mmviz.text import N_, NOTHING, Text


class Model(Protocol):
    """Predicts products of one device in one dtype; `basis` says in a phrase what that rests on."""

    @property
    def peak(self) -> float:
        """FLOP/s, at the clock the units run at."""
        ...

    @property
    def basis(self) -> Text: ...

    @property
    def beyond(self) -> Text:
        """What may come on top of the error, in a phrase; NOTHING where it covers all known."""
        ...

    def stages(self, cuts: Cuts) -> tuple[Floats, Floats]:
        """[1 + losses, products]: seconds at the peak, then after each of `cost.LOSSES`.

        The last are the predicted times. And [products]: mean absolute error of such predictions as
        a share of the measured time, NaN where it is not known.
        """
        ...


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why there is no time, in a phrase. calibrate: calibrating this machine would bring it."""

    basis: Text
    calibrate: bool = False
    beyond: Text = NOTHING


def model_of(device: Device, dtype: str, launch_kind: LaunchKind = "graph") -> Model | Unknown:
    """The time model of the device in `dtype`, or why it has none."""
    match device.body:
        case Lanes():
            return _none(device, Text(N_("lanes have no clock")))
        case Cpu() as body:
            return _by_constants(device, body, dtype)
        case Gpu():
            return _by_waves(device, dtype, launch_kind)
        case Systolic() as body:
            return _by_cycles(device, body, dtype)
        case _:
            assert_never(device.body)


def _by_constants(device: Device, body: Cpu, dtype: str) -> Model | Unknown:
    peak, fitted = device.peak(dtype), device.calibration(dtype)
    if peak is None:
        return _no_peak(device, dtype)
    if fitted is None:
        why = N_("not calibrated in {dtype}")
        if body.blas_threads:  # its peaks were measured
            why = N_("too little of what was timed was undisturbed to predict in {dtype}")
        return _none(device, Text(why, dtype=dtype), calibrate=True)
    return ByConstants(device, body, dtype, peak, fitted)


def _by_waves(device: Device, dtype: str, launch_kind: LaunchKind) -> Model | Unknown:
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if peak is None:
        return _no_peak(device, dtype)
    if bandwidth is None:
        return Unknown(Text(N_("no bandwidth is known")))
    return by_waves(device, dtype, peak, bandwidth, eager=launch_kind == "eager")


def _by_cycles(device: Device, body: Systolic, dtype: str) -> Model | Unknown:
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if peak is None:
        return _no_peak(device, dtype)
    if bandwidth is None:
        return Unknown(Text(N_("no bandwidth is known")))
    if device.clock is None:
        return Unknown(Text(N_("no clock is known")))
    return ByCycles(device, body, dtype, peak, bandwidth, device.clock)


def _no_peak(device: Device, dtype: str) -> Unknown:
    known = ", ".join(dtype for dtype in DTYPES if device.peak(dtype) is not None)
    said = N_("no peak in {dtype} is known, but in {known}")
    if not known:
        said = N_("no peak in {dtype} is known")
    return _none(device, Text(said, dtype=dtype, known=known))


def _none(device: Device, why: Text, *, calibrate: bool = False) -> Unknown:
    """The device's own reason, where it has one, else `why`."""
    return Unknown(device.missing or why, calibrate or bool(device.missing))
