"""`this-machine`: the Device made from the computer the program runs on."""

from __future__ import annotations

import os

import psutil

from mmviz.bench.machine import read_machine
from mmviz.core.device import Device

THIS_MACHINE = "this-machine"


def this_machine() -> Device:
    """This computer's CPU: as many units as physical cores this process may use.

    No peak is stated: it would have to be measured. So time is counted in steps, not in seconds.
    """
    blas = read_machine().blas
    return Device(
        id=THIS_MACHINE,
        name="This machine",
        kind="cpu",
        units=usable_cores(),
        tiles=((128, 128), (64, 64)),
        resident=((1, 1),),
        k_step=32,
        about="The CPU of this computer; one tile a core at a time.",
        source="read from this machine",
        blas_core=blas.architecture if blas and blas.library == "openblas" else "",
    )


def usable_cores() -> int:
    """Physical cores, but no more than the logical CPUs this process is allowed to run on."""
    logical = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(psutil.cpu_count(logical=False) or 1, logical or 1))
