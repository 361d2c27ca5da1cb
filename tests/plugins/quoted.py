"""What is quoted and so the same in every language: names, ids, units, what files say."""

from __future__ import annotations

import re
from functools import cache

from pseudo import left_over

from mmviz.backends import registry
from mmviz.bench.machine import read_machine
from mmviz.core.learning.rungs import RUNGS
from mmviz.core.schedule.orders import orders_of
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import ACTIVATIONS
from mmviz.files import devices, networks
from mmviz.files.lessons.shelf import shipped_folder

NOTATION = frozenset(
    {
        *("mmviz", "FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "min", "NumPy", "BLAS"),
        *("OpenBLAS", "CUDA", "CuPy", "csv", "toml", "svg", "png", "pdf"),
    }
)
"""Names and units, the same in every language."""


@cache
def code() -> frozenset[str]:
    """Lines of the rungs of the ladder."""
    return frozenset(" ".join(line.split()) for rung in RUNGS for line in rung.code)


@cache
def quoted() -> frozenset[str]:
    """Names, ids and what files say of themselves."""
    found = {*BYTES, *registry.MODULES, *ACTIVATIONS, *registry.variants("wgpu")}
    found |= code()
    for preset in networks.preset_ids():
        file = networks.read_preset(preset)
        found |= {preset, file.network.name, file.about, file.source}
        found |= {gemm.name for gemm in file.network.lower(1, False)}
    for path in shipped_folder().glob("*.toml"):  # a lesson has texts of its own in each language
        said = re.findall(r'^(?:en|\w+\.en) = "(.*)"$', path.read_text("utf-8"), re.MULTILINE)
        found |= {" ".join(text.split()) for text in said}
    for id in devices.device_ids():
        device = devices.read_device(id)
        found |= {id, device.name, str(device.about), device.source, device.unit_name}
        for calibration in device.calibrations:
            found |= {calibration.source, *calibration.source.split("; ")}
        found |= set(orders_of(device))
    machine = read_machine()
    if machine.blas is not None:
        found |= {machine.blas.library, machine.blas.architecture}
    return frozenset({*found, machine.cpu} - {""})


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(quoted(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest)) + r")(?!\w)")


def english(shown: str, *typed: str) -> set[str]:
    """Words that are neither data nor notation nor what was typed."""
    shown = " ".join(shown.split())
    if shown.endswith("…") and any(name.startswith(shown[:-1]) for name in quoted()):
        return set()  # a name cut where there was no room
    if any(shown in line for line in code()):
        return set()  # of a line of code that goes on below
    shown = _pattern().sub(" ", shown)
    shown = re.sub(r"mmviz [a-z]+|--[a-z-]+|/\S+", " ", shown)  # commands, options, paths
    for word in typed:
        shown = shown.replace(word, " ")
    return set(left_over(shown)) - NOTATION
