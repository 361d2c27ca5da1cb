"""The real computer a run was timed on."""

from __future__ import annotations

import msgspec


class Blas(msgspec.Struct, frozen=True):
    """The library behind NumPy's matmul, as threadpoolctl sees it after loading."""

    library: str
    version: str
    architecture: str
    threads: int


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides a timing and can be read: stands beside every result.

    memory in bytes; `variables`: the environment variables that steer BLAS and are set; `gpu`:
    the CUDA device's name or None; `versions`: python, numpy and further packages in use.
    """

    cpu: str
    cores: int
    logical_cores: int
    memory: int
    system: str
    blas: Blas | None
    variables: dict[str, str]
    gpu: str | None
    versions: dict[str, str]
