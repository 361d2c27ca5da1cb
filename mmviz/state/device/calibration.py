"""What is to be said of a device's calibration, and what the window offers."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.derived import Derived
from mmviz.state.offers import AGAIN, CALIBRATE, Offer, time_offers
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, shipped
from mmviz.words import device as words

BESIDE = Text(N_("This computer can be shown beside it, once it is calibrated."))


@dataclass(frozen=True, slots=True)
class CalibrateView:
    """text: a sentence; tip: more of it; button: None where nothing can be measured.

    others: what else would bring times.
    """

    text: Text = NOTHING
    tip: Text = NOTHING
    button: Offer | None = None
    others: tuple[Offer, ...] = ()


def calibrate_view(device: Device, dtype: str, here: Device | None = None) -> CalibrateView:
    """The note beside the facts; only this machine can be calibrated in the window.

    here: this machine, where another device is shown.
    """
    others = tuple(offer for offer in time_offers(device, dtype) if offer != CALIBRATE)
    if device.id != THIS_MACHINE:
        if here is None or not here.missing:
            return CalibrateView(others=others)
        return CalibrateView(BESIDE, here.missing, CALIBRATE, others)
    if device.missing or not device.peaks:
        why = device.missing
        return CalibrateView(words.not_calibrated(why), why, CALIBRATE, others)
    found = device.calibration(dtype)
    known = device.peak(dtype) is not None
    said = words.calibrated(dtype, found, known=known)
    return CalibrateView(said, shipped(device.about), AGAIN, others)


def machine_beside(derived: Derived) -> Device | None:
    """This machine, where another device is shown; None where its file is damaged, too, which is
    said where somebody asks for it.
    """
    if derived.device.id == THIS_MACHINE:
        return None
    try:
        return derived.facts.devices.get(THIS_MACHINE) or read_device(THIS_MACHINE)
    except InputError:
        return None


CALIBRATE_NOTE: Part[CalibrateView] = Part(
    "calibrate",
    lambda derived: (derived.device, derived.session.dtype, machine_beside(derived)),
    calibrate_view,
)
