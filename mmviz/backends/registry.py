"""Backends by id, imported when they are asked for; every miss is explained."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from mmviz.backends.base import Backend
from mmviz.errors import InputError, Unavailable

_MODULES = {
    "loop": "mmviz.backends.loop",
    "numpy": "mmviz.backends.numpy_blas",
    "cupy": "mmviz.backends.cupy_blas",
}
_FAKE = "mmviz.backends.fake"

IDS = tuple(_MODULES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One backend as it stands on this machine; reason and remedy are empty where it can run.

    gpu: what the GPU it computes on calls itself, "" where it computes on none.
    """

    id: str
    title: str
    dtypes: tuple[str, ...]
    available: bool
    reason: str = ""
    remedy: str = ""
    gpu: str = ""


def find(backend_id: str) -> Backend:
    """The backend of this id, whether it can run here or not; InputError names the known ones.

    `fake` and `fake:SCRIPT` exist for tests and are not listed.
    """
    name, _, script = backend_id.partition(":")
    backend: Backend
    if name == "fake":
        backend = importlib.import_module(_FAKE).make(script)
    elif backend_id in _MODULES:
        backend = importlib.import_module(_MODULES[backend_id]).make()
    else:
        raise InputError(f"unknown backend {backend_id!r:.60}; known are {', '.join(IDS)}")
    return backend


def usable(backend_id: str, dtype: str) -> Backend:
    """The backend, certain to run here and to have `dtype`; else InputError says what is wrong."""
    backend = find(backend_id)
    if dtype not in backend.dtypes:
        raise InputError(
            f"backend {backend_id!r} does not compute in {dtype}, "
            f"but in {', '.join(backend.dtypes)}"
        )
    try:
        backend.check()
    except Unavailable as miss:
        raise InputError(f"backend {backend_id!r} cannot run here: {miss}") from None
    return backend


def survey() -> tuple[Entry, ...]:
    """Every backend a user can choose, with the reason where it cannot run.

    Loads CuPy where it is installed: nothing less tells whether it works.
    """
    return tuple(_entry(find(backend_id)) for backend_id in IDS)


def gpu_here() -> str | None:
    """What the GPU here is called, None where no backend can use one; see `survey`."""
    return next((entry.gpu for entry in survey() if entry.gpu), None)


def _entry(backend: Backend) -> Entry:
    try:
        backend.check()
    except Unavailable as miss:
        return Entry(
            backend.id, backend.title, backend.dtypes, False, str(miss.reason), str(miss.remedy)
        )
    gpu = backend.facts().get("gpu", "")
    return Entry(backend.id, backend.title, backend.dtypes, True, gpu=gpu)
