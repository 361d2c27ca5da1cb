"""What is said of a device's calibration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.device.device import Calibration
from mmviz.files.devices import device_ids, read_device
from mmviz.state.device.calibration import calibrate_view
from mmviz.state.offers import AGAIN, CALIBRATE, DEVICE, FORMAT, time_offers
from mmviz.text import NOTHING, own


def test_an_uncalibrated_machine_asks_for_it() -> None:
    note = calibrate_view(read_device("this-machine"), "float32")
    assert (note.button, note.others) == (CALIBRATE, (DEVICE,))
    assert str(note.text) == "Not calibrated: time is counted in steps."


def test_a_calibration_of_other_kernels_says_so() -> None:
    why = "calibrated with SkylakeX kernels, now Haswell kernels: calibrate again"
    note = calibrate_view(replace(read_device("this-machine"), missing=own(why)), "float32")
    assert (str(note.text), note.button) == (f"C{why[1:]}.", CALIBRATE)


def test_a_calibrated_machine_says_how_far_it_is_off() -> None:
    fitted = Calibration("float32", (("t0", 5e-7),), 24, 12, 0.139, None, "here", True)
    device = replace(
        read_device("this-machine"),
        missing=NOTHING,
        peaks=(("float32", 1e11), ("float64", 5e10)),
        calibrations=(fitted,),
    )
    note = calibrate_view(device, "float32")
    assert (str(note.text), note.button) == ("Calibrated; 13.9 % off on 12 shapes kept out.", AGAIN)
    assert not note.others
    assert str(calibrate_view(device, "float64").text) == (
        "Calibrated, but too little of it was undisturbed to predict in float64."
    )
    assert str(calibrate_view(device, "float16").text) == "Calibrated, but not in float16."


@pytest.mark.parametrize("device", device_ids()[1:])
def test_no_other_device_can_be_measured(device: str) -> None:
    assert calibrate_view(read_device(device), "float32").button is None


def test_beside_another_device_this_machine_is_offered_until_it_is_calibrated() -> None:
    here = read_device("this-machine")
    note = calibrate_view(read_device("a100"), "float16", here)
    assert (note.button, note.others) == (CALIBRATE, ())
    calibrated = replace(here, missing=NOTHING, peaks=(("float32", 1e11),))
    assert calibrate_view(read_device("a100"), "float16", calibrated).button is None


def test_a_device_without_times_offers_what_brings_some() -> None:
    assert time_offers(read_device("a100"), "float16") == ()
    assert time_offers(read_device("lanes-16"), "float32") == (DEVICE,)
    assert time_offers(read_device("t4"), "bfloat16") == (FORMAT, DEVICE)
    assert time_offers(read_device("this-machine"), "float32") == (CALIBRATE, DEVICE)
