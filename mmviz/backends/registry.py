"""Backends by id, imported when asked for; every miss is explained. A new one is one line."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from mmviz.backends.base import SOFTWARE, Backend
from mmviz.backends.narrow import where_else
from mmviz.backends.recorder import Records
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, NOTHING, Text, joined

MODULES: dict[str, str] = {
    "loop": "mmviz.backends.loop",
    "numpy": "mmviz.backends.numpy_blas",
    "cpu-tiles": "mmviz.backends.cpu_tiles.backend",
    "wgpu": "mmviz.backends.webgpu.backend",
    "wgpu-tiles": "mmviz.backends.webgpu.tiles",
    "cupy": "mmviz.backends.cupy_blas",
    "cuda-tiles": "mmviz.backends.cuda.backend",
    "torch": "mmviz.backends.torch_backend",
    "onnxruntime": "mmviz.backends.onnx_runtime",
}
_FAKE = "mmviz.backends.fake"
_VARIED = ("wgpu", "torch", "onnxruntime")  # whose `make` takes a variant
_ADAPTED = ("wgpu", "wgpu-tiles")  # and an adapter
_RUNG = "mmviz.backends.rungs"
_OWN = ("loop", "numpy", "cpu-tiles", "fake", "rung")  # which load nothing but NumPy


@dataclass(frozen=True, slots=True)
class Entry:
    """One backend as it stands on this machine; reason and remedy are empty where it can run.

    gpu: what the GPU it computes on calls itself, "" where it computes on none. note: what is to be
    known of it, in a few words. adapters: see `Backend.adapters`.
    """

    id: str
    title: Text
    dtypes: tuple[str, ...]
    available: bool
    reason: Text = NOTHING
    remedy: Text = NOTHING
    gpu: str = ""
    note: Text = NOTHING
    adapters: tuple[str, ...] = ()


def find(backend_id: str) -> Backend:
    """The backend of this id, whether it can run here or not; InputError names the known ones.

    `wgpu:VARIANT` is one rung of its ladder, `wgpu@NAME` and `wgpu:VARIANT@NAME` compute on the
    adapter of that name, or the only one whose name holds those letters. `fake` and `fake:SCRIPT`
    exist for tests and are not listed, nor is `rung:NAME`, one way of the ladder of a layer.
    """
    own, at, adapter = backend_id.partition("@")
    name, _, variant = own.partition(":")
    backend: Backend
    if at and not adapter:
        raise InputError(N_("which adapter is meant by {id!r:.60}? none is named"), id=backend_id)
    if name == "fake":
        backend = importlib.import_module(_FAKE).make(variant)
    elif name == "rung":
        backend = importlib.import_module(_RUNG).make(variant)
    elif adapter and name in _ADAPTED:
        backend = importlib.import_module(MODULES[name]).make(variant, adapter)
    elif variant and name in _VARIED:
        backend = importlib.import_module(MODULES[name]).make(variant)
    elif backend_id in MODULES:
        backend = importlib.import_module(MODULES[backend_id]).make()
    else:
        raise InputError(
            N_("unknown backend {id!r:.60}; known are {known}"),
            id=backend_id,
            known=", ".join(MODULES),
        )
    return backend


def base_of(backend_id: str) -> str:
    """The id without its variant and adapter: 'wgpu' of 'wgpu:tiled' and 'wgpu@NAME'."""
    return backend_id.partition(":")[0].partition("@")[0]


def usable(backend_id: str, dtype: str) -> Backend:
    """The backend, certain to run here and to have `dtype`; else InputError says what is wrong."""
    backend = computing(backend_id, dtype)
    try:
        backend.check()
    except Unavailable as miss:
        raise cannot_run(backend_id, miss.cause) from None
    return backend


def computing(backend_id: str, dtype: str) -> Backend:
    """The backend, certain to have `dtype`, whether it can run here or not; else InputError."""
    backend = find(backend_id)
    if dtype not in backend.dtypes:
        said = Text(
            N_("backend {id!r:.60} does not compute in {dtype}, but in {dtypes}"),
            id=backend_id,
            dtype=dtype,
            dtypes=", ".join(backend.dtypes),
        )
        raise InputError(joined((said, where_else(dtype)), "semicolons"))
    return backend


def cannot_run(backend_id: str, why: Text) -> InputError:
    """That it cannot, and why."""
    return InputError(N_("backend {id!r:.60} cannot run here: {why}"), id=backend_id, why=why)


def foreign(backend_id: str) -> bool:
    """Whether looking for it loads a library or a driver that may crash or hang."""
    return base_of(backend_id) not in _OWN


def records(backend_id: str) -> bool:
    """Whether it records tiles: made to show where they ran, it is timed where it is asked for."""
    return isinstance(find(backend_id), Records)


def variants(backend_id: str) -> tuple[str, ...]:
    """What may follow its id and a colon; () for most."""
    known: tuple[str, ...] = getattr(importlib.import_module(MODULES[backend_id]), "VARIANTS", ())
    return known


def survey() -> tuple[Entry, ...]:
    """Every backend a user can choose, with the reason where it cannot run.

    Loads what is installed: nothing less tells whether it works.
    """
    return tuple(entry(backend_id) for backend_id in MODULES)


def proving(kind: str) -> str:
    """Whose times are held against those predicted for that kind of device, "" for nobody's."""
    return next((id for id in MODULES if find(id).proves == kind), "")


def gpu_here() -> str | None:
    """What the GPU here is called, None where no backend can use one; loads no more of them than it
    takes to find one.
    """
    return next((gpu for id in MODULES if (gpu := entry(id).gpu)), None)


def entry(backend_id: str) -> Entry:
    """One backend as it stands here; loads what it needs."""
    backend = find(backend_id)
    try:
        backend.check()
    except Unavailable as miss:
        return Entry(backend.id, backend.title, backend.dtypes, False, miss.reason, miss.remedy)
    gpu = backend.facts().get("gpu", "")
    place = backend.place()
    software = SOFTWARE if place is not None and place.software else NOTHING
    note = software or backend.remark(DEFAULT) or NOTHING
    return Entry(
        backend.id,
        backend.title,
        backend.dtypes,
        True,
        gpu=gpu,
        note=note,
        adapters=backend.adapters(),
    )
