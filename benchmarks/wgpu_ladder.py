"""How fast each kernel of mmviz multiplies on an adapter, beside NumPy here.

    uv run python benchmarks/wgpu_ladder.py [--adapter NAME] [--dtype D] [--sides N ...] [--json F]

Square products in every rung of the ladder, all of them in turn, each as often as fits into
`--seconds` a rung and side, and at least three times; the least time counts, by the wall clock. On
a machine that is shared what counts is the ratio inside one run: how many times faster than naive.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from mmviz.backends.base import SOFTWARE
from mmviz.backends.webgpu import layers
from mmviz.backends.webgpu.adapters import chosen
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.faults import Refused
from mmviz.backends.webgpu.products import NAIVE, NARROW, REGISTER, TILED, Rung

SIDES = (256, 512, 1024)
LEAST = 3  # passes


def named(rung: Rung) -> str:
    """Its name, with the cells of a workgroup, k a step and the cells of a thread."""
    if rung.id != "register":
        return rung.id
    return f"{rung.id} {rung.tm}×{rung.tn}×{rung.tk}, {rung.cell_m}×{rung.cell_n}"


def timed(device: Device, dtype: str, side: int, seconds: float) -> dict[str, float]:
    """Seconds of one product of that side by rung, and NumPy's."""
    random = np.random.default_rng(side)
    a, b = (random.standard_normal((side, side)).astype(dtype) for _ in range(2))
    one, two = device.upload(a, dtype), device.upload(b, dtype)
    three = device.matrix(side, side, dtype)
    steps: dict[str, Any] = {}
    for rung in (NAIVE, NARROW, TILED, *REGISTER):
        if rung.bytes(a.itemsize) > device.workgroup_bytes:
            continue
        if rung.threads > device.workgroup_threads:
            continue
        try:
            steps[named(rung)] = list(layers.product(device, rung, "nn", one, two, three))
        except Refused as error:
            print(f"{named(rung)}: {error}")
    x, y = a.astype(np.float32), b.astype(np.float32)
    out = np.empty_like(x)
    least = dict.fromkeys(["NumPy, float32", *steps], math.inf)
    ends = perf_counter() + seconds * len(least)
    turn = 0
    while turn < LEAST or perf_counter() < ends:
        turn += 1
        for name in least:
            began = perf_counter()
            if name in steps:
                device.submit(steps[name])
                device.wait()
            else:
                np.matmul(x, y, out=out)
            least[name] = min(least[name], perf_counter() - began)
    for matrix in (one, two, three):
        device.free(matrix)
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--adapter", default="", metavar="NAME")
    parser.add_argument("--dtype", default="float32", choices=("float32", "float16"))
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S")
    parser.add_argument("--json", type=Path, metavar="F")
    arguments = parser.parse_args()
    adapter = chosen(arguments.adapter)
    device = Device(adapter)
    device.check(arguments.dtype)
    what = SOFTWARE if adapter.software else adapter.interface
    print(f"{adapter.name} ({what}), {arguments.dtype}; GFLOP/s, and times naive")
    found = {
        side: timed(device, arguments.dtype, side, arguments.seconds) for side in arguments.sides
    }
    device.close()
    print(" " * 32 + "".join(f"{side:>20}" for side in found))
    for name in next(iter(found.values())):
        cells = (
            f"{2e-9 * side**3 / least[name]:11.4g} {least['naive'] / least[name]:6.1f} ×"
            for side, least in found.items()
            if name in least
        )
        print(f"{name:32}" + "".join(cells))
    if arguments.json:
        told = {
            "adapter": adapter.name,
            "software": adapter.software,
            "dtype": arguments.dtype,
            "seconds": found,
        }
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
