"""The sensors of a real card of NVIDIA's: read by NVML, held against each other."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from mmviz.backends.registry import find
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import from_widths
from mmviz.errors import Unavailable

pytestmark = pytest.mark.gpu
PASSES = 50


def test_clock_power_and_energy_of_a_card_that_computes() -> None:
    for package in ("psutil", "msgspec", "pynvml"):
        pytest.importorskip(package)
    from mmviz.bench.sensors import Gauge, Sensors

    backend = find("cupy")
    try:
        backend.check()
    except Unavailable as miss:
        pytest.skip(str(miss.cause))
    network = from_widths((4096, 4096, 4096))
    sensors = Sensors(Path("/"))
    gauge = Gauge(sensors, backend.facts())
    prepared = backend.prepare(network, make_values(network, 4096), "float32")
    prepared.run()
    gauge.ready(prepared)
    gauge.begin()
    began = perf_counter()
    for _ in range(PASSES):
        prepared.run()
    pass_s = (perf_counter() - began) / PASSES
    gauge.end(PASSES)
    sensed = gauge.finished(prepared.run, pass_s, 5.0)
    prepared.close()
    sensors.close()
    assert sensed.gpu_clock_mhz is not None, sensed.missing
    assert 100 < sensed.gpu_clock_mhz < 5000
    assert sensed.gpu_power_w is not None, sensed.missing
    assert 0 < (sensed.gpu_temperature_c or 0) < 110
    assert (sensed.gpu_memory_bytes or 0) > 4096 * 4096 * 4
    if sensed.energy_gpu_j is not None:  # cards before Volta count none
        watts = sensed.energy_gpu_j / pass_s
        assert 10 < watts < 2000
