"""What would make this computer compute faster. Each check says nothing where that is well."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mmviz.bench.hindrances import hindrances
from mmviz.bench.kernels import AGREED, SIDE
from mmviz.text import N_, P_, Text
from mmviz.words.finding import Examined, Finding, put, unset
from mmviz.words.timing import library_name

GENERATIONS: dict[str, int] = {
    **dict.fromkeys(
        ("prescott", "core2", "penryn", "dunnington", "nehalem", "atom", "athlon", "opteron"), 0
    ),
    **dict.fromkeys(("opteron_sse3", "barcelona", "bobcat"), 0),
    **dict.fromkeys(("sandybridge", "bulldozer", "piledriver", "steamroller"), 1),
    **dict.fromkeys(("haswell", "zen", "excavator"), 2),
    **dict.fromkeys(("skylakex", "cooperlake", "sapphirerapids"), 3),
}
"""OpenBLAS's kernels on x86 by what they compute with; source: OpenBLAS, DYNAMIC_CORE."""

_SETS = (N_("SSE"), N_("AVX"), N_("AVX2"), N_("AVX-512"))
_BEST = ("Nehalem", "Sandybridge", "Haswell", "SkylakeX")
_AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}  # OpenBLAS asks for all
_THREADS = {
    "openblas": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
    "mkl": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "blis": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
}
_OWN = (
    "mmviz_s",
    "ran_s",
    "waited_s",
    "delayed_s",
    "away_s",
    "periods",
    "held",
)  # who looks sleeps
_GOVERNORS = ("powersave", "conservative")
_DYNAMIC = ("intel_pstate", "amd-pstate-epp", "amd_pstate_epp")  # their powersave saves nothing
_SAVING = ("power", "balance_power")
_PROFILES = ("low-power", "quiet", "cool")


def kernels(on: Examined) -> Iterator[Finding]:
    """OpenBLAS computes with less than the processor has."""
    health, blas = on.health, on.health.machine.blas
    if blas is None or blas.library != "openblas":
        return
    runs, forced = blas.architecture, health.machine.variables.get("OPENBLAS_CORETYPE")
    own, times, can = health.kernels.own, health.kernels.times, _generation(health.flags)
    slower = _held_down(runs.lower(), own.lower()) if times is None else times > AGREED
    if forced and slower:
        said = N_(
            "OPENBLAS_CORETYPE={forced} is set: OpenBLAS runs {runs} kernels, by itself it takes "
            "{own} here"
        )
        text = Text(said, forced=forced, runs=runs, own=own)
        if times is not None:
            cost = N_(
                "{text}; on one thread {shape:shape} takes {times:sig2} times as long as with those"
            )
            text = Text(cost, text=text, shape=(SIDE,) * 3, times=times)
        yield Finding(
            "kernels",
            "slow",
            text,
            Text(N_("do not set it")),
            unset("OPENBLAS_CORETYPE", health.system),
        )
    elif not forced and can is not None and GENERATIONS.get(runs.lower(), can) < can:
        said = N_("OpenBLAS runs {runs} kernels, though this processor has {vectors}")
        yield Finding(
            "kernels",
            "slow",
            Text(said, runs=runs, vectors=Text(_SETS[can])),
            Text(N_("take a newer NumPy, or try the other kernels")),
            put("OPENBLAS_CORETYPE", _BEST[can], health.system),
        )


def steering(on: Examined) -> Iterator[Finding]:
    """Something else that steers the library was set, whatever it does."""
    machine = on.health.machine
    told = {"OPENBLAS_CORETYPE", *(name for names in _THREADS.values() for name in names)}
    for name, value in machine.steered_by().items():
        if name not in told:
            said = Text(N_("{name}={value} is set and steers the speed"), name=name, value=value)
            remedy = Text(N_("do not set it, unless it is faster so"))
            yield Finding("steering", "slow", said, remedy, unset(name, on.health.system))


def library(on: Examined) -> Iterator[Finding]:
    """NumPy multiplies without a library made for it. macOS's own is not seen by name."""
    if on.health.machine.blas is None and on.health.system != "darwin":
        yield Finding(
            "library",
            "slow",
            Text(N_("no library for fast products is seen behind NumPy")),
            Text(N_("install NumPy's own build, which brings OpenBLAS")),
            "pip install --force-reinstall numpy",
        )


