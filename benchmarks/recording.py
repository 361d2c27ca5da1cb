"""What recording tiles on this computer's cores costs, beside one np.matmul on as many threads.

    uv run python benchmarks/recording.py [--seconds S] [--json F]

np.matmul, the same product in tiles, and the tiles stamped take turns in one process, so that what
disturbs one disturbs all. Of each those rounds count in which its threads waited for a core no
longer than in its best one, and of these a low quantile, as in a calibration. Where others had the
cores in all of them the best round is shown, and `busy` says that it is no result.

`--json F` writes `[{"n", "tile", "ratio", "stamping"}, …]`: ratio is stamped over np.matmul, 1.0
where recording costs nothing; stamping is stamped over not stamped, less 1. Packing is in neither,
and printed beside.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # as the timing child, before NumPy is loaded

import numpy as np

from mmviz.backends.cpu_tiles.backend import CpuTiles
from mmviz.backends.recorder import How
from mmviz.bench.computing import computing
from mmviz.bench.machine import read_machine
from mmviz.bench.meter import Waits
from mmviz.bench.recording import wall_s
from mmviz.bench.undisturbed import QUANTILE, Block, clean
from mmviz.core.learning.operands import make_operands
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products

SHAPES = ((1024, 256), (1024, 512), (2048, 256), (2048, 512), (4096, 1024))
LEAST = 5  # rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each shape, at least")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = read_machine()
    blas = machine.blas
    print(machine.cpu, machine.logical_cores, "CPUs", *(() if blas is None else (blas,)))
    print(
        "    n   tile np.matmul ms  tiled   stamped   packing    ratio stamping   rounds that count"
    )
    found = [measured(n, tile, options.seconds) for n, tile in SHAPES]
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def measured(n: int, tile: int, seconds: float) -> dict[str, float]:
    """One line of the table."""
    products = Products("square", (Gemm("square", "product", n, n, n),))
    operands = make_operands(products)
    recorder = CpuTiles().prepare_recording(products, operands, "float32", How((tile, tile)))
    waits = Waits()
    packing: list[float] = []

    def stamped() -> float:
        (stamps,) = recorder.run()
        packing.append(stamps.packing_s)
        return wall_s(stamps)

    ways: dict[str, Callable[[], float]] = {
        "plain": lambda: recorder.plain()[0],
        "tiled": lambda: recorder.bare()[0],
        "stamped": stamped,
    }
    blocks: dict[str, list[Block]] = {way: [] for way in ways}
    with computing():
        for way in ways.values():
            way()
        waits.refresh()
        names, began, rounds = list(ways), perf_counter(), 0
        while rounds < LEAST or perf_counter() - began < seconds:
            for place in range(len(names)):
                name = names[(place + rounds) % len(names)]
                before, spent = waits.read(), ways[name]()
                after = waits.read()
                waited = None if before is None or after is None else (after - before) / spent
                blocks[name].append(Block(spent, waited))
            rounds += 1
    waits.close()
    recorder.close()
    kept = {name: clean(some) for name, some in blocks.items()}
    plain, tiled, last = (_time(blocks[name], kept[name]) for name in ways)
    ratio, stamping = last / plain, last / tiled - 1
    times = "".join(f"{1e3 * x:10.2f}" for x in (plain, tiled, last, packing[0]))
    counted = "/".join(str(len(some)) for some in kept.values())
    busy = "" if all(kept.values()) else "  busy"
    print(
        f"{n:5} {tile:6}{times}{ratio:9.3f}{stamping:+9.2%}   {counted} of {rounds}{busy}",
        flush=True,
    )
    return {"n": n, "tile": tile, "ratio": ratio, "stamping": stamping}


def _time(every: list[Block], kept: list[float]) -> float:
    """Seconds that count of one way."""
    return float(np.quantile(kept, QUANTILE)) if kept else min(block.seconds for block in every)


if __name__ == "__main__":
    main()
