"""Which GPUs wgpu finds, what they are called and which one a person would take."""

from __future__ import annotations

import functools
import os
import tempfile
from dataclasses import dataclass
from typing import Any

from mmviz.errors import Unavailable
from mmviz.text import N_, Text

_INSTALL = N_("install it with pip install wgpu")
_DRIVER = N_(
    "install the driver of the graphics card; on Linux without one, mesa-vulkan-drivers computes "
    "in software"
)
_ORDER = ("DiscreteGPU", "IntegratedGPU", "VirtualGPU", "Unknown", "CPU")  # as a person chooses
_INTERFACES = ("Metal", "D3D12", "Vulkan", "D3D11", "OpenGL")
_SOFTWARE = ("llvmpipe", "lavapipe", "swiftshader", "basic render", "warp")


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """A GPU, or what stands in for one, that is not yet open.

    interface: Vulkan, Metal, ... software: a program of the CPU that only behaves like a GPU.
    """

    name: str
    interface: str
    driver: str
    software: bool
    handle: Any

    @property
    def half(self) -> bool:
        """Whether it computes in float16."""
        return "shader-f16" in self.handle.features

    @property
    def timed(self) -> bool:
        """Whether it has a clock of its own."""
        return "timestamp-query" in self.handle.features

    def limit(self, name: str) -> int:
        """A limit by the name WebGPU gives it."""
        return int(self.handle.limits[name])


def load() -> Any:
    """The library; raises Unavailable where it cannot be loaded."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        # Vulkan's loader complains on standard error where it is missing.
        os.environ["XDG_RUNTIME_DIR"] = tempfile.gettempdir()
    try:
        import wgpu
    except ModuleNotFoundError as error:
        if error.name != "wgpu":
            raise Unavailable(Text(_BROKEN, why=first_line(error)), _INSTALL) from None
        raise Unavailable(N_("wgpu is not installed"), _INSTALL) from None
    except Exception as error:  # a library of the system that it needs is missing or broken
        raise Unavailable(Text(_BROKEN, why=first_line(error)), _INSTALL) from None
    return wgpu


@functools.cache  # asking takes most of a second, and every answer keeps threads of the driver
def adapters() -> tuple[Adapter, ...]:
    """All there are, the one a person would take first; raises Unavailable where there is none.

    One that several interfaces offer is listed once.
    """
    wgpu = load()
    try:
        found = [_adapter(handle) for handle in wgpu.gpu.enumerate_adapters_sync()]
    except Exception as error:  # a driver that fails to load
        raise Unavailable(Text(_NO_ANSWER, why=first_line(error)), _DRIVER) from None
    if not found:
        raise Unavailable(N_("no graphics driver offers a GPU to compute on"), _DRIVER)
    ranked = sorted(found, key=_rank)
    once = {adapter.name: adapter for adapter in reversed(ranked)}
    return tuple(adapter for adapter in ranked if once[adapter.name] is adapter)


def first_line(error: Exception) -> str:
    """What went wrong, in a line: of several, the one that says what, which stands last or, where a
    program is shown, says "error:".
    """
    lines = [line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if "error:" in line] or lines[-1:]
    return said[0][:200] if said else type(error).__name__


def _adapter(handle: Any) -> Adapter:
    info = handle.info
    name, kind = str(info["device"]), str(info["adapter_type"])
    software = kind == "CPU" or any(word in name.lower() for word in _SOFTWARE)
    driver = " ".join(filter(None, (str(info["vendor"]), str(info["description"]))))
    return Adapter(name, str(info["backend_type"]), driver, software, handle)


def _rank(adapter: Adapter) -> tuple[bool, int, int]:
    kind = str(adapter.handle.info["adapter_type"])
    return (
        adapter.software,
        _ORDER.index(kind) if kind in _ORDER else len(_ORDER),
        _INTERFACES.index(adapter.interface) if adapter.interface in _INTERFACES else 9,
    )


_BROKEN = N_("wgpu cannot be loaded: {why}")
_NO_ANSWER = N_("wgpu cannot ask for the GPUs here: {why}")