def threads(on: Examined) -> Iterator[Finding]:
    """Products run on fewer cores than they may."""
    machine = on.health.machine
    blas = machine.blas
    if blas is None or not 0 < blas.threads < on.usable:
        return
    said = Text(
        P_(
            "{library} runs on {n:group} thread, where {usable:group} cores may be used",
            "{library} runs on {n:group} threads, where {usable:group} cores may be used",
        ),
        library=library_name(blas.library),
        n=blas.threads,
        usable=on.usable,
    )
    names = _THREADS.get(blas.library.lower(), ("OMP_NUM_THREADS",))
    steering = next((name for name in names if name in machine.variables), "")
    if steering:
        cause = N_("{said}, as {variable}={value} asks for")
        said = Text(cause, said=said, variable=steering, value=machine.variables[steering])
        command = unset(steering, on.health.system)
        yield Finding("threads", "slow", said, Text(N_("do not set it")), command)
    else:
        command = put(names[0], str(on.usable), on.health.system)
        yield Finding("threads", "slow", said, Text(N_("ask for all of them")), command)


def affinity(on: Examined) -> Iterator[Finding]:
    """It may not run on all cores."""
    machine = on.health.machine
    if machine.allowed is None or machine.allowed >= machine.logical_cores:
        return
    said = N_("mmviz may run on {n:group} of this computer's {all:group} processors only")
    every = f"taskset -c 0-{machine.logical_cores - 1} mmviz"
    yield Finding(
        "affinity",
        "slow",
        Text(said, n=machine.allowed, all=machine.logical_cores),
        Text(N_("start it on all of them; a container's own limit is set where it is started")),
        every if "taskset" in on.health.tools else "",
    )


def crowd(on: Examined) -> Iterator[Finding]:
    """A container's quota, other programs, a busy host."""
    health = on.health
    for said in hindrances(None, health.machine):
        yield Finding("quota", "slow", said, Text(N_("give the container more, or fit it")))
    if health.load is None:
        return
    load = msgspec.structs.replace(health.load, **dict.fromkeys(_OWN))
    for said in hindrances(load, None):
        remedy = Text(N_("time when nothing else runs"))
        if health.busiest:
            names = ", ".join(health.busiest)
            remedy = Text(N_("time when nothing else runs; busy now: {names}"), names=names)
        yield Finding("crowd", "slow", said, remedy)


def power(on: Examined) -> Iterator[Finding]:
    """The clock is held down to save power."""
    power, tools = on.health.power, on.health.tools
    saving = []
    if power.governor in _GOVERNORS and power.driver not in _DYNAMIC:
        saving.append(Text(N_("the governor {name}"), name=power.governor))
    elif power.preference in _SAVING:
        saving.append(Text(N_("the preference {name}"), name=power.preference))
    if power.profile in _PROFILES:
        saving.append(Text(N_("the profile {name}"), name=power.profile))
    if saving:
        governor = "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/"
        file = "energy_performance_preference" if power.driver in _DYNAMIC else "scaling_governor"
        yield Finding(
            "power",
            "slow",
            Text(N_("the processor saves power: {saving:items}"), saving=tuple(saving)),
            Text(N_("let it run at its full clock while you time")),
            "powerprofilesctl set performance"
            if "powerprofilesctl" in tools
            else f"{governor}{file}",
        )
    if power.turbo is False:
        intel = power.driver.startswith("intel")
        file = "intel_pstate/no_turbo" if intel else "cpufreq/boost"
        yield Finding(
            "turbo",
            "slow",
            Text(N_("the processor may not go above its usual clock")),
            Text(N_("allow it, or leave it so for steadier times")),
            f"echo {0 if intel else 1} | sudo tee /sys/devices/system/cpu/{file}",
        )
    if power.plugged is False:
        said = Text(N_("it runs on its battery, which most computers spare"))
        yield Finding("battery", "slow", said, Text(N_("plug it in")))


def _held_down(runs: str, own: str) -> bool:
    """Whether kernels compute with less than those OpenBLAS takes by itself, or may do so."""
    if runs in GENERATIONS and own in GENERATIONS:
        return GENERATIONS[runs] < GENERATIONS[own]
    return own not in ("", runs)


def _generation(flags: frozenset[str]) -> int | None:
    """What an x86 processor computes with at the most; None where that is not known."""
    if flags >= _AVX512:
        return 3
    if flags >= {"avx2", "fma"}:
        return 2
    return 1 if "avx" in flags else 0 if "sse2" in flags else None
