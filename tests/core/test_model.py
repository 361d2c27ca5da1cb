"""Every device has a time model in a number format, or a reason why it has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.by_constants import ByConstants
from mmviz.core.time.by_cycles import ByCycles
from mmviz.core.time.by_waves import ByWaves
from mmviz.core.time.model import Unknown, model_of
from mmviz.core.time.price import price
from mmviz.core.time.setup import Pass, Setup
from mmviz.files.devices import read_device
from mmviz.text import Text

H100, TPU = read_device("h100"), read_device("tpu-v3")
CPU = Device("cpu", "CPU", Cpu(), 2, peaks=(("float32", 1e11),), bandwidth=1e10)
FITTED = Calibration("float32", (("t0", 1e-6), ("one", 1e-11)), 40, 10, 0.1, 0.1, "made", True)
MISSING = replace(CPU, peaks=(), missing=Text("calibrated elsewhere"), remedy=Text("calibrate"))


@pytest.mark.parametrize(
    ("device", "dtype", "model"),
    [
        (H100, "bfloat16", ByWaves),
        (TPU, "bfloat16", ByCycles),
        (replace(CPU, calibrations=(FITTED,)), "float32", ByConstants),
    ],
)
def test_a_body_has_its_model(device: Device, dtype: str, model: type) -> None:
    found = model_of(device, dtype)
    assert isinstance(found, model)
    cost = price(Setup(from_widths((64, 32)), device, 8, dtype=dtype))
    assert cost.predicted_s is not None
    assert cost.provenance.kind == cost.costs[0].provenance.kind == "modelled"
    assert cost.basis == found.basis


@pytest.mark.parametrize(
    ("device", "dtype", "why", "calibrate"),
    [
        (read_device("lanes-16"), "float32", "lanes have no clock", False),
        (replace(H100, peaks=()), "float16", "no peak in float16 is known", False),
        (replace(H100, bandwidth=None), "float16", "no bandwidth is known", False),
        (replace(TPU, peaks=()), "bfloat16", "no peak in bfloat16 is known", False),
        (replace(TPU, bandwidth=None), "bfloat16", "no bandwidth is known", False),
        (replace(TPU, clock=None), "bfloat16", "no clock is known", False),
        (CPU, "float32", "not calibrated in float32", True),
        (
            replace(CPU, body=Cpu("haswell", 2)),
            "float32",
            "too little of what was timed was undisturbed to predict in float32",
            True,
        ),
        (CPU, "float64", "no peak in float64 is known, but in float32", False),
        (MISSING, "float32", "calibrated elsewhere", True),
    ],
)
def test_where_there_is_no_time_there_is_a_reason(
    device: Device, dtype: str, why: str, calibrate: bool
) -> None:
    found = model_of(device, dtype)
    assert isinstance(found, Unknown)
    assert (str(found.basis), found.calibrate) == (why, calibrate)
    cost = price(Setup(from_widths((64, 32)), device, 8, dtype=dtype))
    assert (cost.predicted_s, cost.losses, cost.error, cost.limiter) == (None, None, None, None)
    assert cost.costs[0].basis == cost.basis == found.basis
    assert cost.tiles > 0


def test_a_setup_is_a_key() -> None:
    network = from_widths((64, 32))
    one, other = (Setup(network, device, 8, True) for device in (H100, TPU))
    assert len({one, other, replace(one)}) == 2
    assert one.timed == other.timed == Pass(network, 8, "float32", True)
