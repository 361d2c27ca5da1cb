"""The computer a run was timed on."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from mmviz.bench import machine
from mmviz.bench.machine import Blas, Machine, read_machine, steering_variables


def test_reads_this_machine() -> None:
    found = read_machine()
    assert found.cpu.strip() == found.cpu != ""
    assert 1 <= found.cores <= found.logical_cores
    assert found.memory > 1e8
    assert found.gpu is None
    assert found.versions["numpy"] == np.__version__
    assert msgspec.json.decode(msgspec.json.encode(found), type=Machine) == found


def test_backends_add_their_gpu_and_versions() -> None:
    found = read_machine({"gpu": "NVIDIA X", "cupy": "13.0"})
    assert found.gpu == "NVIDIA X"
    assert found.versions["cupy"] == "13.0"
    assert "gpu" not in found.versions


def test_variables_that_steer_blas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("HOMER", "no")
    assert read_machine().variables["OPENBLAS_CORETYPE"] == "Haswell"
    names = ("OMP_NUM_THREADS", "MKL_X", "BLIS_X", "VECLIB_X", "GOTO_X", "NPY_X")
    given = {**dict.fromkeys(names, "1"), "PATH": "/bin", "XOMP_": "2"}
    assert set(steering_variables(given)) == set(names)


def test_own_variable_is_shown_but_steered_by_nobody() -> None:
    found = read_machine()
    ours = msgspec.structs.replace(found, variables={"OPENBLAS_THREAD_TIMEOUT": "4"})
    assert ours.steered_by() == {}
    theirs = {"OPENBLAS_THREAD_TIMEOUT": "26", "OMP_NUM_THREADS": "1"}
    assert msgspec.structs.replace(found, variables=theirs).steered_by() == theirs


def test_numpys_own_blas_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(Path(np.__file__).resolve().parent)
    stranger = {"user_api": "blas", "internal_api": "mkl", "filepath": "/opt/libmkl.so"}
    own = {
        "user_api": "blas",
        "internal_api": "openblas",
        "filepath": f"{home}.libs/libopenblas.so",
        "version": "0.3",
        "architecture": "Zen",
        "num_threads": 3,
    }
    openmp = {"user_api": "openmp", "filepath": f"{home}/libgomp.so"}
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: [openmp, stranger, own])
    assert read_machine().blas == Blas("openblas", "0.3", "Zen", 3)
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: [stranger])
    assert read_machine().blas == Blas("mkl", "unknown", "unknown", 0)
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: [openmp])
    assert read_machine().blas is None


def test_cpu_name_from_cpuinfo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text("processor : 0\nmodel name\t: A  Fast  CPU\n\nmodel name : B\n")
    assert machine._cpuinfo_name(file).split() == ["A", "Fast", "CPU"]
    assert machine._cpuinfo_name(tmp_path / "none") == ""
    monkeypatch.setattr(machine, "_cpu_names", lambda: iter(["", "  A  B "]))
    assert machine.cpu_name() == "A B"
    monkeypatch.setattr(machine, "_cpu_names", lambda: iter([]))
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "")
    assert machine.cpu_name() == "unknown CPU"
