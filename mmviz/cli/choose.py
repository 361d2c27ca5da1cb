"""Which backends a command times: those that are named, or all that can."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.backends import registry
from mmviz.bench.runner import probe
from mmviz.errors import InputError
from mmviz.text import N_, Text, joined


def chosen(named: Sequence[str], dtype: str) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    """Those named that can run here, and a sentence for each that cannot; InputError where none
    can, or one is unknown, named twice or has no `dtype`. What may crash is looked for in a child.
    """
    misses: dict[str, InputError] = {}
    for backend in named:
        if named.count(backend) > 1:
            raise InputError(N_("--backend names {id!r:.60} twice"), id=backend)
        registry.computing(backend, dtype)
        if not registry.foreign(backend):
            try:
                registry.usable(backend, dtype)
            except InputError as miss:
                misses[backend] = miss
    if foreign := tuple(filter(registry.foreign, named)):
        for id, entry in zip(foreign, probe(foreign), strict=True):
            if not entry.available:
                why = joined((entry.reason, entry.remedy), "semicolons")
                misses[id] = registry.cannot_run(id, why)
    here = tuple(backend for backend in named if backend not in misses)
    if not here:
        raise misses[named[0]]
    return here, tuple(misses[backend].cause for backend in named if backend in misses)


def able(dtype: str) -> tuple[str, ...]:
    """All that can run here in `dtype`, but for those made to record: they are timed where they are
    named. Raises InputError where there is none.
    """
    entries = probe(tuple(id for id in registry.MODULES if not registry.records(id)))
    found = tuple(entry.id for entry in entries if entry.available and dtype in entry.dtypes)
    if not found:
        raise InputError(N_("no backend that can run here computes in {dtype}"), dtype=dtype)
    return found
