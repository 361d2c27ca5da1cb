"""How the timing child is started, and how it ends with all that it started itself."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Mapping

import msgspec
import psutil

from mmviz.bench.machine import OWN_VARIABLES
from mmviz.bench.plan import Plan, as_workload

_plan_decoder: msgspec.json.Decoder[Plan] = msgspec.json.Decoder(Plan, dec_hook=as_workload)


def worker_command() -> list[str]:
    """Program and arguments of the timing child, by this very Python.

    -P: a random.py or numpy.py where the user stands is not meant.
    """
    boot = os.path.join(os.path.dirname(os.path.abspath(__file__)), "boot.py")
    return [sys.executable, "-P", boot, "mmviz.bench.worker", str(os.getpid())]


def worker_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the timing child: this process's own (or `base`), and what steers BLAS.

    It must be set before NumPy is loaded; what the user set already stays, but for entries of
    search paths that lead to wherever the user stands.
    """
    environment = {**OWN_VARIABLES, **(os.environ if base is None else base)}
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONFAULTHANDLER"] = "1"  # a crash in a library leaves a word on stderr
    environment.pop("PYTHONINSPECT", None)  # it has nobody to talk to
    environment["NoDefaultCurrentDirectoryInExePath"] = "1"  # Windows would look there first
    for name in _SEARCHED & environment.keys():
        entries = filter(_elsewhere, environment[name].split(os.pathsep))
        environment[name] = os.pathsep.join(entries)
        if not environment[name]:
            del environment[name]
    return environment


_SEARCHED = {"PYTHONPATH", "PYTHONUSERBASE", "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
"""An empty entry is the working directory: `export PYTHONPATH=$PYTHONPATH:/lib` makes one."""


def _elsewhere(entry: str) -> bool:
    """Whether an entry of a search path leads somewhere by itself, not to where the user stands."""
    try:
        return bool(entry) and (os.path.isabs(entry) or os.path.abspath(entry) != os.getcwd())
    except OSError:  # the working directory is gone, and whatever was to be found from it
        return False


def encode_plan(plan: Plan) -> bytes:
    """The line the child reads, newline included."""
    return msgspec.json.encode(plan) + b"\n"


def decode_plan(line: bytes) -> Plan:
    """The plan of one line; raises ValueError (such as msgspec.DecodeError) for anything else."""
    try:
        plan: Plan = _plan_decoder.decode(line)
    except RecursionError:
        raise ValueError("brackets nested too deep") from None
    return plan


def kill_family(pid: int) -> None:
    """Kill a living child and all it started: those found by their parent, then its group."""
    if not pid:
        return
    with contextlib.suppress(psutil.Error):
        child = psutil.Process(pid)
        for member in (*child.children(recursive=True), child):
            with contextlib.suppress(psutil.Error):
                member.kill()
    kill_group(pid)


def kill_group(pid: int) -> None:
    """Kill the group that `pid` leads; a group outlives its leader while it has members."""
    if pid and os.name == "posix" and pid != os.getpgrp():
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
