"""This machine as a device is what the machine says of itself."""

from __future__ import annotations

import psutil

from mmviz.bench.machine import read_machine
from mmviz.files.devices import read_device
from mmviz.files.this_machine import usable_cores


def test_this_machine_is_read_from_the_machine() -> None:
    found = read_device("this-machine")
    assert found.units == usable_cores() <= (psutil.cpu_count() or 1)
    assert found.peaks == ()


def test_this_machine_names_the_core_of_its_blas() -> None:
    blas = read_machine().blas
    core = blas.architecture if blas and blas.library == "openblas" else ""
    assert read_device("this-machine").blas_core == core
