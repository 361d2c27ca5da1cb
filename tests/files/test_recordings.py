"""Recordings as files: what is written is read again, and nothing else is."""

from __future__ import annotations

import contextlib
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recordings import FOUR, product, recorded, recording

from mmviz.core.provenance import MODELLED
from mmviz.core.recording.recording import Beside, Recording, Spent
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files.ordinary import Cancelled
from mmviz.files.recordings import npz
from mmviz.text import N_, Text

COLUMNS = ("m", "n", "unit", "start", "end", "k0", "k1", "wave_rows")


def same(one: Recording, other: Recording) -> bool:
    """Whether all of it is equal, columns included."""
    plain = [replace(x, products=()) for x in (one, other)]
    fields = [name for name in Recording.__slots__ if name != "products"]
    if any(getattr(plain[0], name) != getattr(plain[1], name) for name in fields):
        return False
    if len(one.products) != len(other.products):
        return False
    for a, b in zip(one.products, other.products, strict=True):
        for name in ("units", "begun_s", "wall_s", "packing_s", "tiles_run", "error", "spent"):
            assert getattr(a, name) == getattr(b, name), name
        for name in ("placed", "walls_s", "beside", "off"):
            assert getattr(a, name) == getattr(b, name), name
        assert (a.trace.tiling, a.trace.clock) == (b.trace.tiling, b.trace.clock)
        assert a.trace.provenance == b.trace.provenance
        for name in COLUMNS:
            assert _equal(getattr(a.trace, name), getattr(b.trace, name)), name
        assert _equal(a.cores, b.cores)
        assert _equal(a.blocks, b.blocks)
    return True


def _equal(a: Any, b: Any) -> bool:
    return (a is None) == (b is None) and (a is None or np.array_equal(a, b))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made.npz"


def again(found: Recording, path: Path) -> Recording:
    npz.save(path, found)
    return npz.read(path)


