"""How often two runs are judged rightly: the same function twice, and 21 repeats against 20.

    python benchmarks/verdict.py [--quick] [--json F] [--threads N] [--samples F]

Every run is a timing run as `mmviz bench` makes it, in a child process of its own; each is judged
beside the one before it.

same: one network again and again, while another process spins on one core; right is "same".
slower: a network of 20 equal layers and one of 21 in turns, nobody else at work; right is "slower"
of the 21 beside the 20.

BLAS has all cores but one, as whoever spins has one; --threads says otherwise. --samples keeps
every run, for `against` to be tried on again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from mmviz.bench import runner
from mmviz.bench.against import against
from mmviz.bench.messages import Message
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.core.shapes.network import from_widths

VERDICTS, QUICK = 100, 10
SECONDS = 0.6
WIDTH, BATCH, LAYERS = 256, 64, 20  # some 0.2 GFLOP: about a millisecond
_SPIN = "while True: pass"


def results(layers: int, seconds: float) -> Results:
    network = from_widths((WIDTH,) * (layers + 1))
    plan = BenchPlan(network=network, batches=(BATCH,), backends=("numpy",), seconds=seconds)
    return runner.run(plan, _deaf)


def _deaf(message: Message) -> None:
    """Nobody waits for what a run says on its way."""


def chain(layers: Sequence[int], count: int, seconds: float) -> Iterator[tuple[Results, Results]]:
    """`count` pairs of runs that follow each other, the one of fewer layers first."""
    last, before = layers[0], results(layers[0], seconds)
    for number in range(1, count + 1):
        now = layers[number % len(layers)]
        after = results(now, seconds)
        yield (before, after) if last <= now else (after, before)
        last, before = now, after


@contextlib.contextmanager
def spinning() -> Iterator[None]:
    """Another process computes on one core meanwhile."""
    process = subprocess.Popen([sys.executable, "-c", _SPIN])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def judged(
    name: str, right: str, pairs: Iterator[tuple[Results, Results]], count: int, kept: list[Any]
) -> dict[str, Any]:
    """How often each verdict was given, with an example of the reason of each."""
    found: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    began = perf_counter()
    for number, (before, after) in enumerate(pairs, 1):
        one = against(before.runs[0], after.runs[0], (before.machine, after.machine))
        found[one.verdict] += 1
        reasons[one.verdict] = str(one.reason)
        kept.append([name, before, after])
        told = "  ".join(f"{verdict or 'none'} {n}" for verdict, n in found.most_common())
        print(f"\r{name:7} {number:3} of {count}: {told:50}", end="", flush=True)
    spent = perf_counter() - began
    print(f"\r{name:7} {found[right]} of {count} are “{right}”   {dict(found)}   {spent:.0f} s")
    for verdict, reason in reasons.items():
        print(f"        {verdict or 'none'}: {reason}")
    return {"right": found[right], "of": count, "verdicts": dict(found), "seconds": round(spent)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} verdicts, not {VERDICTS}")
    parser.add_argument("--json", type=Path, metavar="F")
    parser.add_argument("--samples", type=Path, metavar="F")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parser.add_argument("--threads", type=int, default=max(1, (cores or 2) - 1), metavar="N")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="S")
    arguments = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    count, seconds = (QUICK if arguments.quick else VERDICTS), arguments.seconds
    kept: list[Any] = []
    print(f"{cores} cores, BLAS on {arguments.threads}, {seconds:g} s a run")
    with spinning():
        same = judged("same", "same", chain((LAYERS,), count, seconds), count, kept)
    layers = (LAYERS, LAYERS + 1)
    slower = judged("slower", "slower", chain(layers, count, seconds), count, kept)
    found = {
        "same": same,
        "slower": slower,
        "threads": arguments.threads,
        "cores": cores,
        "seconds_a_run": seconds,
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if arguments.samples:
        arguments.samples.write_bytes(msgspec.json.encode(kept))


if __name__ == "__main__":
    main()
