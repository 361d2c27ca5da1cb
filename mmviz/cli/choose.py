"""Which backends a command times: those that are named, or all that can."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.backends import registry
from mmviz.bench.runner import probe
from mmviz.errors import InputError
from mmviz.text import N_, joined


def chosen(named: Sequence[str], dtype: str) -> tuple[str, ...]:
    """Those named, each certain to run here and to have `dtype`; else InputError says what is
    wrong. What may crash is looked for in a child.
    """
    for backend in named:
        if named.count(backend) > 1:
            raise InputError(N_("--backend names {id!r:.60} twice"), id=backend)
        if registry.foreign(backend):
            registry.computing(backend, dtype)
        else:
            registry.usable(backend, dtype)
    if foreign := tuple(filter(registry.foreign, named)):
        for id, entry in zip(foreign, probe(foreign), strict=True):
            if not entry.available:
                why = joined((entry.reason, entry.remedy), "semicolons")
                raise registry.cannot_run(id, why)
    return tuple(named)


def able(dtype: str) -> tuple[str, ...]:
    """All that can run here in `dtype`; raises InputError where there is none."""
    entries = probe(tuple(registry.MODULES))
    found = tuple(entry.id for entry in entries if entry.available and dtype in entry.dtypes)
    if not found:
        raise InputError(N_("no backend that can run here computes in {dtype}"), dtype=dtype)
    return found
