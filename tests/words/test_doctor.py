"""What follows from facts of a computer: each finding from made facts, none from a healthy one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from mmviz.backends.registry import Entry
from mmviz.bench.health import Graphics, Health, Power
from mmviz.bench.kernels import Kernels
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, Machine
from mmviz.bench.sensors_cpu import NO_TEMPERATURE, READABLE, ROOT_ALONE
from mmviz.files.this_machine import UNCALIBRATED
from mmviz.text import NOTHING, Text, own
from mmviz.words.doctor import CHECKS, findings, has, title
from mmviz.words.finding import Examined, Finding

AVX2 = frozenset({"sse2", "avx", "avx2", "fma"})
AVX512 = AVX2 | {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}

MACHINE = Machine(
    cpu="A processor",
    cores=8,
    logical_cores=16,
    memory=32_000_000_000,
    system="Linux",
    blas=Blas("openblas", "0.3.30", "SkylakeX", 8),
    variables={},
    versions={"numpy": "2.4"},
    allowed=16,
)


def entry(id: str, gpu: str = "", reason: str = "", remedy: str = "") -> Entry:
    return Entry(id, own(id), ("float32",), not reason, own(reason), own(remedy), gpu)


WELL = Examined(
    health=Health(
        machine=MACHINE,
        flags=AVX512,
        kernels=Kernels("SkylakeX"),
        load=Load(wall_s=0.3, core_s=4.8, others_s=0.1, stolen_s=0.0),
        power=Power("intel_pstate", "powersave", "balance_performance", "balanced", True, True),
        cards=(Graphics("nvidia", "nvidia"),),
        tools=frozenset({"apt-get", "taskset"}),
        sensors={"energy_cpu_j": NOTHING, "cpu_clock_mhz": NOTHING},
    ),
    entries=(entry("numpy"), entry("wgpu", "H200"), entry("cupy", "H200")),
    usable=8,
)


def on(health: dict[str, Any] | None = None, **further: Any) -> Examined:
    return replace(WELL, health=replace(WELL.health, **health or {}), **further)


def machine(**further: Any) -> dict[str, Any]:
    return {"machine": msgspec.structs.replace(MACHINE, **further)}


def runs(architecture: str, threads: int = 8, **variables: str) -> dict[str, Any]:
    return machine(blas=Blas("openblas", "0.3.30", architecture, threads), variables=variables)


def one(examined: Examined) -> Finding:
    found = findings(examined)
    assert len(found) == 1, [str(finding.said) for finding in found]
    return found[0]


def test_nothing_is_found_of_a_computer_that_is_well() -> None:
    assert findings(WELL) == ()


def test_kernels_that_somebody_forced() -> None:
    found = one(on(runs("Haswell", OPENBLAS_CORETYPE="Haswell")))
    assert found.kind == "slow"
    assert found.command == "unset OPENBLAS_CORETYPE"
    assert "runs Haswell kernels, by itself it takes SkylakeX here" in str(found.said)
    windows = one(on(runs("Haswell", OPENBLAS_CORETYPE="Haswell") | {"system": "win32"}))
    assert windows.command == "Remove-Item Env:OPENBLAS_CORETYPE"


@pytest.mark.parametrize(("times", "found"), [(None, 1), (1.87, 1), (1.04, 0), (0.9, 0)])
def test_what_kernels_cost_counts_more_than_what_they_are(times: float | None, found: int) -> None:
    health = runs("Haswell", OPENBLAS_CORETYPE="Haswell") | {"kernels": Kernels("SkylakeX", times)}
    said = [str(finding.said) for finding in findings(on(health))]
    assert len(said) == found
    if times == 1.87:
        assert "on one thread 512 × 512 × 512 takes 1.9 times as long as with those" in said[0]


@pytest.mark.parametrize(
    ("forced", "by_itself"), [("SkylakeX", "Haswell"), ("Zen", "Haswell"), ("SkylakeX", "")]
)
def test_kernels_that_are_no_less_than_its_own(forced: str, by_itself: str) -> None:
    health = runs(forced, OPENBLAS_CORETYPE=forced) | {"kernels": Kernels(by_itself)}
    assert findings(on(health)) == ()


@pytest.mark.parametrize(
    ("architecture", "flags", "command"),
    [
        ("Haswell", AVX512, "export OPENBLAS_CORETYPE=SkylakeX"),
        ("Prescott", AVX2, "export OPENBLAS_CORETYPE=Haswell"),
        ("Haswell", AVX2, None),
        ("Zen", AVX2, None),
        ("SapphireRapids", AVX512, None),
        ("neoversen1", frozenset({"asimd", "sve"}), None),
        ("a new one", AVX512, None),
    ],
)
def test_kernels_that_openblas_takes_by_itself(
    architecture: str, flags: frozenset[str], command: str | None
) -> None:
    health = runs(architecture) | {"flags": flags, "kernels": Kernels(architecture)}
    assert [finding.command for finding in findings(on(health))] == ([command] if command else [])


def test_no_library() -> None:
    assert one(on(machine(blas=None))).command == "pip install --force-reinstall numpy"
    assert findings(on(machine(blas=None) | {"system": "darwin"})) == ()  # its own has no name


def test_one_thread_that_somebody_asked_for() -> None:
    found = one(on(runs("SkylakeX", 1, OMP_NUM_THREADS="1")))
    assert "OpenBLAS runs on 1 thread, where 8 cores may be used" in str(found.said)
    assert "OMP_NUM_THREADS=1" in str(found.said)
    assert found.command == "unset OMP_NUM_THREADS"


def test_fewer_threads_than_cores_for_no_reason() -> None:
    assert one(on(runs("SkylakeX", 4))).command == "export OPENBLAS_NUM_THREADS=8"
    assert findings(on(runs("SkylakeX", 4), usable=4)) == ()


def test_whatever_else_steers_the_library() -> None:
    found = one(on(machine(variables={"OPENBLAS_L2_SIZE": "512", "OPENBLAS_NUM_THREADS": "8"})))
    assert str(found.said) == "OPENBLAS_L2_SIZE=512 is set and steers the speed"
    assert found.command == "unset OPENBLAS_L2_SIZE"
    own_doing = {"OPENBLAS_THREAD_TIMEOUT": "4"}
    assert findings(on(machine(variables=own_doing))) == ()


def test_affinity() -> None:
    found = one(on(machine(allowed=2)))
    assert "on 2 of this computer's 16 processors" in str(found.said)
    assert found.command == "taskset -c 0-15 mmviz"
    assert one(on(machine(allowed=2) | {"tools": frozenset()})).command == ""


def test_a_quota() -> None:
    found = one(on(machine(quota=2.0)))
    assert found.about == "quota"
    assert "this container may use 2 of 16 cores" in str(found.said)


def test_other_programs_and_not_that_who_looks_sleeps() -> None:
    load = Load(
        wall_s=0.3, core_s=4.8, others_s=2.4, ran_s=0.001, waited_s=0.2, delayed_s=0.2, away_s=0.3
    )
    found = one(on({"load": load, "busiest": ("make", "firefox")}))
    assert str(found.said) == "other programs took 50 % of the cores"
    assert "make, firefox" in str(found.remedy)


@pytest.mark.parametrize(
    ("power", "about", "command"),
    [
        (Power("acpi-cpufreq", "powersave"), "power", "scaling_governor"),
        (Power("intel_pstate", "powersave", "power"), "power", "energy_performance_preference"),
        (Power(profile="low-power"), "power", "performance"),
        (Power("intel_pstate", "performance", turbo=False), "turbo", "echo 0 | sudo tee"),
        (Power("acpi-cpufreq", "performance", turbo=False), "turbo", "echo 1 | sudo tee"),
        (Power(plugged=False), "battery", ""),
    ],
)
def test_a_processor_that_saves_power(power: Power, about: str, command: str) -> None:
    found = one(on({"power": power}))
    assert (found.about, found.kind) == (about, "slow")
    assert command in found.command


def test_the_desktops_own_command_is_named_where_it_is_there() -> None:
    health = {"power": Power(profile="quiet"), "tools": frozenset({"powerprofilesctl"})}
    assert one(on(health)).command == "powerprofilesctl set performance"


@pytest.mark.parametrize("power", [Power(), Power("amd-pstate-epp", "powersave", "performance")])
def test_a_processor_that_saves_none(power: Power) -> None:
    assert findings(on({"power": power})) == ()


SOFTWARE = (entry("numpy"), entry("wgpu"))
NO_VULKAN = (entry("numpy"), entry("wgpu", reason="no driver offers a GPU", remedy="install one"))


@pytest.mark.parametrize(
    ("cards", "tools", "command"),
    [
        (("nvidia",), {"apt-get", "ubuntu-drivers"}, "sudo ubuntu-drivers install"),
        (("nvidia",), {"apt-get"}, "sudo apt-get install -y nvidia-driver"),
        (("amd",), {"apt-get"}, "sudo apt-get install -y mesa-vulkan-drivers"),
        (("intel",), set(), ""),
    ],
)
def test_a_card_without_a_driver(cards: tuple[str, ...], tools: set[str], command: str) -> None:
    health = {"cards": tuple(map(Graphics, cards)), "tools": frozenset(tools)}
    found = one(on(health, entries=SOFTWARE))
    assert "there is a graphics card" in str(found.said)
    assert "software" in str(found.said)
    assert found.command == command


def test_no_card_and_software_alone() -> None:
    found = one(on({"cards": (Graphics(""),)}, entries=SOFTWARE))
    assert "wgpu computes in software" in str(found.said)
    assert "nothing can be installed" in str(found.remedy)
    assert found.command == ""


def test_no_card_and_not_even_software() -> None:
    found = one(on({"cards": ()}, entries=NO_VULKAN))
    assert "no driver offers a GPU" in str(found.said)
    assert found.command == "sudo apt-get install -y mesa-vulkan-drivers"
    assert str(found.remedy) not in str(found.said)  # it is said once


def test_a_system_that_lists_no_cards() -> None:
    found = one(on({"cards": None, "tools": frozenset()}, entries=SOFTWARE))
    assert "install the driver" in str(found.remedy)


def test_extras() -> None:
    missing = (
        *WELL.entries[:2],
        entry("cupy", reason="CuPy is not installed", remedy="install it"),
        entry("torch", reason="it cannot be imported", remedy="install it again"),
    )
    cupy, torch = findings(on({"absent": frozenset({"cupy"})}, entries=missing))
    assert (cupy.command, str(cupy.remedy)) == ('pip install "mmviz[cuda12]"', "")
    assert (torch.command, str(torch.remedy)) == ("", "install it again")
    assert torch.kind == "missing"


def test_nobody_is_told_to_install_cupy_without_a_card_for_it() -> None:
    missing = (*WELL.entries[:2], entry("cupy", reason="CuPy is not installed"))
    assert findings(on({"cards": (Graphics("amd", "amdgpu"),)}, entries=missing)) == ()
    assert one(on({"cards": None}, entries=missing)).about == "cupy"  # there may be one


def test_not_calibrated() -> None:
    assert one(on(uncalibrated=UNCALIBRATED)).command == "mmviz calibrate"
    other = Text("calibrated with Haswell kernels, now SkylakeX kernels: calibrate again")
    assert one(on(uncalibrated=other)).whole == other


def test_no_window() -> None:
    why = own("the window cannot open: libGL.so.1 cannot be loaded; run: apt-get install libgl1")
    assert one(on(window=why)).said == why


def test_sensors_by_their_reason_with_the_command_that_allows_it() -> None:
    root, none = Text(ROOT_ALONE, command=READABLE), Text(NO_TEMPERATURE)
    untold = {"energy_cpu_j": root, "cpu_power_w": root, "cpu_temperature_c": none}
    first, second = findings(on({"sensors": untold}))
    assert str(first.said).startswith("energy of the processor, power of the processor: only root")
    assert (first.command, second.command) == (READABLE, "")
    assert first.kind == "unread"


def test_every_check_can_find_something() -> None:
    """The tests above have all of them."""
    health = {
        **runs("Haswell", 1, OPENBLAS_CORETYPE="Haswell"),
        "load": Load(wall_s=0.3, core_s=4.8, others_s=4.0),
        "power": Power("acpi-cpufreq", "powersave", turbo=False, plugged=False),
        "cards": (Graphics("nvidia"),),
        "absent": frozenset({"cupy"}),
        "sensors": {"cpu_clock_mhz": Text(NO_TEMPERATURE)},
    }
    entries = (*SOFTWARE, entry("cupy", reason="CuPy is not installed"))
    ill = on(health, entries=entries, uncalibrated=UNCALIBRATED, window=own("no display"))
    kinds = [finding.kind for finding in findings(ill)]
    assert kinds == sorted(kinds, key=("slow", "missing", "unread").index)
    silent = {check.__name__ for check in CHECKS if not tuple(check(ill))}
    assert silent == {"library", "affinity", "steering"}
    assert {str(title(kind)) for kind in ("slow", "missing", "unread")} != {""}


def test_what_it_has() -> None:
    told = {str(name): str(value) for name, value in has(WELL)}
    assert told["GPU"] == "H200"
    assert told["sensors"] == "energy of the processor, clock of the processor"
    assert told["processor"].startswith("A processor · 8 cores · OpenBLAS 0.3.30")
    noted = replace(entry("wgpu"), note=own("software, no GPU"))
    told = {str(name): str(value) for name, value in has(on(entries=(entry("numpy"), noted)))}
    assert told["backends"] == "NumPy, wgpu (software, no GPU)"
    assert dict(has(on(entries=SOFTWARE)))[Text("GPU")] == Text("none; wgpu computes in software")
