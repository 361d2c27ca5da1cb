"""The kernels of mmviz on whatever wgpu finds: on CI Mesa's software adapter, small and ragged."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator, Sequence
from itertools import product
from time import perf_counter
from types import SimpleNamespace

import numpy as np
import pytest

from mmviz.backends.caches import UNTOLD, last_level_cache
from mmviz.backends.registry import base_of, find, usable
from mmviz.backends.webgpu import adapters as found
from mmviz.backends.webgpu import layers, products, work
from mmviz.backends.webgpu.backend import Webgpu
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import VARIANTS, Ladder
from mmviz.backends.webgpu.matrix import ALIGN, Matrix, ranges
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable

RUNGS = (products.NAIVE, products.NARROW, products.TILED, *products.REGISTER)
LAYOUTS: tuple[products.Layout, ...] = ("nn", "nt", "tn")
SHAPES = [(1, 1, 1), (1, 130, 33), (33, 37, 41), (64, 64, 64), (65, 129, 36), (36, 44, 52)]


def _adapter() -> found.Adapter:
    try:
        return found.adapters()[0]
    except Unavailable as miss:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(miss.cause))


@pytest.fixture
def device() -> Iterator[Device]:
    opened = Device(_adapter())
    yield opened
    opened.close()


@pytest.mark.parametrize(("rung", "layout"), list(product(RUNGS, LAYOUTS)), ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_every_rung_multiplies_every_layout(
    device: Device, rung: products.Rung, layout: products.Layout, dtype: str
) -> None:
    if dtype == "float16" and not device.adapter.half:
        pytest.skip(f"{device.adapter.name} has no float16")
    for m, n, k in SHAPES:
        c, exact = _multiply(device, rung, layout, (m, n, k), dtype)
        assert deviation(c, exact) < (1e-5 if dtype == "float32" else 2e-3), (m, n, k)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rung", [products.NAIVE, products.REGISTER[0]], ids=str)
def test_a_matrix_too_large_for_one_binding_is_bound_in_parts(
    rung: products.Rung, layout: products.Layout
) -> None:
    """Each of A, B and C in turn is what has to be cut."""
    for m, n, k in ((150, 24, 20), (20, 150, 24), (24, 20, 150), (70, 70, 70)):
        device = Device(_adapter(), binding=4096)
        whole = [_parts(device, *shape) for shape in ((m, n), (m, k), (k, n))]
        assert max(whole) > 1
        c, exact = _multiply(device, rung, layout, (m, n, k), "float32")
        device.close()
        assert deviation(c, exact) < 1e-5, (m, n, k)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("variant", ["naive", "register"])
@pytest.mark.parametrize("binding", [None, 4096])
def test_training_in_parts_gives_the_gradients_of_float64(
    name: str, variant: str, binding: int | None
) -> None:
    _adapter()
    network = Network("n", 37, (Dense(26, name), Dense(38, name), Dense(14, name)))
    values, target = make_values(network, 19), make_target(network, 19)
    prepared = Webgpu(variant, binding=binding).prepare(network, values, "float32", target)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-5
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < 1e-5
        assert deviation(biases, db) < 1e-5
    prepared.close()


def test_what_adds_up_in_k_is_not_added_to_what_was_there() -> None:
    """A second pass over the same buffers gives the same sums."""
    _adapter()
    network = from_widths((64, 48, 10))
    values = make_values(network, 33)
    prepared = Webgpu("tiled", binding=4096).prepare(network, values, "float32")
    prepared.run()
    first = prepared.output()
    prepared.run()
    assert np.array_equal(first, prepared.output())
    prepared.close()


def test_the_clock_of_the_gpu_is_read_beside_each_pass() -> None:
    """It lies within what the wall clock saw of the same pass."""
    adapter = _adapter()
    network = from_widths((64, 64))
    prepared = Webgpu("naive").prepare(network, make_values(network, 64), "float32")
    prepared.run()
    began = perf_counter()
    prepared.run()
    wall = perf_counter() - began
    assert adapter.timed == (prepared.gpu_s is not None)
    if prepared.gpu_s is not None:
        assert 0 < prepared.gpu_s <= wall
    prepared.close()


@pytest.mark.parametrize("binding", [None, 4096, 1024])
@pytest.mark.parametrize("variant", ["naive", "register"])
def test_a_stack_is_one_dispatch_where_the_bindings_hold_it(
    variant: str, binding: int | None
) -> None:
    """Where they hold some of it, it is some; where not even one product, that one is cut."""
    _adapter()
    gemms = (
        Gemm("heads", "product", 9, 12, 8, 0, stack=12),
        Gemm("odd", "product", 7, 5, 9, 1, count=2, stack=5),
        Gemm("large", "product", 33, 20, 40, 2, stack=3),
    )
    listed = Products("l", gemms)
    operands = make_operands(listed)
    prepared = Webgpu(variant, binding=binding).prepare_products(listed, operands, "float32")
    assert prepared.run() == 1
    for place, (a, b) in enumerate(zip(operands.a, operands.b, strict=True)):
        exact = a.astype(np.float64) @ b.astype(np.float64)
        assert deviation(prepared.product(place), exact) < 1e-5
    dispatches = [len(group.steps) for group in prepared.groups]
    assert (dispatches == [1, 1, 1]) is (binding is None)
    assert [group.times for group in prepared.groups] == [1, 2, 1]
    prepared.close()


def test_what_takes_long_is_cut_in_dispatches_and_submissions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that no system resets a GPU that does not answer; the clock spans all of them."""
    adapter = _adapter()
    monkeypatch.setattr(layers, "LONG_FLOP", 2 * 64 * 64 * 32)
    network = from_widths((64, 64, 64))
    values = make_values(network, 128)
    prepared = Webgpu("naive").prepare(network, values, "float32")
    submitted: list[int] = []
    submit = Device.submit

    def counted(self: Device, *batches: Sequence[Step]) -> None:
        submitted.append(len(batches))
        submit(self, *batches)

    monkeypatch.setattr(Device, "submit", counted)
    assert prepared.run() == 1
    assert submitted == [8]
    assert (prepared.gpu_s is not None) == adapter.timed
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-5
    prepared.close()


