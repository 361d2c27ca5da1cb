"""What sensors told, in words."""

from __future__ import annotations

from mmviz.bench.results import Run
from mmviz.bench.sensed import Sensed
from mmviz.bench.sensors_cpu import NO_ENERGY, NO_TEMPERATURE
from mmviz.bench.sensors_gpu import HOST_ALONE, NO_GPU
from mmviz.bench.sensors_nvidia import REASONS
from mmviz.text import Text
from mmviz.units import THIN
from mmviz.words.sensors import energy, lines, told, untold


def run(sensed: Sensed | None) -> Run:
    return Run("numpy", 1, (0.01,), sensed=sensed)


def said(texts: tuple[Text, ...]) -> list[str]:
    return [str(text).replace(THIN, ",") for text in texts]


def test_everything_that_was_told() -> None:
    sensed = Sensed(
        gpu_clock_mhz=1980.0,
        gpu_clock_default_mhz=1755.0,
        gpu_power_w=402.5,
        gpu_temperature_c=64.0,
        gpu_memory_bytes=3_000_000_000,
        throttle=(REASONS[0x4], REASONS[0x20]),
        cpu_clock_mhz=4250.0,
        cpu_power_w=65.0,
        energy_cpu_j=0.001,
        energy_gpu_j=0.0021,
        host_peak_bytes=64_000_000,
        device_peak_bytes=500_000,
    )
    assert said(lines(run(sensed))) == [
        "GPU: 1,980 MHz, usually 1,755 MHz, 402 W, 64 °C, 3.00 GB of its memory in use; "
        "slowed down by: its power limit, its temperature limit",
        "energy of a pass: 1.00 mJ processor, 2.10 mJ GPU, idle included",
        "processor: 4,250 MHz, 65.0 W",
        "memory: up to 64.0 MB more, 500 kB in its device's buffers",
    ]
    assert untold(run(sensed)) == ()


def test_a_card_that_is_not_slowed_down_says_so_where_it_tells() -> None:
    told = Sensed(gpu_power_w=90.0, throttle=())
    assert said(lines(run(told))) == ["GPU: 90.0 W, not slowed down"]
    assert said(lines(run(Sensed(gpu_power_w=90.0)))) == ["GPU: 90.0 W"]


def test_nothing_was_told_and_why() -> None:
    no_gpu, no_energy = Text(NO_GPU), Text(NO_ENERGY)
    sensed = Sensed(
        missing={
            "gpu_power_w": no_gpu,
            "energy_gpu_j": no_gpu,
            "cpu_power_w": no_energy,
            "energy_cpu_j": no_energy,
            "cpu_temperature_c": Text(NO_TEMPERATURE),
        }
    )
    assert lines(run(sensed)) == ()
    assert said(untold(run(sensed))) == [
        f"temperature of the processor: {NO_TEMPERATURE}",
        f"power of the processor, energy of the processor: {NO_ENERGY}",
    ]
    assert str(energy(run(sensed))) == "no data"
    assert lines(run(None)) == untold(run(None)) == ()


def test_of_several_runs_what_is_missing_is_said_once() -> None:
    missing = {
        "energy_cpu_j": Text(NO_ENERGY),
        "energy_gpu_j": Text(NO_GPU),
        "device_peak_bytes": Text(HOST_ALONE),
    }
    runs = [
        Run(name, 64, (0.01,), sensed=Sensed(host_peak_bytes=n, missing=missing))
        for name, n in (("numpy", 5000), ("loop", None))
    ]
    assert said(told(runs)) == [
        "NumPy · memory: up to 5.00 kB more",
        f"not read: energy of the processor: {NO_ENERGY}",
    ]
    assert told([run(None)]) == ()


def test_half_of_the_energy_is_not_called_all_of_it() -> None:
    no_gpu = {"energy_gpu_j": Text(NO_GPU)}
    cpu = run(Sensed(energy_cpu_j=5e-6, missing=no_gpu))
    assert str(energy(cpu)) == "5.00 µJ"
    assert str(energy(run(Sensed(energy_cpu_j=1.0)))) == "1 J (the processor alone)"
    assert str(energy(run(Sensed(energy_gpu_j=1.0)))) == "1 J (the GPU alone)"
    assert str(energy(run(Sensed(energy_cpu_j=1.0, energy_gpu_j=1.0)))) == "2 J"
