"""What is to be said of a device's calibration, and whether the window offers one."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words import device as words


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what stands on it, and what it does in more words."""

    text: Text
    tip: Text


FIRST = Press(
    Text(N_("Calibrate (≤ 10 s)…")), Text(N_("Calibrate this machine, at most 10 seconds"))
)
AGAIN = Press(
    Text(N_("Calibrate again")), Text(N_("Calibrate this machine again, at most 10 seconds"))
)


@dataclass(frozen=True, slots=True)
class CalibrateView:
    """text: a sentence; tip: more of it; button: None where nothing can be measured.

    wanted: the device has no valid calibration, so its time is in steps.
    """

    text: Text = NOTHING
    tip: Text = NOTHING
    button: Press | None = None
    wanted: bool = False


def calibrate_view(device: Device, dtype: str) -> CalibrateView:
    """The note beside the facts; only this machine can be calibrated in the window."""
    if device.id != THIS_MACHINE:
        return CalibrateView()
    if device.missing or not device.peaks:
        why = device.missing
        return CalibrateView(words.not_calibrated(why), why, FIRST, True)
    found = device.calibration(dtype)
    known = device.peak(dtype) is not None
    said = words.calibrated(dtype, found, known=known)
    return CalibrateView(said, own(device.about), AGAIN)


CALIBRATE: Part[CalibrateView] = Part(
    "calibrate", lambda derived: (derived.device, derived.session.dtype), calibrate_view
)
