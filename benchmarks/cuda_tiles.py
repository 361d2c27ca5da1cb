"""Our own tiles on an NVIDIA GPU beside cuBLAS, and what recording them costs.

    uv run python benchmarks/cuda_tiles.py [--side N,N] [--dtype D,D] [--tile MxN,MxN] [--order O,O]
                                           [--seconds S] [--json F] [--keep FOLDER]

cuBLAS, the tiles without a stamp and the tiles stamped take turns in one process; each is timed by
the GPU's own clock. `share` is the time of cuBLAS over that of the tiles without a stamp, of their
medians: 1.0 is as fast. `stamping` is stamped over not stamped, less 1. `off` is the deviation from
float64 on the operands as they are stored, which tells how sums were added up. Aims: float32 0.85
at 4096 and 8192; tensor cores 0.60 before Hopper and 0.35 from Hopper on; stamping 0.01.

--keep records AlexNet at batch 1, 128 and 2048, and the two products of a tail, 2304×1536×4096 and
2304×1664×4096, as files. `--json F` writes the table.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from mmviz.backends.cuda.backend import CudaTiles
from mmviz.backends.recorder import How
from mmviz.bench.fingerprint import fingerprint
from mmviz.bench.plan import RecordPlan
from mmviz.bench.recording import wall_s
from mmviz.bench.runner import record
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import make_operands
from mmviz.core.recording.checks import recording_faults
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.files.networks import read_preset
from mmviz.files.recordings import npz

LEAST = 7  # rounds
CHECKED_ROWS = 256


@dataclass(frozen=True, slots=True)
class Line:
    """One product. Times in seconds: medians of the rounds."""

    n: int
    dtype: str
    tile: Tile
    order: str
    cublas_s: float
    tiles_s: float
    stamped_s: float
    share: float
    stamping: float
    teraflops: float
    off: float
    rounds: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", default="4096,8192")
    parser.add_argument("--dtype", default="float32,float16,bfloat16")
    parser.add_argument("--tile", default="128x128")
    parser.add_argument("--order", default="rows,swizzle-8,persistent")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each line, at least")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    backend = CudaTiles()
    backend.check()
    print(", ".join(f"{name} {value}" for name, value in backend.facts().items()))
    print(f"{'n':>6} {'format':9}{'tile':>9} {'order':12}", end="")
    print("cuBLAS ms  tiles ms   TFLOP/s  share  stamping      off  rounds")
    found = []
    for line in measured(backend, options):
        found.append(line)
        times = f"{1e3 * line.cublas_s:9.3f} {1e3 * line.tiles_s:9.3f} {line.teraflops:9.1f}"
        rest = f"{line.share:7.3f} {line.stamping:+9.2%} {line.off:8.1e} {line.rounds:7}"
        tile = f"{line.tile[0]}x{line.tile[1]}"
        print(f"{line.n:6} {line.dtype:9}{tile:>9} {line.order:12}{times}{rest}", flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in found], indent=1) + "\n")
    if options.keep:
        keep(options.keep)


def measured(backend: CudaTiles, options: argparse.Namespace) -> Iterator[Line]:
    """A line for each product, format, tile and order."""
    tiles = [tuple(map(int, word.split("x"))) for word in options.tile.split(",")]
    ways = itertools.product(options.dtype.split(","), tiles, options.order.split(","))
    for (dtype, tile, order), n in itertools.product(ways, map(int, options.side.split(","))):
        if dtype in backend.dtypes:
            yield line(backend, n, dtype, How((tile[0], tile[1]), order), options.seconds)
        else:
            print(f"{n:6} {dtype}: not on this GPU")


def line(backend: CudaTiles, n: int, dtype: str, how: How, seconds: float) -> Line:
    """One product."""
    name = f"{n}x{n}x{n}"
    products = Products(name, (Gemm(name, "product", n, n, n),))
    recorder = backend.prepare_recording(products, make_operands(products), dtype, how)
    off: list[float] = []
    recorder.check(lambda _, a, b, c: off.append(fingerprint(c, a, b)), CHECKED_ROWS)
    ways: tuple[Callable[[], float], ...] = (
        lambda: recorder.plain()[0],
        lambda: recorder.bare()[0],
        lambda: wall_s(recorder.run()[0]),
    )
    times = in_turns(ways, seconds)
    recorder.close()
    cublas, bare, stamped = map(statistics.median, times)
    return Line(
        n=n,
        dtype=dtype,
        tile=how.tile or (0, 0),
        order=how.order,
        cublas_s=cublas,
        tiles_s=bare,
        stamped_s=stamped,
        share=cublas / bare,
        stamping=stamped / bare - 1,
        teraflops=2 * n**3 / bare / 1e12,
        off=off[0],
        rounds=len(times[0]),
    )


def in_turns(ways: tuple[Callable[[], float], ...], seconds: float) -> list[list[float]]:
    """Seconds of each way, round by round; none always comes after the same."""
    for way in ways:
        way()
    times: list[list[float]] = [[] for _ in ways]
    began = perf_counter()
    while len(times[0]) < LEAST or perf_counter() - began < seconds:
        first = len(times[0])
        for place in range(len(ways)):
            number = (place + first) % len(ways)
            times[number].append(ways[number]())
    return times


def keep(folder: Path) -> None:
    """The recordings that a GPU is wanted for."""
    folder.mkdir(parents=True, exist_ok=True)
    alexnet = read_preset("alexnet").network
    plans = {
        f"cuda-alexnet-{batch}": RecordPlan(workload=alexnet, batch=batch, by="cuda-tiles")
        for batch in (1, 128, 2048)
    }
    for n in (1536, 1664):
        name = f"2304x{n}x4096"
        listed = Products(name, (Gemm(name, "product", 2304, n, 4096),))
        plans[f"cuda-{name}"] = RecordPlan(workload=listed, by="cuda-tiles", tile=(128, 128))
    for name, plan in plans.items():
        found = record(plan, lambda _: None)
        assert found is not None
        if faults := recording_faults(found):
            raise SystemExit(f"{name}: {'; '.join(map(str, faults))}")
        path = folder / f"{name}.npz"
        npz.save(path, found)
        print(f"{path}: {found.tiles} tiles, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
