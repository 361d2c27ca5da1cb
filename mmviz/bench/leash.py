"""The timing child ends with its parent, however that one ends, and even while it is stopped.

On Linux the kernel kills it. Elsewhere a second process looks, where a process can be stopped; and
always a thread of its own, since a parent may be gone before the kernel was asked.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

import psutil

GONE = 3  # exit code of a child nobody listens to any more
_LOOK_S = 1.0  # how often is looked for the parent
_PR_SET_PDEATHSIG = 1


def hold(parent: int) -> None:
    """End this process once `parent` is gone, by whom or through whom it was started.

    To be called before this process has a second thread.
    """
    try:
        process = psutil.Process(parent)
    except psutil.Error:
        os._exit(GONE)
    if not by_kernel() and hasattr(os, "fork"):
        by_watcher(process)
    threading.Thread(target=_leave_with, args=(process,), daemon=True).start()


def by_kernel() -> bool:
    """Ask Linux to kill this process when its parent dies; whether it will."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        failed = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return not failed


def by_watcher(parent: psutil.Process) -> None:
    """Start a process that kills this one when `parent` is gone, and that ends with it."""
    child = os.getpid()
    if os.fork():
        return
    try:
        for descriptor in range(3):  # who reads the child's pipes waits until all have closed them
            os.close(descriptor)
        while os.getppid() == child and _lives(parent):
            time.sleep(_LOOK_S)
        if os.getppid() == child:
            os.kill(child, signal.SIGKILL)
    finally:
        os._exit(0)


def _leave_with(parent: psutil.Process) -> None:
    """End this process, be it in the middle of a long pass, once its parent has ended."""
    while _lives(parent):
        time.sleep(_LOOK_S)
    os._exit(GONE)


def _lives(process: psutil.Process) -> bool:
    """Whether it is this very process that is there, and not only its exit code."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # it is there, and no more may be asked
        return True