@given(
    data=st.data(),
    sides=st.tuples(st.integers(1, 300), st.integers(1, 300), st.integers(1, 90)),
    order=st.sampled_from(["rows", "columns", "swizzle-2", "split-k-2", "stream-k", "persistent"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_written_is_read_again(
    data: st.DataObject, sides: tuple[int, int, int], order: str, tmp_path: Path
) -> None:
    found = recording(product(*sides), FOUR, order=order, seed=data.draw(st.integers(0, 9)))
    one = found.products[0]
    rows = len(one.trace)
    seconds = st.none() | st.floats(0, 1e6)
    blocks = np.arange(rows)[::-1].astype(np.int64) if data.draw(st.booleans()) else None
    one = replace(
        one,
        wall_s=data.draw(st.none() | st.floats(one.trace.duration, 1e6)),
        error=data.draw(seconds),
        cores=one.cores if data.draw(st.booleans()) else None,
        blocks=blocks,
        tiles_run=data.draw(st.sampled_from([None, rows])),
        placed=data.draw(st.booleans()),
        walls_s=tuple(data.draw(st.lists(st.floats(0, 1e6), max_size=5))),
        off=data.draw(seconds),
        spent=Spent(1.0, 2.0, 3.0, 9, (None, 0.1, data.draw(st.floats(0, 10)))),
        beside=Beside(data.draw(st.none() | st.floats(0, 1)), 0.25, (0.5,) * 4),
    )
    line = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=60)
    found = replace(
        found,
        products=(one,),
        when=data.draw(st.none() | st.floats(0, 3e10)),
        timer_s=data.draw(seconds),
        machine=data.draw(line),
        facts=data.draw(st.dictionaries(line, line, max_size=4)),
        remarks=(Text(N_("{n:group} threads shared {m} cores"), n=4, m=2),),
    )
    path = tmp_path / "made.npz"
    assert same(again(found, path), found)
    assert npz.as_bytes(found) == path.read_bytes(), "the same recording, the same bytes"


@pytest.mark.parametrize("device", ["v100", "lanes-16", "systolic-8", FOUR])
@pytest.mark.parametrize("training", [False, True])
def test_a_whole_pass_keeps_its_products(device: Any, training: bool, path: Path) -> None:
    network = from_widths((30, 20, 10))
    found = recording(network, device, batch=7, training=training)
    read = again(found, path)
    assert same(read, found)
    assert [one.gemm for one in read.products] == list(network.lower(7, training))


def test_a_modelled_one_says_so(path: Path) -> None:
    found = recording(product(300, 200, 100), FOUR)
    one = found.products[0]
    one = replace(one, trace=replace(one.trace, provenance=MODELLED))
    read = again(replace(found, products=(one,)), path)
    assert read.products[0].trace.provenance == MODELLED


def test_numpy_reads_its_columns(path: Path) -> None:
    found = recording(product(300, 200, 100), FOUR)
    npz.save(path, found)
    with np.load(path) as columns:
        assert np.array_equal(columns["start"], found.products[0].trace.start)
        assert json.loads(columns["recording.json"])["by"] == "cpu-tiles"


def test_numbers_of_a_network_are_no_part_of_it(path: Path) -> None:
    """How long tiles take does not depend on them, and they may be many."""
    layer = Dense(3, "relu", "a", GivenMatrix.of(np.ones((2, 3))), (0.5,) * 3)
    network = Network("own", 2, (layer,), GivenMatrix.of(np.ones((1, 2))))
    read = again(recording(network, FOUR), path)
    assert read.of.workload == Network("own", 2, (Dense(3, "relu", "a"),))


def test_of_too_many_tiles_some_are_kept_and_that_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS", 20)
    found = recording(product(640, 640, 64), FOUR)
    read = again(found, path).products[0]
    assert len(read.trace) == 20
    assert read.tiles_run == 100
    assert read.sampled
    assert read.blocks is not None
    assert read.blocks.tolist() == list(range(0, 100, 5))


def test_of_many_rounds_some_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.files.recordings.head.MOST_WALLS", 10)
    found = recording(product(300, 200, 100), FOUR)
    one = replace(found.products[0], walls_s=tuple(float(n) for n in range(95)))
    kept = again(replace(found, products=(one,)), path).products[0].walls_s
    assert kept == tuple(float(n) for n in range(0, 95, 10))


def test_a_recording_of_another_product_than_it_says_is_a_bug() -> None:
    found = recording(product(300, 200, 100), FOUR)
    with pytest.raises(ValueError, match="recorded in the place of"):
        npz.as_bytes(replace(found, of=Pass(product(3, 2, 1), 1, "float32", False)))


# --- what is no recording ------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        npz.read(path)
    said = str(caught.value)
    assert said.startswith((f"{path}", f"cannot read {path}"))
    assert "\n" not in said
    return said.replace(str(path), "FILE")


BROKEN = "FILE is no recording that can be read: it is cut off or was changed"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(path: Path, content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)


@pytest.fixture
def sound(path: Path) -> Path:
    npz.save(path, recording(product(300, 200, 100), FOUR))
    return path


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> str:
    """What is said after the head was changed."""
    content = members(path)
    head = json.loads(content["recording.json"])
    change(head)
    repack(path, {**content, "recording.json": json.dumps(head).encode()})
    return refused(path)


def replaced(path: Path, name: str, array: np.ndarray[Any, Any]) -> str:
    """What is said after a column was changed."""
    data = io.BytesIO()
    np.save(data, array, allow_pickle=True)
    repack(path, {**members(path), f"{name}.npy": data.getvalue()})
    return refused(path)


def test_a_file_of_another_kind(path: Path) -> None:
    path.write_bytes(b"inputs = 2\n")
    assert refused(path) == "FILE is no recording of mmviz"
    np.savez(path, start=np.zeros(3))
    assert refused(path) == "FILE is no recording of mmviz"
    path.unlink()
    assert "No such file" in refused(path)
    path.mkdir()
    assert "it is a folder" in refused(path)


def test_one_cut_off_anywhere(sound: Path) -> None:
    data = sound.read_bytes()
    for length in range(0, len(data), 97):
        sound.write_bytes(data[:length])
        assert refused(sound) in (BROKEN, "FILE is no recording of mmviz")
    for length in range(44, len(data), 97):
        sound.write_bytes(data[:length])
        assert refused(sound) == BROKEN


def test_one_with_any_byte_changed_is_read_as_it_was_or_refused(sound: Path) -> None:
    """Or is another date of a member: no number may change unseen."""
    data, chance, unseen = sound.read_bytes(), random.Random(7), 0
    before = npz.read(sound)
    for _ in range(300):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        sound.write_bytes(changed)
        with contextlib.suppress(InputError):
            assert same(npz.read(sound), before)
            unseen += 1
    assert 0 < unseen < 100, "dates and flags of members are no part of it"


def test_one_of_a_newer_mmviz(sound: Path) -> None:
    said = rewritten(sound, lambda head: head.update(version=2, new="field"))
    assert said == "FILE: it is written in version 2 of the format, this mmviz reads 1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "measured"}, BROKEN),
        ({"when": -1.0}, BROKEN),
        ({"when": 1e300}, BROKEN),
        ({"timer_s": -1e-9}, BROKEN),
        ({"unknown": 1}, BROKEN),
        ({"by": None}, BROKEN),
        ({"products": None}, BROKEN),
        ({"network": {"name": "", "inputs": 2, "layers": [{"units": 3}]}}, BROKEN),
        ({"units": []}, BROKEN),
        ({"units": [[]]}, BROKEN),
        ({"computed": []}, BROKEN),
        ({"training": True}, BROKEN),
        ({"about": {"msgid": "{x:9999}", "many": "", "values": [["x", 1]]}}, BROKEN),
        ({"about": {"msgid": "{x}", "many": "", "values": [["y", 1]]}}, BROKEN),
        ({"batch": 0}, "FILE: batch must be a whole number from 1 to 16 777 216, not 0"),
        (
            {"dtype": "float7"},
            "FILE: unknown dtype 'float7'; known are",
        ),
        (
            {"machine": "a\nb"},
            "FILE: a name must be one line of at most 400 printable characters",
        ),
        (
            {"command": "x" * 4001},
            "FILE: a command must be one line of at most 4 000 printable characters",
        ),
        (
            {"units": [[{"msgid": "u", "many": "", "values": []}] * 5000]},
            "FILE: 5 000 units; of at most 4 096 a recording is kept",
        ),
    ],
)
def test_what_it_says_of_itself_is_checked(change: dict[str, Any], said: str, sound: Path) -> None:
    found = rewritten(sound, lambda head: head.update(change)).replace("\u202f", " ")
    assert found.split(";")[0] == said.split(";")[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": 0}, BROKEN),
        ({"rows": 19}, BROKEN),
        ({"rows": 1 << 62}, "FILE: a product has 4 611 686 018 427 387 904 tiles in it"),
        ({"tile": [0, 64]}, "FILE: tile must be a whole number from 1 to 16 777 216, not 0"),
        ({"tile": [1, 1]}, "FILE: 20 tiles missing"),
        ({"units": 1}, BROKEN),
        ({"resident": 0}, "FILE: tile must be a whole number from 1 to 16 777 216, not 0"),
        ({"order": "dance"}, "FILE: unknown order 'dance'"),
        ({"begun_s": -1.0}, BROKEN),
        ({"wall_s": 1e300}, BROKEN),
        ({"wall_s": 1e-12}, "FILE: 300x200x100: tiles until"),
        ({"wall_s": 0.0}, BROKEN),
        ({"wall_s": 1e-300}, BROKEN),
        ({"tiles_run": 2}, BROKEN),
        ({"tiles_run": 10**12}, "FILE: 300x200x100: 1 000 000 000 000 tiles ran, the product is "),
        ({"spent": {"plain_s": 1e-300, "stamped_s": 1.0}}, BROKEN),
        ({"spent": {"plain_s": 1.0, "stamped_s": 0.0}}, BROKEN),
        ({"clock": "years"}, BROKEN),
        ({"pieces": True}, BROKEN),
        ({"waves": 3}, BROKEN),
        ({"spent": {"plain_s": -1.0}}, BROKEN),
        ({"beside": {"others": 1.5}}, BROKEN),
    ],
)
def test_what_it_says_of_a_product_is_checked(
    change: dict[str, Any], said: str, sound: Path
) -> None:
    found = rewritten(sound, lambda head: head["computed"][0].update(change))
    found = found.replace("\u202f", " ")
    if said == "FILE: 20 tiles missing":
        assert "tiles missing" in found
    else:
        assert found.startswith(said)


