"""Two backends on one GPU: passes a second, and the GPU's own clock beside the wall clock.

    uv run python benchmarks/cuda.py [--one B] [--other B] [--dtype D] [--side N] [--batch N,N]
                                     [--seconds S] [--json F] [--keep FOLDER]

AlexNet's classifier at batch 1, 128 and 4096, and one product of 8192³: both backends take turns in
one process, in random order. `ratio` is the passes a second of the one over the other's, of their
medians; `clock` is a pass by the GPU's events over one by the wall clock. Only the ratios carry to
another day. --keep writes each run with all its samples, as `mmviz bench --json` does.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from mmviz.bench import runner
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results, Run
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.files import networks, runs


@dataclass(frozen=True, slots=True)
class Line:
    """One backend at one batch. passes_s: a second; clock: None where the GPU has none."""

    what: str
    batch: int
    dtype: str
    backend: str
    passes_s: float | None
    ratio: float | None
    clock: float | None
    error: float | None
    said: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", default="cupy")
    parser.add_argument("--other", default="torch:cuda")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--side", type=int, default=8192)
    parser.add_argument("--batch", default="1,128,4096")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    batches = tuple(int(word) for word in options.batch.split(","))
    side = options.side
    square = Products(f"product of {side}", (Gemm("C", "product", side, side, side, 0),))
    lines: list[Line] = []
    print(f"{'':20}{'batch':>6}  {'backend':12}{'passes/s':>12}{'ratio':>8}{'clock':>8}  error")
    for network, sizes in ((networks.read_preset("alexnet").network, batches), (square, (1,))):
        results = timed(network, sizes, options)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            name = f"{network.name.lower()}-{options.dtype}.json".replace(" ", "-")
            runs.save_json(results, options.keep / name)
        for line in told(results, options.one, options.other):
            lines.append(line)
            numbers = f"{shown(line.passes_s, 12)}{shown(line.ratio, 8)}{shown(line.clock, 8)}"
            error = "" if line.error is None else f"{line.error:.1e}"
            print(f"{line.what:20}{line.batch:6}  {line.backend:12}{numbers}  {error}  {line.said}")
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=2) + "\n")


def timed(network: Workload, batches: tuple[int, ...], options: argparse.Namespace) -> Results:
    """Both backends in turns, in a child."""
    plan = BenchPlan(
        network=network,
        batches=batches,
        backends=(options.one, options.other),
        dtype=options.dtype,
        seconds=options.seconds,
    )
    return runner.run(plan, lambda _: None)


def told(results: Results, one: str, other: str) -> Iterator[Line]:
    """A line for each run."""
    for run in results.runs:
        there = {(found.backend, found.batch): passes(found) for found in results.runs}
        mine, others = there[one, run.batch], there[other, run.batch]
        ratio = mine / others if mine and others and run.backend == one else None
        said = "; ".join(map(str, (*run.remarks, *([run.failure] if run.failure else ()))))
        yield Line(
            results.network,
            run.batch,
            results.dtype,
            run.backend,
            passes(run),
            ratio,
            clock(run),
            run.max_error,
            said,
        )


def passes(run: Run) -> float | None:
    """Passes a second, of the median."""
    return None if run.stats is None else 1 / run.stats.p50


def clock(run: Run) -> float | None:
    """A pass by the GPU's own clock over one by the wall clock, both medians."""
    if run.stats is None or not run.on_gpu:
        return None
    return statistics.median(run.on_gpu) / run.stats.p50


def shown(value: float | None, width: int) -> str:
    """A number, or that there is none."""
    return f"{'—' if value is None else format(value, ',.4g'):>{width}}"


if __name__ == "__main__":
    main()
