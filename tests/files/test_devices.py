"""Device files hold the published figures, with their sources; the user's own stand beside them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from limits import LIMITS

from mmviz.core.device.body import Gpu, Systolic
from mmviz.core.device.figures import figure_of, figures_of, peak_name, value_of
from mmviz.core.shapes.dtype import BYTES, NARROW
from mmviz.errors import InputError
from mmviz.files.devices import (
    device_ids,
    grouped,
    own_file,
    own_folder,
    read_device,
    read_own,
    save_as,
)

SHIPPED = device_ids()[1:]
UNLIMITED = ("m2-max", "m4-max", "tpu-v5e")  # nothing published
WITHOUT = ("p100", "m2-max", "m4-max")  # no matrix units
FOREIGN = ("rx7900xtx", "arc-b60", "m2-max", "m4-max")  # of no compute capability
GPUS = [d for d in SHIPPED if read_device(d).kind == "gpu" and d != "sm-4"]  # which teaches


def test_the_devices() -> None:
    assert device_ids() == (
        "this-machine",
        *("p100", "v100", "t4", "a100", "a100-40", "l4", "l40s"),
        *("h100", "h200", "b200", "b300", "rtx-a6000", "rtx-pro-6000"),
        *("rtx3060", "rtx3090", "rtx4060", "rtx4070", "rtx4090", "rtx5080", "rtx5090"),
        *("mi300x", "rx7900xtx", "arc-b60", "m2-max", "m4-max"),
        *("tpu-v1", "tpu-v2", "tpu-v3", "tpu-v4", "tpu-v5e"),
        *("lane-1", "lanes-16", "lanes-1000", "sm-4", "systolic-8"),
    )
    assert [title for title, _ in grouped()] == ["This machine", "GPUs", "TPUs", "Teaching devices"]
    assert tuple(device.id for _, group in grouped() for device in group) == device_ids()


@pytest.mark.parametrize("device", device_ids())
def test_every_device_names_its_source(device: str) -> None:
    found = read_device(device)
    assert found.id == device
    assert found.source
    assert found.about


@pytest.mark.parametrize("device", SHIPPED)
def test_every_figure_has_a_source(device: str) -> None:
    figures = figures_of(read_device(device))
    assert figures
    for figure in figures:
        assert figure.source, figure
        assert figure.status in ("datasheet", "measured", "derived", "assumed", "listed")
        assert (figure.status == "listed") == (figure.name == "price per hour")


def test_a_price_names_who_asks_it_and_when() -> None:
    priced = [figure_of(read_device(device), "price per hour") for device in SHIPPED]
    found = [figure for figure in priced if figure is not None]
    assert len(found) >= 12
    for figure in found:
        assert re.match(r"[A-Z]\w+.*\b20\d\d-\d\d", figure.source), figure
        assert 0.1 < figure.value < 20


@pytest.mark.parametrize(
    "device", [d for d in SHIPPED if read_device(d).kind != "lanes" and d != "sm-4"]
)
def test_every_real_device_has_a_memory_that_ends(device: str) -> None:
    found = read_device(device)
    if device == "systolic-8":
        assert found.memory is None
        return
    assert found.memory is not None
    assert 8e9 <= found.memory <= 288e9
    power = found.power_limit
    assert (power is None) == (device in UNLIMITED)
    assert power is None or 70 <= power <= 1100


def test_peaks_of_narrow_formats_are_dense() -> None:
    peaks = {
        "a100": {"int8": 624},
        "l40s": {"float8": 733, "int8": 733},
        "h100": {"float8": 1978.9, "int8": 1978.9},
        "b200": {"float8": 4500, "int8": 4500, "nvfp4": 9000},
        "b300": {"float8": 4500, "int8": 153.5, "nvfp4": 14000},
        "rtx-pro-6000": {"float8": 935.6, "int8": 935.6, "nvfp4": 1871.2},
        "rtx4090": {"float8": 330.3, "int8": 660.6},
        "rtx5080": {"float8": 225.1, "int8": 450.2, "nvfp4": 900.4},
        "rtx5090": {"float8": 419, "int8": 838, "nvfp4": 1676},
    }
    for device, narrow in peaks.items():
        found = read_device(device)
        assert {d: value_of(found, peak_name(d)) for d in NARROW if found.peak(d)} == narrow


@pytest.mark.parametrize("device", GPUS)
def test_no_peak_is_a_sparse_one(device: str) -> None:
    # Halving the bits doubles the rate, and GeForce halves it where it sums float16 in float32;
    # leaving out every other number, as the sparse figures do, would double it once more.
    found = read_device(device)
    half = found.peak("float16")
    assert half is not None
    most = {"float8": 2, "int8": 4 if "RTX" in found.name else 2, "nvfp4": 8}
    for dtype, times in most.items():
        if (peak := found.peak(dtype)) is not None:
            assert peak <= times * half * 1.03, dtype


@pytest.mark.parametrize(
    ("device", "lanes"), [("lane-1", 1), ("lanes-16", 16), ("lanes-1000", 1000)]
)
def test_lanes_have_neither_peak_nor_residents(device: str, lanes: int) -> None:
    found = read_device(device)
    assert (found.units, found.unit, found.slots((1, 1))) == (lanes, "lane", lanes)
    assert found.peak("float32") is None


def test_published_figures() -> None:
    v100, a100 = read_device("v100"), read_device("a100")
    assert (v100.units, a100.units) == (80, 108)
    assert (v100.peak("float16"), v100.bandwidth) == (125e12, 900e9)
    assert (a100.peak("float16"), a100.bandwidth) == (312e12, 2039e9)
    # NVIDIA's guide: the V100 is compute-bound above 138.9 FLOP a byte.
    assert v100.peak("float16") == pytest.approx(138.9 * 900e9, rel=1e-3)
    assert read_device("a100-40").bandwidth == 1555e9


def gpu(device: str) -> Gpu:
    body = read_device(device).body
    assert isinstance(body, Gpu)
    return body


@pytest.mark.parametrize("device", [d for d in GPUS if d not in WITHOUT])
def test_matrix_units_times_clock_is_the_peak(device: str) -> None:
    found, body = read_device(device), gpu(device)
    assert body.matrix_units is not None
    assert body.matrix_fma is not None
    assert found.clock is not None
    flops = body.matrix_units * body.matrix_fma * 2 * found.clock
    assert flops == pytest.approx(found.peak("float16"), rel=0.01)
    clock = figure_of(found, "clock")
    # Where the clock was reckoned from the peak this proves nothing, and the file says so.
    assert clock is not None
    assert (clock.status == "derived") == (device in ("l40s", "b200", "b300"))


@pytest.mark.parametrize("device", ["tpu-v3", "tpu-v4", "tpu-v5e"])
def test_arrays_times_clock_is_the_peak(device: str) -> None:
    found = read_device(device)
    assert (found.kind, found.body) == ("systolic", Systolic((128, 128), double_buffered=True))
    assert found.clock is not None
    assert found.units * 128 * 128 * 2 * found.clock == pytest.approx(
        found.peak("bfloat16"), rel=0.01
    )


@pytest.mark.parametrize("device", GPUS)
def test_what_an_sm_holds_follows_from_its_compute_capability(device: str) -> None:
    found = gpu(device)
    limits = LIMITS.get(found.compute_capability)
    if limits is None:
        assert device in ("p100", "mi300x", "b300", *FOREIGN)
        return
    assert (found.max_tiles, found.max_threads, found.smem) == (
        limits.tiles,
        limits.threads,
        limits.smem,
    )


def test_every_compute_capability_in_the_table_has_a_device() -> None:
    assert {gpu(device).compute_capability for device in GPUS} >= set(LIMITS)


def test_traps() -> None:
    assert read_device("l4").units == 58  # databases say 60
    assert read_device("h100").clock == 1830e6  # the device's 1980 belong to no published peak
    assert read_device("h100").peak("bfloat16") == pytest.approx(989.4e12)  # not the sparse 1979
    assert read_device("l4").peak("float16") == 121e12  # not the sparse 242
    assert read_device("mi300x").bandwidth == 5300e9
    assert read_device("mi300x").unit == "CU"
    # GeForce runs float16 with sums in float32 at half rate.
    halves = {"rtx3090": 71.2, "rtx4090": 165.2, "rtx5090": 209.5}
    assert {d: value_of(read_device(d), peak_name("float16")) for d in halves} == halves


@pytest.mark.parametrize("device", ["v100", "t4", "p100"])
def test_before_ampere_there_is_neither_bfloat16_nor_tf32(device: str) -> None:
    found = read_device(device)
    assert found.peak("bfloat16") is found.peak("tf32") is None
    assert found.peak("float16") is not None


def test_p100_has_no_tensor_cores() -> None:
    found = gpu("p100")
    assert found.matrix_units is found.matrix_fma is None


def test_an_h200_is_an_h100_but_for_its_memory() -> None:
    h100, h200 = read_device("h100"), read_device("h200")
    names = {figure.name for figure in (*figures_of(h100), *figures_of(h200))}
    differ = {name for name in names if value_of(h100, name) != value_of(h200, name)}
    assert differ == {"bandwidth", "memory", "price per hour"}
    assert (h100.bandwidth, h200.bandwidth) == (3350e9, 4800e9)
    assert (h100.memory, h200.memory) == (80e9, 141e9)


def test_launch_floors_are_measured_or_not_known() -> None:
    floors = {d: value_of(read_device(d), "launch") for d in SHIPPED}
    assert {d: floor for d, floor in floors.items() if floor is not None} == {
        "a100": 4.0,
        "h100": 2.6,
        "h200": 2.6,
        "b200": 1.8,
    }
    launch = figure_of(read_device("a100"), "launch")
    assert launch is not None
    assert launch.status == "measured"


def test_unknown_device() -> None:
    with pytest.raises(InputError, match="unknown device 'a1000'; known are this-machine, p100"):
        read_device("a1000")


def test_systolic_arrays() -> None:
    v1, v2 = read_device("tpu-v1"), read_device("tpu-v2")
    assert (v1.body, v1.units, v1.unit) == (
        Systolic((256, 256), "ws", double_buffered=True),
        1,
        "array",
    )
    assert (v2.array, v2.units) == ((128, 128), 2)
    assert v1.peaks == (("int8", 92e12),)  # it has no floating point
    assert v1.clock is not None
    assert round(256 * 256 * 2 * v1.clock / 1e12) == 92
    assert {d: v2.peak(d) for d in BYTES if v2.peak(d)} == {"bfloat16": 45e12}
    assert read_device("tpu-v5e").peak("int8") == 2 * 197e12
    small = read_device("systolic-8")
    assert (small.array, small.units, small.peaks) == ((8, 8), 1, ())


def put(name: str, text: str) -> Path:
    own_folder().mkdir(parents=True, exist_ok=True)
    own_file(name).write_text(text)
    return own_file(name)


def test_own_devices_stand_beside_the_others() -> None:
    assert read_own().devices == read_own().problems == ()
    put("mine", 'like = "a100"\nbandwidth_gbs = 3000\n')
    assert read_device("mine").bandwidth == 3e12
    title, group = grouped()[-1]
    assert (title, [device.id for device in group]) == ("Own", ["mine"])
    assert "mine" not in device_ids()


def test_a_changed_file_is_read_again() -> None:
    put("mine", 'like = "a100"\nbandwidth_gbs = 3000\n')
    assert read_device("mine").bandwidth == 3e12
    put("mine", 'like = "a100"\nbandwidth_gbs = 4000\n')
    assert read_device("mine").bandwidth == 4e12


def test_a_bad_file_harms_no_other() -> None:
    put("good", 'like = "a100"\n')
    bad = put("bad", "units = \n")
    taken = put("a100", 'like = "h100"\n')
    odd = put("a;b", 'like = "h100"\n')
    own_file("folder").mkdir()
    own = read_own()
    assert [device.id for device in own.devices] == ["good"]
    assert len(own.problems) == 4
    problems = [str(problem) for problem in own.problems]
    assert problems[1].startswith(f"{odd}: give the file another name")
    assert problems[0].startswith(f"{taken}: give the file another name")
    assert problems[2].startswith(f"{bad}: not valid TOML")
    assert "it is a folder" in problems[3]
    assert read_device("a100").units == 108  # what mmviz ships keeps its name


def test_a_file_is_named_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fast.toml").write_text(
        'like = "t4"\nname = "Fast"\n[peaks_tflops]\nfloat16 = 99\n'
    )
    monkeypatch.chdir(tmp_path)
    found = read_device("fast.toml")
    assert (found.name, found.id) == ("Fast", str(tmp_path / "fast.toml"))
    assert read_device(found.id) == found
    with pytest.raises(InputError, match=r"cannot read .*slow.toml: No such file"):
        read_device("slow.toml")


def test_saving_into_the_own_folder_and_elsewhere(tmp_path: Path) -> None:
    a100 = read_device("a100")
    assert save_as(a100, own_file("my a100")) == "my a100"
    assert read_device("my a100").peaks == a100.peaks
    elsewhere = tmp_path / "x.toml"
    assert save_as(a100, elsewhere) == str(elsewhere)
    assert read_device(str(elsewhere)).bandwidth == a100.bandwidth


@pytest.mark.parametrize("name", ["a100", "this-machine", ".hidden", "a;b", "x" * 61])
def test_own_names_are_no_others(name: str) -> None:
    with pytest.raises(InputError, match="an own device needs a name"):
        save_as(read_device("a100"), own_file(name))
    assert not os.path.lexists(own_file(name))


def test_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"written as \.toml"):
        save_as(read_device("a100"), tmp_path / "a.txt")
    with pytest.raises(InputError, match="there is no folder"):
        save_as(read_device("a100"), tmp_path / "no" / "a.toml")
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr("mmviz.files.devices.own_folder", lambda: blocked / "devices")
    with pytest.raises(InputError, match="cannot make"):
        save_as(read_device("a100"), blocked / "devices" / "a.toml")


@pytest.mark.parametrize("stem", ["v1.2", "n" * 200, "a\nb", "\x1b[31mred", " ", "‮abc"])
def test_a_device_without_a_name_is_called_by_its_file_in_a_way_that_is_read_again(
    stem: str, tmp_path: Path
) -> None:
    folder = tmp_path / ("f" * 200)
    folder.mkdir()
    (folder / f"{stem}.toml").write_text('like = "a100"\nunits = 54\n')
    device = read_device(str(folder / f"{stem}.toml"))
    assert device.name.isprintable()
    assert 1 <= len(device.name) <= 60
    assert stem != "v1.2" or device.name == "v1.2"
    again = read_device(save_as(device, tmp_path / "again.toml"))
    assert (again.name, again.units) == (device.name, 54)
