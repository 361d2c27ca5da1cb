"""Which GPUs wgpu finds, what they are called and which one a person would take."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mmviz.backends.webgpu.faults import first_line
from mmviz.errors import Unavailable
from mmviz.text import N_, Text, own

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

    name: its own alone here; one of several of the same make has a number behind it.
    interface: Vulkan, Metal, ... software: a program of the CPU that only behaves like a GPU.
    card: the same for one card behind several interfaces.
    """

    name: str
    interface: str
    driver: str
    software: bool
    handle: Any
    card: Hashable = None

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
    return tuple(_numbered(_once(sorted(found, key=_rank))))


def chosen(wanted: str = "") -> Adapter:
    """The adapter of that name, or the only one whose name holds those letters; "" for the one a
    person would take. Raises Unavailable, naming those that are here.
    """
    here = adapters()
    if not wanted:
        return here[0]
    letters = wanted.casefold()
    named = [adapter for adapter in here if adapter.name.casefold() == letters]
    named = named or [adapter for adapter in here if letters in adapter.name.casefold()]
    if len(named) == 1:
        return named[0]
    several = N_("more than one adapter is called {wanted!r:.60}: {known:semicolons}")
    none = N_("no adapter is called {wanted!r:.60}; here is {known:semicolons}")
    known = tuple(own(adapter.name) for adapter in named or here)
    raise Unavailable(Text(several if named else none, wanted=wanted, known=known))


def _once(ranked: list[Adapter]) -> Iterator[Adapter]:
    """Of each card those behind the first interface: several of one make are several."""
    first: dict[Hashable, str] = {}
    for adapter in ranked:
        if first.setdefault(adapter.card, adapter.interface) == adapter.interface:
            yield adapter


def _numbered(ranked: Iterator[Adapter]) -> Iterator[Adapter]:
    met: dict[str, int] = {}
    for adapter in ranked:
        n = met[adapter.name] = met.get(adapter.name, 0) + 1
        yield adapter if n == 1 else replace(adapter, name=f"{adapter.name} #{n}")


def _adapter(handle: Any) -> Adapter:
    info = handle.info
    name, kind = str(info["device"]), str(info["adapter_type"])
    software = kind == "CPU" or any(word in name.lower() for word in _SOFTWARE)
    driver = " ".join(filter(None, (str(info["vendor"]), str(info["description"]))))
    make = (info.get("vendor_id"), info.get("device_id"))
    card = make if all(make) else name  # an OpenGL driver may call a card by a longer name
    return Adapter(name, str(info["backend_type"]), driver, software, handle, card)


def _rank(adapter: Adapter) -> tuple[bool, int, int]:
    kind = str(adapter.handle.info["adapter_type"])
    return (
        adapter.software,
        _ORDER.index(kind) if kind in _ORDER else len(_ORDER),
        _INTERFACES.index(adapter.interface) if adapter.interface in _INTERFACES else 9,
    )


_BROKEN = N_("wgpu cannot be loaded: {why}")
_NO_ANSWER = N_("wgpu cannot ask for the GPUs here: {why}")
