"""Backends by id, and why one cannot be had."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

from mmviz.backends.registry import MODULES, find, survey, usable
from mmviz.errors import InputError, Unavailable


def test_survey_lists_every_backend_but_the_fake() -> None:
    entries = survey()
    assert tuple(entry.id for entry in entries) == tuple(MODULES)
    for entry in entries:
        assert entry.available != bool(entry.reason)
        assert entry.title
        assert entry.dtypes


def test_unknown_backend_names_the_known() -> None:
    with pytest.raises(
        InputError, match=f"unknown backend 'nympy'; known are {', '.join(MODULES)}"
    ):
        find("nympy")
    with pytest.raises(InputError, match="unknown backend 'numpy:x'"):
        find("numpy:x")
    with pytest.raises(InputError, match="fake:nonsense"):
        find("fake:nonsense")


@pytest.mark.parametrize("id", ["wgpu@", "wgpu:tiled@"])
def test_an_adapter_without_a_name_is_none(id: str) -> None:
    with pytest.raises(InputError, match="none is named"):
        find(id)


def test_usable_wants_the_dtype_and_a_machine() -> None:
    assert usable("numpy", "float16").id == "numpy"
    with pytest.raises(InputError, match="'loop' does not compute in float16"):
        usable("loop", "float16")
    with pytest.raises(InputError, match="missing everywhere; choose another one"):
        usable("fake:missing", "float32")


def test_slow_float16_is_announced() -> None:
    warning = find("numpy").warning("float16")
    assert warning is not None
    assert "no BLAS for float16" in str(warning)
    assert "340" not in str(warning), "on a small net it is nearly as quick"


def test_cupy_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(Unavailable) as caught:
        find("cupy").check()
    assert str(caught.value.reason) == "CuPy is not installed"
    assert 'pip install "mmviz[cuda12]"' in str(caught.value.remedy)


class Broken(types.ModuleType):
    """A CuPy whose parts fail as a real one does."""

    def __init__(self, count: object, compute: Exception | None = None) -> None:
        super().__init__("cupy")
        runtime = types.SimpleNamespace(getDeviceCount=lambda: answer(count))
        self.cuda = types.SimpleNamespace(runtime=runtime)
        self.float32 = "float32"
        self.ones = lambda *_: answer(compute)


def answer(value: object) -> object:
    if isinstance(value, Exception):
        raise value
    return value


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (
            Broken(RuntimeError("cudaErrorInsufficientDriver: too old")),
            "CuPy found no CUDA driver: cudaErrorInsufficientDriver: too old",
        ),
        (Broken(0), "CuPy found no CUDA GPU"),
        (
            Broken(1, ImportError("\n====\nlibcublas.so.12: cannot open\n")),
            "CuPy cannot compute here: libcublas.so.12: cannot open",
        ),
    ],
)
def test_cupy_that_cannot_compute(
    monkeypatch: pytest.MonkeyPatch, module: Broken, reason: str
) -> None:
    monkeypatch.setitem(sys.modules, "cupy", module)
    entry = next(entry for entry in survey() if entry.id == "cupy")
    assert (entry.available, str(entry.reason)) == (False, reason)
    assert entry.remedy


@pytest.mark.parametrize(
    "source",
    ["raise OSError('libcuda is a text file')", "import nothing_of_this_name", "1/0", "x = ("],
)
def test_cupy_that_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, source: str
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "cupy.py").write_text(source)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "cupy", raising=False)
    with pytest.raises(Unavailable, match="CuPy cannot be imported: "):
        find("cupy").check()


def test_backends_and_core_need_numpy_alone() -> None:
    """Everything a GPU machine without Qt, msgspec and psutil has to import."""
    program = (
        "import sys\n"
        "class Only:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('msgspec', 'psutil', 'threadpoolctl', 'tomli_w',\n"
        "                'platformdirs', 'PyQt6', 'pyqtgraph', 'cupy', 'wgpu', 'torch',\n"
        "                'onnxruntime'):\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Only())\n"
        "from mmviz.backends.registry import survey\n"
        "print([entry.id for entry in survey() if entry.available])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "['loop', 'numpy']\n", done.stderr


def test_listing_and_running_loads_neither_qt_nor_cupy() -> None:
    program = (
        "import sys\n"
        "import mmviz.bench.runner, mmviz.bench.worker, mmviz.bench.timing, mmviz.files.runs\n"
        "from mmviz.backends.registry import find, MODULES\n"
        "from mmviz.bench.machine import read_machine\n"
        "[find(name) for name in MODULES]; read_machine()\n"
        "print([name for name in ('cupy', 'PyQt6', 'pyqtgraph') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr
