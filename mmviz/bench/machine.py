"""The real computer a run was timed on."""

from __future__ import annotations

import math
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import msgspec
import numpy as np
import psutil

from mmviz import __version__
from mmviz.backends.threads import numpy_blas
from mmviz.bench.limits import NO_AFFINITY, allowed_cpus, read_quota

STEERING = ("OPENBLAS_", "MKL_", "OMP_", "BLIS_", "VECLIB_", "GOTO_", "NPY_")
"""How the names of environment variables begin that change a product's speed silently."""

MOST_CORES = 1e6  # that any computer has
OWN_VARIABLES: Mapping[str, str] = {"OPENBLAS_THREAD_TIMEOUT": "4"}
"""What mmviz sets for the timing child unless the user did: OpenBLAS's idle threads would spin for
25 to 100 ms and starve whoever multiplies next."""


class Blas(msgspec.Struct, frozen=True):
    """The library behind NumPy's matmul, as threadpoolctl sees it after loading."""

    library: str
    version: str
    architecture: str
    threads: int


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides a timing and can be read: stands beside every result.

    memory in bytes; `variables`: the environment variables that steer BLAS and are set; `gpu`:
    the CUDA device's name or None; `versions`: python, numpy and further packages in use.
    allowed: logical CPUs this process may run on; quota: how many of them its container may keep
    busy, None where nothing limits it below those; `unknown`: why a figure is None though nobody
    knows it to be nothing, by its name.
    """

    cpu: str
    cores: int
    logical_cores: int
    memory: int
    system: str
    blas: Blas | None = None
    variables: dict[str, str]
    gpu: str | None = None
    versions: dict[str, str]
    allowed: int | None = None
    quota: float | None = None
    unknown: dict[str, str] = {}

    def __post_init__(self) -> None:
        if self.quota is not None and not 0 < self.quota <= MOST_CORES:
            raise ValueError(f"a limit of {self.quota!r:.40} cores")

    def steered_by(self) -> dict[str, str]:
        """The variables somebody else set: without those mmviz gives its own timing child."""
        return {k: v for k, v in self.variables.items() if OWN_VARIABLES.get(k) != v}

    @property
    def fitting_threads(self) -> int | None:
        """The most threads that the quota keeps busy all the time, at least 1; None: no quota."""
        return None if self.quota is None else max(1, math.floor(self.quota))


def read_machine(facts: Mapping[str, str] | None = None) -> Machine:
    """This computer; `facts` are what the backends say of theirs (`Backend.facts`).

    The GPU is named only by a backend that uses it: looking for one would load CuPy.
    """
    further = dict(facts or {})
    gpu = further.pop("gpu", None)
    further.pop("gpu_bus", None)  # where its sensors are found; no version of anything
    logical = psutil.cpu_count() or os.cpu_count() or 1
    allowed, quota = len(allowed_cpus()) or None, read_quota()
    unknown = {} if allowed else {"allowed": NO_AFFINITY}
    if quota.unknown:
        unknown["quota"] = quota.unknown
    return Machine(
        cpu=cpu_name(),
        cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
        memory=psutil.virtual_memory().total,
        system=platform.platform(terse=True),
        blas=_blas(),
        variables=steering_variables(os.environ),
        gpu=gpu,
        versions={**_versions(), **further},
        allowed=allowed,
        quota=quota.below(allowed or logical),
        unknown=unknown,
    )


def steering_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Those set variables that change the speed of BLAS, sorted by name."""
    return {k: v for k, v in sorted(environment.items()) if k.upper().startswith(STEERING)}


def cpu_name() -> str:
    """The processor as its maker names it; its architecture where nothing says more."""
    for name in (*_cpu_names(), platform.processor(), platform.machine()):
        if words := " ".join(name.split()):
            return words
    return "unknown CPU"


def _cpu_names() -> Iterator[str]:
    if sys.platform == "darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        try:
            yield subprocess.run(command, capture_output=True, text=True, timeout=5).stdout
        except (OSError, subprocess.SubprocessError):
            return
    elif sys.platform == "win32":
        import winreg

        try:
            path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                yield str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
        except OSError:
            return
    else:
        yield _cpuinfo_name(Path("/proc/cpuinfo"))


def _cpuinfo_name(path: Path) -> str:
    """'model name' on x86; ARM kernels mostly give none."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    names = (line.partition(":")[2] for line in lines if line.startswith(("model name", "Model")))
    return next(names, "")


def _blas() -> Blas | None:
    """NumPy is imported above, so its BLAS is loaded; None where threadpoolctl knows none."""
    first = numpy_blas()
    if first is None:
        return None
    return Blas(
        str(first.get("internal_api") or "unknown"),
        str(first.get("version") or "unknown"),
        str(first.get("architecture") or "unknown"),
        int(first.get("num_threads") or 0),
    )


def _versions() -> dict[str, str]:
    found = {"mmviz": __version__, "python": platform.python_version(), "numpy": np.__version__}
    for package in ("threadpoolctl", "psutil"):
        found[package] = metadata.version(package)
    return found
