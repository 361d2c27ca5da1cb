"""Record on this computer what comes with mmviz, into assets/recordings.

    uv run python benchmarks/record_shipped.py [NAME ...] [--out FOLDER] [--patience S]

Each is recorded again until other programs took no more than QUIET of the cores, or for so many
seconds; the one that was disturbed least is written, and what it was disturbed by is printed. It is
for a person to look at that, and to ship none that others took part in. The one with a busy core
keeps it busy by a process of its own, pinned there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from mmviz.backends.cpu_tiles.cores import pinnable
from mmviz.bench.plan import RecordPlan
from mmviz.bench.runner import record
from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.files.networks import read_preset
from mmviz.files.recordings import npz
from mmviz.text import Text
from mmviz.words.shipped_recordings import ABOUT, KEPT_BUSY

QUIET = 0.03  # share of the cores
SPINNING = 0.7  # of one core is about what a process has that spins where a thread computes
SPIN = "import os; os.sched_setaffinity(0, {%d})\nwhile True: pass"


@dataclass(frozen=True, slots=True)
class Wanted:
    """workload, batch, training, tile: as in the plan; what: as the command line has it."""

    what: str
    workload: Workload
    batch: int = 1
    training: bool = False
    tile: tuple[int, int] | None = None
    busy: bool = False

    @property
    def command(self) -> str:
        """What records the same again."""
        parts = ["mmviz trace", self.what, "--record cpu-tiles"]
        parts += [f"--batch {self.batch}"] * self.workload.has_batch
        parts += ["--training"] * self.training
        parts += [] if self.tile is None else [f"--tile {self.tile[0]}x{self.tile[1]}"]
        return " ".join([*parts, "-o trace.npz"])


def wanted() -> dict[str, Wanted]:
    name = "2048x2048x2048"
    square = Products(name, (Gemm(name, "product", 2048, 2048, 2048),))
    alexnet = read_preset("alexnet").network
    return {
        "cpu-alexnet-128": Wanted("alexnet", alexnet, 128),
        "cpu-alexnet-128-training": Wanted("alexnet", alexnet, 128, training=True),
        "cpu-2048-quiet": Wanted(name, square, tile=(256, 256)),
        "cpu-2048-busy": Wanted(name, square, tile=(256, 256), busy=True),
    }


def main() -> None:
    known = wanted()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    folder = Path(__file__).parents[1] / "assets" / "recordings"
    parser.add_argument("--out", type=Path, default=folder)
    parser.add_argument("--patience", type=float, default=120.0, metavar="S")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or known:
        best = least_disturbed(known[name], options.patience)
        path = options.out / f"{name}.npz"
        npz.save(path, replace(best, about=ABOUT[name], command=known[name].command))
        times = ", ".join(f"{1e3 * (one.wall_s or 0):.1f} ms" for one in best.products)
        print(f"{name}: {times}; {best.tiles} tiles, {path.stat().st_size:,} bytes, {told(best)}")


def least_disturbed(asked: Wanted, patience: float) -> Recording:
    """Of several recordings the one beside which others did least."""
    core = pinnable()[-1]
    own = SPINNING / len(os.sched_getaffinity(0)) if asked.busy else 0.0
    until, best = monotonic() + patience, None
    with kept_busy(core) if asked.busy else nullcontext():
        while best is None or (disturbed(best) - own > QUIET and monotonic() < until):
            found = once(asked)
            if best is None or disturbed(found) < disturbed(best):
                best = found
                print(f"  {told(found)}", file=sys.stderr)
    said = (Text(KEPT_BUSY, core=core),) if asked.busy else ()
    return replace(best, remarks=(*best.remarks, *said))


def once(asked: Wanted) -> Recording:
    plan = RecordPlan(
        workload=asked.workload,
        by="cpu-tiles",
        batch=asked.batch,
        training=asked.training,
        tile=asked.tile,
        rounds=9,
        seconds=2.0,
    )
    found = record(plan, lambda _: None)
    assert found is not None
    if faults := recording_faults(found):
        raise SystemExit("; ".join(map(str, faults)))
    return found


def disturbed(recording: Recording) -> float:
    """Share of the cores that other programs took; 1.0 where nobody tells."""
    others = recording.products[0].beside.others
    return 1.0 if others is None else others


def told(recording: Recording) -> str:
    costs = [one.spent.instrumented for one in recording.products]
    shares = ", ".join("?" if cost is None else f"{cost:+.1%}" for cost in costs)
    return f"others took {disturbed(recording):.1%} of the cores, instrumented {shares}"


@contextmanager
def kept_busy(core: int) -> Iterator[None]:
    """Another process computes on that core all the time."""
    process = subprocess.Popen([sys.executable, "-c", SPIN % core])
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
