"""Device files hold the published figures, with their sources."""

from __future__ import annotations

import pytest

from mmviz.errors import InputError
from mmviz.files.devices import device_ids, read_device


def test_the_devices() -> None:
    assert device_ids() == (
        "this-machine",
        *("p100", "v100", "t4", "a100", "a100-40", "l4", "l40s"),
        *("h100", "h200", "b200", "rtx3090", "rtx4090", "rtx5090", "mi300x"),
        *("tpu-v1", "tpu-v2", "tpu-v3", "tpu-v4", "tpu-v5e"),
        *("lane-1", "lanes-16", "lanes-1000", "systolic-8"),
    )


@pytest.mark.parametrize("device", device_ids())
def test_every_device_names_its_source(device: str) -> None:
    found = read_device(device)
    assert found.id == device
    assert found.source
    assert found.about


@pytest.mark.parametrize(
    ("device", "lanes"), [("lane-1", 1), ("lanes-16", 16), ("lanes-1000", 1000)]
)
def test_lanes_have_neither_peak_nor_residents(device: str, lanes: int) -> None:
    found = read_device(device)
    assert (found.units, found.unit, found.slots((1, 1))) == (lanes, "lane", lanes)
    assert found.peak("float32") is None


def test_published_figures() -> None:
    v100, a100 = read_device("v100"), read_device("a100")
    assert (v100.units, a100.units) == (80, 108)
    assert (v100.peak("float16"), v100.bandwidth) == (125e12, 900e9)
    assert (a100.peak("float16"), a100.bandwidth) == (312e12, 2039e9)
    # NVIDIA's guide: the V100 is compute-bound above 138.9 FLOP a byte.
    assert v100.peak("float16") == pytest.approx(138.9 * 900e9, rel=1e-3)
    assert v100.peak("bfloat16") is v100.peak("tf32") is None  # it has neither


def test_launch_costs_are_known_or_not() -> None:
    assert read_device("a100").launch_s == 4e-6
    assert read_device("v100").launch_s is None


def test_unknown_device() -> None:
    with pytest.raises(InputError, match="unknown device 'a1000'; known are this-machine, p100"):
        read_device("a1000")


def test_systolic_arrays() -> None:
    v1, v2 = read_device("tpu-v1"), read_device("tpu-v2")
    assert (v1.array, v1.units, v1.dataflow, v1.unit) == ((256, 256), 1, "ws", "array")
    assert (v2.array, v2.units) == ((128, 128), 2)
    # 92 TOP/s are of 8-bit integers: no float peak is known, so time is counted in cycles.
    assert v1.peaks == ()
    assert round(256 * 256 * 2 * 700e6 / 1e12) == 92
    assert v2.peak("bfloat16") == 45e12
    assert v2.peak("float32") is None
    small = read_device("systolic-8")
    assert (small.array, small.units, small.peaks) == ((8, 8), 1, ())