def test_a_tile_so_small_that_no_computer_holds_the_picture(sound: Path) -> None:
    """Whoever draws it would make a table of all tiles there could be."""
    huge = {"name": "", "role": "product", "m": 16_777_216, "n": 16_777_216, "k": 1}

    def grown(head: dict[str, Any]) -> None:
        head["products"]["gemms"][0].update(huge)
        head["computed"][0].update(tile=[1, 1], tiles_run=10**12)

    assert "at most 8 388 608 can be drawn" in rewritten(sound, grown).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("m", np.zeros(19, np.int32), BROKEN),
        ("m", np.zeros((4, 5), np.int32), BROKEN),
        ("m", np.zeros(20, np.int64), BROKEN),
        ("m", np.zeros(20, np.int32), "FILE: 300x200x100: 16 tiles missing, 4 computed twice"),
        ("m", np.full(20, 99, np.int32), "FILE: 300x200x100: row of tiles 99 of 5"),
        ("n", np.full(20, -1, np.int32), "FILE: 300x200x100: column of tiles"),
        ("unit", np.full(20, 9, np.int32), "FILE: 300x200x100: unit 9 of 4"),
        ("unit", np.full(20, -9, np.int32), "FILE: 300x200x100: unit"),
        ("unit", np.zeros(20, np.int32), "FILE: 300x200x100: a unit holds 8 tiles"),
        ("start", np.full(20, np.nan), BROKEN),
        ("start", np.full(20, -1.0), BROKEN),
        ("start", np.arange(20.0)[::-1], "FILE: 300x200x100: a tile that ends before it starts"),
        ("end", np.full(20, np.inf), BROKEN),
        ("end", np.full(20, 1e10), BROKEN),
        ("end", np.full(20, 1e8), "FILE: 300x200x100: a unit holds"),
        ("core", np.full(20, -2, np.int32), BROKEN),
        ("m", np.array([{"an": "object"}] * 20), BROKEN),
    ],
)
def test_columns_are_checked(
    name: str, array: np.ndarray[Any, Any], said: str, sound: Path
) -> None:
    assert replaced(sound, name, array).startswith(said)


