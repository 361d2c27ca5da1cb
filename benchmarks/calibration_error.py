"""How far calibrations of this machine are off, undisturbed and beside a process that spins.

    python benchmarks/calibration_error.py --quiet 5 --disturbed 10

Each calibration is a child process, as ever, and at most ten seconds; nothing is kept. Printed are
the error that it says of itself, on shapes kept out of its fit, and, of disturbed ones, the error
of its predictions against those shapes as the quiet ones measured them (medians). Aims: at most
12 % on a quiet machine, at most 20 % beside the spinning process in nine runs of ten.

Whatever runs beside falsifies it: run it alone. OPENBLAS_CORETYPE and other variables that steer
BLAS are taken over, and named.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic

from mmviz.bench.measured import Measured
from mmviz.bench.plan import CalibrationPlan
from mmviz.bench.runner import calibrate
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.time.cpu_time import cpu_seconds, mean_error
from mmviz.errors import BenchError
from mmviz.files.this_machine import usable_cores

QUIET_AIM, DISTURBED_AIM, OF_TEN = 0.12, 0.20, 9
SPIN = """
import sys, time
duty, period = float(sys.argv[1]), float(sys.argv[2])
while True:
    until = time.perf_counter() + duty * period
    while time.perf_counter() < until:
        pass
    time.sleep((1 - duty) * period)
"""

Times = Mapping[tuple[str, int, int, int], float]
"""Seconds of products kept out, by number format and shape."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quiet", type=int, default=5, help="undisturbed calibrations (5)")
    parser.add_argument("--disturbed", type=int, default=10, help="beside a process (10)")
    parser.add_argument("--duty", type=float, default=0.5, help="share of the time it spins (0.5)")
    parser.add_argument("--period", type=float, default=0.2, help="seconds of on and off (0.2)")
    options = parser.parse_args()
    quiet = [found for number in range(options.quiet) if (found := measured(f"quiet {number + 1}"))]
    verdict("quiet", [worst(found) for found in quiet], options.quiet, QUIET_AIM)
    truth = medians(quiet)
    errors = []
    with spinning(options.duty, options.period):
        for number in range(options.disturbed):
            found = measured(f"disturbed {number + 1}", truth)
            if found is not None:
                errors.append(against(found, truth) if truth else worst(found))
    verdict("disturbed", errors, options.disturbed, DISTURBED_AIM)


def measured(name: str, truth: Times | None = None) -> Measured | None:
    """One calibration, and its line."""
    plan = CalibrationPlan(cores=usable_cores(), asked_at=monotonic())
    try:
        found = calibrate(plan, lambda _: None)
    except BenchError as error:
        print(f"{name:14} {error}")
        return None
    assert found is not None  # nobody stops it
    errors = ", ".join(f"{fit.dtype} {fit.error:6.1%} of {fit.kept}" for fit in found.fitted)
    beside = f", against the quiet ones {against(found, truth):6.1%}" if truth else ""
    print(f"{name:14} {errors or 'nothing fitted'}{beside}; {found.took_s:.1f} s, "
          f"{found.dropped:.0%} disturbed")  # fmt: skip
    for said in found.disturbances():
        print(f"{'':14} {said}")
    return found


def worst(found: Measured) -> float:
    """The error it says of itself, the worse number format."""
    return found.error(("float32", "float64"))


def medians(quiet: Sequence[Measured]) -> Times:
    """What the products kept out took, over the quiet calibrations."""
    times: dict[tuple[str, int, int, int], list[float]] = {}
    for row in (row for found in quiet for row in found.rows if row.kept):
        times.setdefault((row.dtype, row.m, row.n, row.k), []).append(row.seconds)
    return {key: statistics.median(seconds) for key, seconds in times.items()}


def against(found: Measured, truth: Times) -> float:
    """The error of its predictions against those times, the worse number format."""
    blas, errors = found.machine.blas, []
    core = blas.architecture if blas is not None and blas.library == "openblas" else ""
    fits = {fit.dtype: fit for fit in found.fitted}
    for dtype in dict.fromkeys(key[0] for key in truth):
        if dtype not in fits:
            return float("inf")
        shapes = {key[1:]: seconds for key, seconds in truth.items() if key[0] == dtype}
        m, n, k = zip(*shapes, strict=True)
        fit = fits[dtype]
        predicted = cpu_seconds(m, n, k, fit.constants, fit.threads, BYTES[dtype], core)
        errors.append(mean_error(predicted, list(shapes.values())))
    return max(errors, default=float("inf"))


def verdict(name: str, errors: Sequence[float], runs: int, aim: float) -> None:
    """How many runs met the aim."""
    if runs:
        met = sum(error <= aim for error in errors)
        middle = f"{statistics.median(errors):.1%}" if errors else "none"
        print(f"{name}: median {middle}, {met} of {runs} at most {aim:.0%}"
              f" (aim: {OF_TEN if name == 'disturbed' else 10} of ten)\n")  # fmt: skip


@contextlib.contextmanager
def spinning(duty: float, period: float) -> Iterator[None]:
    """A process that keeps one core busy for a share of the time."""
    process = subprocess.Popen([sys.executable, "-c", SPIN, str(duty), str(period)])
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
