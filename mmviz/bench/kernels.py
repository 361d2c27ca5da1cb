"""Which kernels OpenBLAS takes where nobody tells it, and what another choice costs.

OPENBLAS_CORETYPE is read when the library is loaded, so another Python is asked, without it and
with it in turns: a ratio within one look is a figure on a busy machine, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from mmviz.bench.machine import Machine

FORCED = "OPENBLAS_CORETYPE"
SIDE = 512  # of the product that is timed, on one thread: others disturb that least
ROUNDS = 3
AGREED = 1.1  # the rounds of one choice differ by no more than that, else nothing is said of it
_ANSWER_S = 20.0
_SAY = f"""
import time
import numpy
from threadpoolctl import threadpool_info
kernels = [i.get("architecture") for i in threadpool_info() if i.get("user_api") == "blas"]
a, b = (numpy.random.default_rng(n).standard_normal(({SIDE}, {SIDE}), "float32") for n in (1, 2))
c, best, end = a @ b, 1e9, time.perf_counter() + 0.2
while time.perf_counter() < end:
    began = time.perf_counter()
    numpy.matmul(a, b, out=c)
    best = min(best, time.perf_counter() - began)
print(kernels[0] if kernels else "", best)
"""


@dataclass(frozen=True, slots=True)
class Kernels:
    """own: those it takes by itself, "" where it does not tell; times: how many times as long a
    product takes with those that were forced, None where that was not told apart from noise.
    """

    own: str = ""
    times: float | None = None


UNKNOWN = Kernels()
Ask = Callable[[Mapping[str, str]], tuple[str, float] | None]


def ask(environment: Mapping[str, str]) -> tuple[str, float] | None:
    """The kernels another Python has with these variables, and its fastest product's seconds."""
    with suppress(OSError, subprocess.SubprocessError, ValueError, IndexError):
        asked = subprocess.run(
            [sys.executable, "-P", "-c", _SAY],  # no module of the folder one is in
            env={**environment, "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=_ANSWER_S,
            check=True,
        )
        name, seconds = asked.stdout.split()
        return name, float(seconds)
    return None


def own_kernels(
    machine: Machine,
    environment: Mapping[str, str] = os.environ,
    ask: Ask = ask,
    going_on: Callable[[], object] = lambda: None,
) -> Kernels:
    """What this machine's OpenBLAS would take; nobody is asked where nobody forced another.

    going_on: called before each half second; what it raises ends it.
    """
    if machine.blas is None or machine.blas.library != "openblas":
        return UNKNOWN
    if FORCED not in machine.variables:
        return Kernels(machine.blas.architecture)
    free = {name: value for name, value in environment.items() if name.upper() != FORCED}
    own = ""
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS):
        for choice, variables in enumerate((free, environment)):
            going_on()
            told = ask(variables)
            if told is None:
                return Kernels(own)
            own = own or told[0]
            seconds[choice].append(told[1])
    if any(max(found) > AGREED * min(found) for found in seconds):
        return Kernels(own)
    return Kernels(own, min(seconds[1]) / min(seconds[0]))