def test_members_there_should_not_be(sound: Path) -> None:
    content = members(sound)
    repack(sound, {**content, "more.npy": b""})
    assert refused(sound) == BROKEN
    repack(sound, {name: data for name, data in content.items() if name != "end.npy"})
    assert refused(sound) == BROKEN
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(sound, "a") as archive:
        archive.writestr("m.npy", content["m.npy"])
    assert refused(sound) == BROKEN
    repack(sound, content, zipfile.ZIP_LZMA)
    assert refused(sound) == BROKEN


def test_nothing_is_unfolded_before_its_size_is_known(sound: Path) -> None:
    """Bombs: a member that says it is large, one that says it is small, a list without an end."""
    content = members(sound)
    repack(sound, {**content, "end.npy": content["end.npy"] + bytes(50_000_000)})
    assert sound.stat().st_size < 100_000
    assert refused(sound) == BROKEN
    data = bytearray(sound.read_bytes())
    for before, size in ((30, 22), (46, 24)):  # a member, its entry in the list: name, size
        name = data.index(b"end.npy") if before == 30 else data.rindex(b"end.npy")
        struct.pack_into("<L", data, name - before + size, len(content["end.npy"]))
    sound.write_bytes(data)
    assert refused(sound) == BROKEN
    repack(sound, {**content, "recording.json": b"[" * 5_000_000})
    assert refused(sound) == BROKEN
    repack(sound, {**content, **{f"{n}.npy": b"" for n in range(2_000)}})
    assert refused(sound) == BROKEN
    with sound.open("wb") as file:
        file.write(b"PK\x03\x04" + bytes(26) + b"recording.json")
        file.truncate(npz.MOST_BYTES + 1)
    assert "larger than" in refused(sound)


def test_reading_can_be_stopped(sound: Path) -> None:
    def stop(done: int, _whole: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        npz.read(sound, stop)


def test_what_cannot_be_written_leaves_the_old_one(path: Path) -> None:
    found = recording(product(300, 200, 100), FOUR)
    npz.save(path, found)
    before = path.read_bytes()
    one = found.products[0]
    tiling = replace(one.trace.tiling, units=5_000)
    trace = Trace(tiling, one.trace.m, one.trace.n, one.trace.unit, one.trace.start, one.trace.end)
    many = replace(found, products=(recorded(trace),))
    with pytest.raises(InputError, match="units; of at most"):
        npz.save(path, many)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="there is no folder"):
        npz.save(path.parent / "none" / "x.npz", found)