def test_float16_is_refused_by_a_gpu_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = _adapter()
    monkeypatch.setattr(found.Adapter, "half", False)
    network = from_widths((6, 5))
    with pytest.raises(Unavailable, match=r"does not compute in float16: its driver offers no"):
        Webgpu().prepare(network, make_values(network, 2), "float16")
    assert adapter.name
    for dtype in ("bfloat16", "float64"):
        with pytest.raises(InputError, match=f"not compute in {dtype}, but in float32, float16"):
            usable("wgpu", dtype)


def test_a_flush_overwrites_twice_a_cache_and_no_result(device: Device) -> None:
    network = from_widths((64, 48, 10))
    prepared = Webgpu("naive").prepare(network, make_values(network, 5), "float32")
    prepared.run()
    before, taken = prepared.output(), prepared.device_bytes
    prepared.flush()
    cache = work.LARGEST_CACHE if not device.adapter.software else last_level_cache() or UNTOLD
    assert prepared.device_bytes - taken >= 2 * cache
    assert np.array_equal(prepared.output(), before)
    assert (prepared.copied() or 0) > 0
    prepared.close()


def test_a_clock_that_stands_still_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does on some systems: both stamps are zero."""
    if not _adapter().timed:
        pytest.skip("it has no clock at all")
    monkeypatch.setattr("mmviz.backends.webgpu.clock._stamps", lambda *_: (0, 0))
    network = from_widths((6, 5))
    prepared = Webgpu("naive").prepare(network, make_values(network, 2), "float32")
    assert prepared.run() == 1
    assert prepared.gpu_s is None
    assert all(part.seconds > 0 for part in prepared.parts())
    prepared.close()


def test_an_adapter_without_a_clock_and_a_library_without_a_poll_compute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _adapter()
    from wgpu.backends.wgpu_native import GPUDevice

    monkeypatch.setattr(found.Adapter, "timed", False)
    monkeypatch.delattr(GPUDevice, "_poll_wait")
    network = from_widths((64, 48, 10))
    values = make_values(network, 5)
    prepared = Webgpu("naive").prepare(network, values, "float32")
    assert prepared.run() == 1
    assert prepared.gpu_s is None
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-5
    prepared.close()


def test_a_software_adapter_takes_no_more_than_the_computer_has(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not device.adapter.software:
        pytest.skip("a GPU has memory of its own, or tells")
    little = SimpleNamespace(available=30 << 20)
    monkeypatch.setattr("psutil.virtual_memory", lambda: little)
    device.matrix(1024, 4096, "float32")
    with pytest.raises(MemoryError, match="is out of memory"):
        device.matrix(4096, 4096, "float32")


def test_no_thread_outlives_a_pass() -> None:
    _adapter()
    network = from_widths((6, 5, 4))
    before = set(threading.enumerate())
    prepared = Webgpu().prepare(network, make_values(network, 3), "float32")
    prepared.run()
    prepared.close()
    del prepared
    gc.collect()
    assert set(threading.enumerate()) <= before


def test_a_device_that_fails_while_it_is_opened_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else its thread would live on, with nobody to close it."""
    _adapter()
    from wgpu.backends.wgpu_native import GPUDevice

    given_back: list[object] = []
    destroy = GPUDevice.destroy

    def noted(self: object) -> None:
        given_back.append(self)
        destroy(self)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no query set")

    monkeypatch.setattr(GPUDevice, "destroy", noted)
    monkeypatch.setattr("mmviz.backends.webgpu.device.Clock", broken)
    monkeypatch.setattr(found.Adapter, "timed", True)
    with pytest.raises(Unavailable, match="cannot be opened: no query set"):
        Device(_adapter())
    assert len(given_back) == 1


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (1, 7), (5, 4), (301, 77)])
def test_what_is_sent_is_what_lies_there(
    device: Device, dtype: str, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pieces, from a part of a larger array, and with an odd number of bytes behind it."""
    device.check(dtype)
    monkeypatch.setattr("mmviz.backends.webgpu.device._PIECE", 1 << 12)
    rows, cols = shape
    values = np.random.default_rng(1).standard_normal((rows + 1, cols + 1), np.float32)[1:, 1:]
    matrix = device.upload(values, dtype)
    assert np.array_equal(device.download(matrix), values.astype(dtype))


def test_the_ladder_tries_a_shape_once_and_keeps_to_a_variant(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    attempt = Ladder._try

    def spied(self: Ladder, *arguments: object) -> float:
        tried.append(arguments)
        return attempt(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Ladder, "_try", spied)
    ladder = Ladder(device, "float32")
    first = ladder.choose("nn", 40, 40, 40)
    assert {rung for rung, *_ in tried} == set(RUNGS)  # type: ignore[misc]
    tried.clear()
    assert ladder.choose("nn", 40, 40, 40) is first
    assert not tried
    for variant, rungs in (("naive", RUNGS[:1]), ("tiled", RUNGS[2:3]), ("register", RUNGS[3:])):
        assert Ladder(device, "float32", variant).choose("nt", 9, 20, 30) in rungs


def test_a_rung_the_adapter_has_no_room_for_is_not_tried(device: Device) -> None:
    device.workgroup_threads, device.workgroup_bytes = 64, 1 << 16
    assert Ladder(device, "float32", "register").choose("nn", 9, 9, 9).threads <= 64
    device.workgroup_threads = 8
    with pytest.raises(Unavailable, match="no workgroup"):
        Ladder(device, "float32")


def test_variants_have_ids_and_others_are_refused() -> None:
    assert [find(f"wgpu:{name}").id for name in VARIANTS[1:]] == [
        "wgpu:naive",
        "wgpu:narrow",
        "wgpu:tiled",
        "wgpu:register",
    ]
    assert find("wgpu").id == "wgpu"
    with pytest.raises(InputError, match=r"no kernel 'fast'.*naive"):
        find("wgpu:fast")


def test_a_program_the_driver_refuses_is_said_in_a_line(device: Device) -> None:
    with pytest.raises(Unavailable, match=r"refuses a program: .*expected") as refusal:
        device.program("fn main( {")
    assert "\n" not in str(refusal.value)


def test_what_the_adapter_cannot_hold_is_out_of_memory(device: Device) -> None:
    with pytest.raises(MemoryError):
        device.matrix(1 << 20, 1 << 20, "float32")


@pytest.mark.parametrize(
    ("kinds", "taken"),
    [
        ([("CPU", "llvmpipe"), ("IntegratedGPU", "Iris"), ("DiscreteGPU", "Arc")], "Arc"),
        ([("CPU", "llvmpipe"), ("IntegratedGPU", "Iris")], "Iris"),
        ([("DiscreteGPU", "Microsoft Basic Render Driver"), ("Unknown", "Mali")], "Mali"),
        ([("CPU", "llvmpipe")], "llvmpipe"),
    ],
)
def test_the_adapter_is_the_one_a_person_would_take(
    monkeypatch: pytest.MonkeyPatch, kinds: list[tuple[str, str]], taken: str
) -> None:
    _answer(monkeypatch, [_handle(kind, name, "Vulkan") for kind, name in kinds])
    first = found.adapters.__wrapped__()[0]
    assert first.name == taken
    assert first.software == (taken == "llvmpipe")


def test_one_gpu_behind_two_interfaces_is_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [_handle("DiscreteGPU", "Arc", interface) for interface in ("OpenGL", "Vulkan")]
    _answer(monkeypatch, both)
    assert [one.interface for one in found.adapters.__wrapped__()] == ["Vulkan"]


def test_cards_of_one_make_are_told_apart_and_one_is_asked_for_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where an OpenGL driver calls one of them by a longer name."""
    cards = [
        _handle("DiscreteGPU", "Arc A770", "Vulkan", card=1),
        _handle("DiscreteGPU", "Arc A770", "Vulkan", card=1),
        _handle("DiscreteGPU", "Mesa Intel Arc A770 (DG2)", "OpenGL", card=1),
        _handle("IntegratedGPU", "Iris Xe", "Vulkan", card=2),
    ]
    _answer(monkeypatch, cards)
    monkeypatch.setattr(found, "adapters", found.adapters.__wrapped__)
    assert [one.name for one in found.adapters()] == ["Arc A770", "Arc A770 #2", "Iris Xe"]
    assert found.chosen().handle is cards[0]
    assert found.chosen("arc a770").handle is cards[0]
    assert found.chosen("#2").handle is cards[1]
    assert found.chosen("iris").handle is cards[3]
    with pytest.raises(Unavailable, match=r"more than one .*'arc': Arc A770; Arc A770 #2$"):
        found.chosen("arc")
    with pytest.raises(Unavailable, match=r"called 'Radeon'; here is Arc A770; Arc .*; Iris Xe$"):
        found.chosen("Radeon")


def test_an_adapter_stands_behind_the_id_of_a_backend() -> None:
    adapter = _adapter()
    for id, said in (
        (f"wgpu@{adapter.name}", f"wgpu on {adapter.name[:30]}"),
        (f"wgpu:naive@{adapter.name}", f"wgpu naive on {adapter.name[:30]}"),
    ):
        backend = find(id)
        assert backend.id == id
        assert str(backend.name) == said
        backend.check()
        assert backend.place() == Webgpu().place()
    assert base_of("wgpu:naive@a:b") == base_of("wgpu@a:b") == "wgpu"
    elsewhere = find("wgpu@Voodoo 2")
    with pytest.raises(Unavailable, match="no adapter is called 'Voodoo 2'; here is"):
        elsewhere.check()
    with pytest.raises(InputError, match="unknown backend 'numpy@Arc'"):
        find("numpy@Arc")


def test_no_adapter_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, [])
    with pytest.raises(Unavailable, match="no graphics driver") as miss:
        found.adapters.__wrapped__()
    assert "mesa-vulkan-drivers" in str(miss.value.remedy)


