"""PyTorch, imported when it is used, and the devices that it finds here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Literal, get_args

from mmviz.errors import Unavailable
from mmviz.text import N_, Text

Kind = Literal["cuda", "xpu", "mps", "cpu"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The one that is taken unasked first. cuda: NVIDIA, and AMD through ROCm."""

_INSTALL = N_('install it with pip install "mmviz[torch]"')
_REINSTALL = N_("reinstall PyTorch as pytorch.org says for this computer")
_BROKEN = N_("PyTorch cannot be imported: {why}")
_NONE: dict[Kind, str] = {
    "cuda": N_("PyTorch finds no CUDA or ROCm GPU"),
    "xpu": N_("PyTorch finds no Intel GPU"),
    "mps": N_("PyTorch finds no Apple GPU"),
}


@dataclass(frozen=True, slots=True)
class Device:
    """What PyTorch computes on. name: what it calls itself, "" for the CPU; bus: its place on PCI,
    "" where PyTorch does not tell; dtypes: in what it computes.
    """

    kind: Kind
    name: str = ""
    bus: str = ""
    dtypes: tuple[str, ...] = ()

    @property
    def is_gpu(self) -> bool:
        return self.kind != "cpu"

    @property
    def has_clock(self) -> bool:
        """Whether it has events that are timed; those of an Apple GPU are not used."""
        return self.kind in ("cuda", "xpu")


_AMPERE = (8, 0)  # the first compute capability whose units know TF32
_ADA = (8, 9)  # the first whose units know float8
_TURING = (7, 5)  # the first whose units know int8

DTYPES: dict[Kind, tuple[str, ...]] = {
    "cuda": ("float32", "tf32", "float16", "bfloat16", "float64", "float8", "int8"),
    "xpu": ("float32", "float16", "bfloat16", "float64"),
    "mps": ("float32", "float16", "bfloat16"),
    "cpu": ("float32", "float16", "bfloat16", "float64", "float8", "int8"),
}


def load() -> Any:
    """The package; raises Unavailable with reason and remedy."""
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise Unavailable(Text(_BROKEN, why=line(error)), _REINSTALL) from None
        raise Unavailable(N_("PyTorch is not installed"), _INSTALL) from None
    except Exception as error:  # a broken install can fail in any way while importing
        raise Unavailable(Text(_BROKEN, why=line(error)), _REINSTALL) from None
    return torch


def loaded() -> Any | None:
    """The package where this process has it already, else None: importing it takes seconds."""
    return sys.modules.get("torch")


def choose(torch: Any, wanted: Kind | None) -> Device:
    """The device that is wanted, or the best one; raises Unavailable where it is not there."""
    there = (kind for kind in KINDS if wanted in (None, kind) and _there(torch, kind))
    kind = next(there, None)
    if kind is None:
        raise Unavailable(_NONE.get(wanted or "cpu", ""), _REINSTALL)
    has = {"int8": hasattr(torch, "_int_mm"), "float8": hasattr(torch, "_scaled_mm")}
    if kind == "cuda":
        # AMD's first GPUs with float8 have another E4M3.
        can = (0, 0) if torch.version.hip else torch.cuda.get_device_capability(0)
        has |= {
            "tf32": can >= _AMPERE,
            "bfloat16": torch.cuda.is_bf16_supported(including_emulation=False),
            "int8": has["int8"] and can >= _TURING,
            "float8": has["float8"] and can >= _ADA,
        }
    dtypes = tuple(dtype for dtype in DTYPES[kind] if has.get(dtype, True))
    return Device(kind, _name(torch, kind), _bus(torch) if kind == "cuda" else "", dtypes)


def try_out(torch: Any, device: Device) -> None:
    """Compute one tiny layer: nothing less tells that it works; raises Unavailable."""
    try:
        one = torch.ones((2, 2), device=device.kind)
        float(torch.tanh(torch.mm(one, one)).sum())
    except Exception as error:  # a GPU too old or too new for this build, …
        reason = Text(N_("PyTorch cannot compute here: {why}"), why=line(error))
        raise Unavailable(reason, _REINSTALL) from None


def line(error: Exception) -> str:
    """The first line with something in it, without the stop at its end."""
    lines = [text.strip().rstrip(".") for text in str(error).splitlines() if text.strip(" =\n")]
    return lines[0][:200] if lines else type(error).__name__


def _there(torch: Any, kind: Kind) -> bool:
    if kind == "cpu":
        return True
    home = torch.backends if kind == "mps" else torch
    module = getattr(home, kind, None)  # older ones know fewer
    return module is not None and bool(module.is_available())


def _name(torch: Any, kind: Kind) -> str:
    if kind == "cpu":
        return ""
    if kind == "mps":
        return "Apple GPU"  # it tells no more
    return str(getattr(torch, kind).get_device_name(0))


def _bus(torch: Any) -> str:
    """As the system writes it: 0000:3b:00.0; older ones tell none."""
    told = torch.cuda.get_device_properties(0)
    names = ("pci_domain_id", "pci_bus_id", "pci_device_id")
    numbers: list[int] = [getattr(told, name, -1) for name in names]
    return "" if min(numbers) < 0 else "{:04x}:{:02x}:{:02x}.0".format(*numbers)
