"""What is to be said of a device's calibration, and whether the window offers one."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.files.this_machine import REMEDY, THIS_MACHINE

FIRST = "Calibrate (≤ 10 s)…"
AGAIN = "Calibrate again"
BREAK = "\u200b"  # lets a line end where there is no space


@dataclass(frozen=True, slots=True)
class CalibrationNote:
    """text: a sentence; tip: more of it; button: what it says, "" where nothing can be measured.

    wanted: the device has no valid calibration, so its time is in steps.
    """

    text: str = ""
    tip: str = ""
    button: str = ""
    wanted: bool = False


def calibration_note(device: Device, dtype: str) -> CalibrationNote:
    """The note beside the facts; only this machine can be calibrated in the window."""
    if device.id != THIS_MACHINE:
        return CalibrationNote()
    if device.missing or not device.peaks:
        said = device.missing.removesuffix(f"; {REMEDY}") or "not calibrated"
        text = f"{said[:1].upper()}{said[1:]}.".replace("/", f"/{BREAK}")
        return CalibrationNote(text, said, FIRST, True)
    found = device.calibration(dtype)
    if device.peak(dtype) is None:
        text = f"Calibrated, but not in {dtype}."
    elif found is None or found.error is None:
        text = "Calibrated; how far predictions are off is not known."
    else:
        text = f"Calibrated; {units.percent(found.error)} off on {found.held_out} shapes kept out."
    return CalibrationNote(text, device.about, AGAIN)
