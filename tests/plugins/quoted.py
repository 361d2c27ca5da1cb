"""What is quoted and so the same in every language: names, ids, units, what files say."""

from __future__ import annotations

import re
from functools import cache

from pseudo import left_over

from mmviz.backends import registry
from mmviz.core.schedule.orders import orders_of
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import ACTIVATIONS
from mmviz.files import devices, networks

NOTATION = frozenset(
    {
        *("mmviz", "FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "min", "NumPy", "BLAS"),
        *("OpenBLAS", "CUDA", "CuPy", "csv", "toml", "svg", "png", "pdf"),
    }
)
"""Names and units, the same in every language."""


COMMANDS = (
    *("presets", "devices", "backends", "plan", "sweep", "advise", "schedule", "bench"),
    *("calibrate", "screenshot"),
)


@cache
def quoted() -> re.Pattern[str]:
    """Names, ids and what files say of themselves, the longest first."""
    found = {*BYTES, *registry.MODULES, *COMMANDS, *ACTIVATIONS}
    for preset in networks.preset_ids():
        file = networks.read_preset(preset)
        found |= {preset, file.network.name, file.about, file.source}
        found |= {gemm.name for gemm in file.network.lower(1, False)}
    for id in devices.device_ids():
        device = devices.read_device(id)
        found |= {id, device.name, str(device.about), device.source, device.unit_name}
        for calibration in device.calibrations:
            found |= {calibration.source, *calibration.source.split("; ")}
        found |= set(orders_of(device))
    longest = sorted(filter(None, found), key=len, reverse=True)
    return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest)) + r")(?!\w)")


def english(shown: str, *typed: str) -> set[str]:
    """Words that are neither data nor notation nor what was typed."""
    shown = quoted().sub(" ", " ".join(shown.split()))
    shown = re.sub(r"--[a-z-]+|/\S+", " ", shown)  # options, paths
    for word in typed:
        shown = shown.replace(word, " ")
    return set(left_over(shown)) - NOTATION
