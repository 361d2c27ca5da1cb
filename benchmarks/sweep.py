"""How long a sweep takes: shapes priced a second, on a GPU, a CPU and a systolic array.

    python benchmarks/sweep.py [--shapes 10000] [--runs 5]

A shape is one product, C[batch × 4096] = X[batch × 9216] · W, at each of so many batches; a pass of
AlexNet's classifier has three of them, in training eight. The least of the runs is printed, without
the start of Python.
"""

from __future__ import annotations

import argparse
import time

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.files.networks import find


def _cpu() -> Device:
    """A calibrated CPU with made figures: what it takes does not depend on their values."""
    constants = (("t0", 1e-6), ("one", 1e-11), ("all", 6e-12), ("near", 1e-11))
    fitted = Calibration("float32", constants, 40, 10, 0.1, 0.1, "made", own=True)
    return Device(
        id="made",
        name="CPU with made figures",
        body=Cpu(),
        units=2,
        peaks=(("float32", 1e11),),
        bandwidth=1e10,
        calibrations=(fitted,),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shapes", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    one, alexnet = from_widths((9216, 4096)), find("alexnet").network.layered
    assert alexnet is not None
    batches = range(1, options.shapes + 1)
    for device, dtype in (
        (read_device("h100"), "bfloat16"),
        (read_device("v100"), "float32"),
        (_cpu(), "float32"),
        (read_device("tpu-v3"), "bfloat16"),
    ):
        for network, training, products in ((one, False, 1), (alexnet, True, 8)):
            points, least = points_of(network, batches, training), float("inf")
            for _ in range(options.runs):
                began = time.perf_counter()
                found = sweep(points, Setup(points.network, device, dtype=dtype))
                least = min(least, time.perf_counter() - began)
            assert found.known
            shapes = products * options.shapes
            print(
                f"{device.name:24} {dtype:9} {len(points):,} points, {shapes:,} shapes: "
                f"{least:.3f} s, {1e4 * least / shapes:.3f} s for 10,000 shapes"
            )


if __name__ == "__main__":
    main()
