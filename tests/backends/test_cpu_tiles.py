"""Tiles on threads of our own: what they compute, who computed them, and what goes wrong."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmviz.backends.base import Host
from mmviz.backends.cpu_tiles import backend as of
from mmviz.backends.cpu_tiles.backend import CpuTiles, units_of
from mmviz.backends.cpu_tiles.cores import Waiting, current_core, pinnable, spread, timer_step
from mmviz.backends.cpu_tiles.crew import Crew
from mmviz.backends.cpu_tiles.cuts import fitting_tile
from mmviz.backends.recorder import How, Records
from mmviz.backends.threads import blas_threads
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.units import group


@pytest.fixture
def crew() -> Iterator[Crew]:
    made = Crew(3)
    yield made
    made.close()


def listed(*gemms: Gemm) -> Products:
    return Products("made", gemms)


def test_every_product_of_a_list_is_a_times_b() -> None:
    products = listed(
        Gemm("ragged", "product", 70, 45, 33),
        Gemm("stack", "product", 20, 30, 10, count=2, stack=3),
        Gemm("row", "product", 1, 100, 7),
    )
    operands = make_operands(products)
    recorder = CpuTiles().prepare_recording(products, operands, "float64", How((32, 16)))
    seen: dict[int, tuple[Host, Host, Host]] = {}
    recorder.check(lambda number, *found: seen.update({number: tuple(map(np.copy, found))}), 99)
    for number in range(len(products.gemms)):
        a, b, c = seen[number]
        np.testing.assert_allclose(a, operands.a[number][0])
        np.testing.assert_allclose(c, a @ b, atol=1e-12)
    stamps = recorder.run()
    assert [len(one.m) for one in stamps] == [3 * 3, 1 * 2, 1 * 7]
    assert [len(recorder.bare()), len(recorder.plain())] == [3, 3]
    assert [str(text) for text in recorder.remarks[-1:]] == [
        "of products computed several times the first is recorded"
    ]
    recorder.close()


def test_a_tile_is_stamped_by_the_thread_and_the_core_it_ran_on() -> None:
    products = listed(Gemm("square", "product", 96, 96, 96))
    how = How((16, 16), "static", threads=3, pinned=False)
    recorder = CpuTiles().prepare_recording(products, make_operands(products), "float32", how)
    (stamps,) = recorder.run()
    number = stamps.m * 6 + stamps.n
    np.testing.assert_array_equal(np.sort(number), np.arange(36))
    np.testing.assert_array_equal(stamps.unit, number % 3)
    assert (stamps.start_ns >= stamps.began_ns).all()
    assert (stamps.end_ns >= stamps.start_ns).all()
    assert (stamps.end_ns <= stamps.ended_ns).all()
    for unit in range(3):
        mine = np.flatnonzero(stamps.unit == unit)
        in_turn = mine[np.argsort(stamps.start_ns[mine])]
        assert (stamps.start_ns[in_turn[1:]] >= stamps.end_ns[in_turn[:-1]]).all()
        assert (np.diff(number[in_turn]) == 3).all()
    if current_core()() >= 0:
        assert set(stamps.core.tolist()) <= set(os.sched_getaffinity(0))
    assert [str(unit) for unit in recorder.units] == ["thread 1", "thread 2", "thread 3"]
    recorder.close()


@pytest.mark.skipif(not pinnable(), reason="this system pins no thread")
def test_a_thread_that_stays_is_called_by_its_core() -> None:
    cores = pinnable()
    products = listed(Gemm("square", "product", 64, 64, 64))
    how = How((8, 8), threads=len(cores))
    recorder = CpuTiles().prepare_recording(products, make_operands(products), "float32", how)
    (stamps,) = recorder.run()
    np.testing.assert_array_equal(stamps.core, np.array(cores)[stamps.unit])
    assert [str(unit) for unit in recorder.units] == [f"core {core}" for core in cores]
    recorder.close()
    more = Crew(len(cores) + 1, cores)
    assert str(units_of(more)[0]) == "thread 1"
    more.close()


def test_weights_are_packed_once_and_gradients_each_time() -> None:
    network = from_widths((40, 30, 20))
    values = make_values(network, 16)
    target = np.zeros((16, 20), np.float32)
    recorder = CpuTiles().prepare_recording(network, values, "float32", How((8, 8)), target)
    first, second = recorder.run(), recorder.run()
    roles = [gemm.role for gemm in network.lower(16, training=True)]
    assert roles == ["forward", "forward", "dgrad", "wgrad", "wgrad"]
    for role, one, other in zip(roles, first, second, strict=True):
        assert one.packing_s > 0
        assert (one.packing_s == other.packing_s) == (role != "wgrad")
    recorder.close()


def test_blas_has_its_threads_again() -> None:
    before = blas_threads()
    network = from_widths((6, 5))
    made = CpuTiles().prepare(network, make_values(network, 3), "float32")
    made.run()
    assert blas_threads() == before
    made.close()


def test_what_is_too_large_is_inf_on_every_thread() -> None:
    """No thread warns of it: a check against float64 says so."""
    products = listed(Gemm("square", "product", 64, 64, 64))
    operands = make_operands(products)
    operands.a[0][:] = 3e38
    with np.errstate(all="raise"):
        made = CpuTiles().prepare_products(products, operands, "float32")
        made.run()
    assert not np.isfinite(made.product(0)).all()
    made.close()


def test_a_thread_that_breaks_is_one_sentence(crew: Crew) -> None:
    def work(thread: int) -> None:
        if thread == 1:
            raise ValueError("of another\nshape")

    with pytest.raises(InputError) as broken:
        crew.run(work)
    assert str(broken.value) == (
        "thread 1 broke in the middle of its tiles: ValueError: of another shape"
    )
    with pytest.raises(InputError):  # and nothing is asked of them again
        crew.run(lambda _: None)


def test_a_thread_that_vanishes_is_one_sentence(crew: Crew) -> None:
    def work(thread: int) -> None:
        if thread == 2:
            raise SystemExit

    with pytest.raises(InputError, match=r"^thread 2 left in the middle of its tiles$"):
        crew.run(work)


def test_no_memory_is_no_memory(crew: Crew) -> None:
    def work(_: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        crew.run(work)


def test_threads_go_where_nothing_could_be_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise MemoryError

    before = threading.active_count()
    monkeypatch.setattr(of, "TiledPass", none)
    network = from_widths((6, 5))
    with pytest.raises(MemoryError):
        CpuTiles().prepare(network, make_values(network, 3), "float32")
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (How(order="columns"), "threads take tiles in the order pulling, static, not 'columns'"),
        (How(threads=0), f"there can be 1 to {group(1024)} threads, not 0"),
        (How(threads=5000), f"there can be 1 to {group(1024)} threads, not {group(5000)}"),
    ],
)
def test_what_cannot_be_is_said(how: How, said: str) -> None:
    network = from_widths((6, 5))
    with pytest.raises(InputError) as refused:
        CpuTiles().prepare_recording(network, make_values(network, 3), "float32", how)
    assert str(refused.value) == said


def test_without_threadpoolctl_it_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    with pytest.raises(Unavailable, match="the package threadpoolctl is not installed"):
        CpuTiles().check()


def test_a_blas_that_nobody_can_hold_is_remarked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "blas_threads", lambda: None)
    network = from_widths((6, 5))
    recorder = CpuTiles().prepare_recording(network, make_values(network, 3), "float32", How())
    assert [str(remark) for remark in recorder.remarks] == [
        "this BLAS lets nobody hold its threads: a tile may take more than one core"
    ]
    recorder.close()


def test_it_records() -> None:
    assert isinstance(CpuTiles(), Records)


@pytest.mark.parametrize(
    ("m", "n", "threads", "tile"),
    [
        (1024, 1024, 2, (256, 256)),
        (2048, 2048, 2, (512, 512)),
        (4096, 4096, 2, (1024, 1024)),
        (128, 4096, 2, (128, 256)),
        (128, 1000, 2, (128, 256)),
        (4096, 4096, 16, (256, 256)),
        (1, 10, 2, (1, 10)),
        (100, 100, 64, (32, 32)),
    ],
)
def test_tiles_fit_the_product_and_the_threads(
    m: int, n: int, threads: int, tile: tuple[int, int]
) -> None:
    assert fitting_tile(m, n, threads) == tile


def test_siblings_come_after_every_core() -> None:
    assert spread({0, 1, 2, 3}, lambda core: "0-1" if core < 2 else "2-3") == (0, 2, 1, 3)
    assert spread({5, 3}, lambda _: "") == (3, 5)


def test_waiting_is_read_where_it_is_told(tmp_path: Path) -> None:
    for thread, text in ((7, "100 20 3\n"), (8, "50 60 1\n")):
        folder = tmp_path / f"proc/self/task/{thread}"
        folder.mkdir(parents=True)
        (folder / "schedstat").write_text(text)
    waiting = Waiting((7, 8), tmp_path)
    assert waiting.read() == (20, 60)
    (tmp_path / "proc/self/task/8/schedstat").write_text("0 0 0\n")  # a kernel that counts nothing
    assert waiting.read() == ()
    waiting.close()
    nobody = Waiting((9,), tmp_path)
    assert nobody.read() == ()
    nobody.close()


def test_the_clock_has_a_step() -> None:
    assert 0 < timer_step() < 1e-2


@pytest.mark.parametrize(
    ("cores", "said"), [((0,), "2 threads share 1 core"), ((0, 1, 0), "3 threads share 2 cores")]
)
def test_threads_that_share_cores_say_so(cores: tuple[int, ...], said: str) -> None:
    if not set(cores) <= set(pinnable()):
        pytest.skip("not so many cores to stay on")
    crew = Crew(max(2, len(cores)), cores)
    assert said in map(str, of._remarks(crew))
    crew.close()
