"""What goes wrong with a GPU costs its own backend alone, and is said in a sentence.

Each fault is put into the real timing child: Python runs `sitecustomize` before all else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mmviz.backends.webgpu.adapters import adapters
from mmviz.bench.lesson import Lesson
from mmviz.bench.plan import BenchPlan, MadeData, TrainPlan
from mmviz.bench.results import Run
from mmviz.bench.runner import carry_out, run
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.errors import Unavailable
from mmviz.files import hands

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the faults are Linux's")

HOOK = """
import os, time
import wgpu.backends.wgpu_native
from wgpu.backends.wgpu_native import _api as api
from mmviz.backends.webgpu.adapters import load
load()
exec(os.environ["MMVIZ_FAULT"])
"""
NO_ADAPTER = "wgpu.gpu.enumerate_adapters_sync = lambda: []"
LOST = """
submit, met = api.GPUQueue.submit, []
def lost(self, buffers):
    met.append(1)
    if len(met) == 40:
        self._device.destroy()
    return submit(self, buffers)
api.GPUQueue.submit = lost
"""
LOST_BETWEEN_PASSES = """
encode, met = api.GPUDevice.create_command_encoder, []
def lost(self, **more):
    met.append(1)
    if len(met) == 40:
        self.destroy()
    return encode(self, **more)
api.GPUDevice.create_command_encoder = lost
"""
REFUSED = """
make = api.GPUDevice.create_shader_module
def refuse(self, *, code, **more):
    return make(self, code=code.replace("fma(", "fmad(") if "bs[kk" in code else code, **more)
api.GPUDevice.create_shader_module = refuse
"""
FULL = """
import resource
def full(self, **more):
    device = opened(self, **more)
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (40 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (used, used))
    return device
opened, api.GPUAdapter.request_device_sync = api.GPUAdapter.request_device_sync, full
"""
HUNG = "api.GPUDevice._poll_wait = lambda self: time.sleep(3600)"


def _put(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        adapters()
    except Unavailable as miss:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(miss.cause))
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("MMVIZ_FAULT", fault)


def _timed(
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backends: tuple[str, ...] = ("wgpu:naive", "numpy"),
    widths: tuple[int, ...] = (64, 48, 10),
    silence_s: float | None = None,
) -> dict[str, Run]:
    """What came of each backend: a failure, or figures that were checked."""
    _put(fault, tmp_path, monkeypatch)
    plan = BenchPlan(network=from_widths(widths), batches=(5,), backends=backends, seconds=0.1)
    results = run(plan, lambda _: None, silence_s=silence_s)
    for one in results.runs:
        assert one.failure or (one.samples_s and one.max_error is not None)
        assert one.max_error is None or one.max_error < 1e-5
        assert "\n" not in str(one.failure)
    return {one.backend: one for one in results.runs}


def test_no_adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timed = _timed(NO_ADAPTER, tmp_path, monkeypatch)
    assert str(timed["wgpu:naive"].failure).startswith(
        "no graphics driver offers a GPU to compute on; install"
    )
    assert not timed["numpy"].failure


def test_a_gpu_that_is_lost_between_two_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = _timed(LOST_BETWEEN_PASSES, tmp_path, monkeypatch)
    assert str(timed["wgpu:naive"].failure) == (
        f"{adapters()[0].name} was lost: its driver was reset, or the card is gone; "
        "update the driver of the graphics card"
    )
    assert not timed["numpy"].failure


def test_a_gpu_that_is_lost_while_a_network_is_taught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had learnt until then is kept."""
    _put(LOST_BETWEEN_PASSES, tmp_path, monkeypatch)
    plan = TrainPlan(
        network=Network("digits", 784, (Dense(10, "softmax"),)),
        recipe=Recipe(batch=16),
        data=MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=100, unseen=20),
        backend="wgpu:naive",
        steps=1_000,
    )
    lesson = Lesson(plan)
    carry_out(plan, lesson.hear, None)
    assert str(lesson.failure).startswith(f"{adapters()[0].name} was lost: its driver was reset")
    assert lesson.losses, "in the middle of a block, too"
    assert lesson.judged


def test_a_gpu_that_is_lost_at_work_takes_the_child_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = _timed(LOST, tmp_path, monkeypatch)
    assert str(timed["wgpu:naive"].failure).startswith(
        "the timing process died with its GPU, whose driver was"
    )
    assert not timed["numpy"].failure


def test_a_kernel_the_driver_refuses_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for by name it is all there is; `wgpu` alone takes another, and says so."""
    timed = _timed(REFUSED, tmp_path, monkeypatch, ("wgpu", "wgpu:register", "numpy"))
    assert not timed["wgpu"].failure
    assert [str(remark) for remark in timed["wgpu"].remarks if "register" in str(remark)]
    assert not timed["numpy"].failure
    assert str(timed["wgpu:register"].failure).startswith(
        f"the driver of {adapters()[0].name} refuses a program"
    )


def test_out_of_the_memory_of_the_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timed = _timed(FULL, tmp_path, monkeypatch, widths=(4096, 4096))
    if not adapters()[0].software:
        pytest.skip("a card's own memory is not the process's to limit")
    assert str(timed["wgpu:naive"].failure) == f"{adapters()[0].name} is out of memory"
    assert not timed["numpy"].failure


def test_a_driver_that_answers_no_more_is_ended_by_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = _timed(HUNG, tmp_path, monkeypatch, silence_s=5)
    assert str(timed["wgpu:naive"].failure) == "the timing process hung: it said nothing for 5.00 s"
    assert not timed["numpy"].failure