def test_a_software_adapter_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    anew = found.adapters.__wrapped__
    monkeypatch.setattr(found, "adapters", anew)
    monkeypatch.setattr("mmviz.backends.webgpu.backend.adapters", anew)
    for kind, is_gpu in (("CPU", False), ("DiscreteGPU", True)):
        _answer(monkeypatch, [_handle(kind, "llvmpipe" if kind == "CPU" else "Arc", "Vulkan")])
        backend = Webgpu()
        assert backend.is_gpu is is_gpu
        assert ("gpu" in backend.facts()) is is_gpu
        assert backend.place().software is not is_gpu
        assert backend.adapters() == (backend.place().name,)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_rows_of_a_part_begin_where_they_should(dtype: str) -> None:
    """Whatever begins a binding is aligned, and every element of the rows is inside."""
    itemsize = np.dtype(dtype).itemsize
    for rows, cols in ((7, 3), (100, 37), (5, 129)):
        size = -(-rows * cols * itemsize // 256) * 256
        matrix = Matrix(SimpleNamespace(size=size), rows, cols, itemsize)
        for limit in (512, 1024, 4096):
            for first, last in ranges(rows, matrix.rows_within(limit)):
                part = matrix.part(first, last)
                assert part.offset % ALIGN == 0
                assert part.offset + part.first * itemsize == first * cols * itemsize
                assert part.offset + part.size >= last * cols * itemsize
                assert part.offset + part.size <= size
                assert part.size <= limit or last - first == 1


def _multiply(
    device: Device,
    rung: products.Rung,
    layout: products.Layout,
    shape: tuple[int, int, int],
    dtype: str,
) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    m, n, k = shape
    random = np.random.default_rng(7)
    a, b = random.standard_normal((m, k)).astype(dtype), random.standard_normal((k, n))
    b = b.astype(dtype)
    stored_a = device.upload(a.T if layout == "tn" else a, dtype)
    stored_b = device.upload(b.T if layout == "nt" else b, dtype)
    c = device.matrix(m, n, dtype)
    device.submit(list(layers.product(device, rung, layout, stored_a, stored_b, c)))
    return device.download(c), a.astype(np.float64) @ b.astype(np.float64)


def _parts(device: Device, rows: int, cols: int) -> int:
    matrix = device.matrix(rows, cols, "float32")
    return len(list(ranges(rows, matrix.rows_within(device.binding))))


def _handle(kind: str, name: str, interface: str, card: int = 0) -> SimpleNamespace:
    info = {
        "device": name,
        "adapter_type": kind,
        "backend_type": interface,
        "vendor": "",
        "description": "made for a test",
        "vendor_id": card,
        "device_id": card,
    }
    return SimpleNamespace(info=info, features=set(), limits={})


def _answer(monkeypatch: pytest.MonkeyPatch, handles: list[SimpleNamespace]) -> None:
    library = SimpleNamespace(
        gpu=SimpleNamespace(enumerate_adapters_sync=lambda: handles), __version__="0"
    )
    monkeypatch.setattr(found, "load", lambda: library)
    monkeypatch.setattr("mmviz.backends.webgpu.backend.load", lambda: library)
