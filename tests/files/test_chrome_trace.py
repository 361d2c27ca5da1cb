"""Chrome Trace JSON: what Perfetto wants, and that every tile is in it once."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import FOUR, product, recording

from mmviz.core.device.device import Device
from mmviz.core.provenance import MODELLED
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files.recordings import chrome_reading, chrome_trace, npz, reading
from mmviz.text import own


def written(found: Recording) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(chrome_trace.as_bytes(found))
    return told


def tiles(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for event in told["traceEvents"] if event.get("cat") == "tile"]


def check(told: dict[str, Any], found: Recording) -> None:
    """What every such file keeps to."""
    assert list(told) == ["traceEvents", "otherData"], "the events first, no displayTimeUnit"
    events = told["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    assert {event["ph"] for event in events} == {"M", "X"}
    assert min(event["ts"] for event in slices) == 0
    for event in events:
        if event.get("cat") != "tile":
            words = event.get("cat", ""), event["name"], str(event["args"].get("name", ""))
            assert "tile" not in " ".join(words).casefold()
    by_row = defaultdict(list)
    for event in slices:
        assert event["dur"] >= 0
        by_row[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for spans in by_row.values():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    named = {event["tid"] for event in events if event["name"] == "thread_name"}
    assert {event["tid"] for event in slices} <= named
    assert len(tiles(told)) == found.tiles
    for number, one in enumerate(found.products):
        args = [event["args"] for event in tiles(told) if event["args"]["product"] == number]
        assert [arg["m"] for arg in args] == one.trace.m.tolist()
        assert [arg["n"] for arg in args] == one.trace.n.tolist()


@given(
    sides=st.tuples(st.integers(1, 400), st.integers(1, 400), st.integers(1, 90)),
    order=st.sampled_from(["rows", "swizzle-2", "split-k-2", "stream-k"]),
    begun=st.sampled_from([0.0, 1e-7, 3.3, 1234.5678901234]),
    noise=st.sampled_from([0.0, 0.3]),
)
def test_slices_of_one_row_never_overlap(
    sides: tuple[int, int, int], order: str, begun: float, noise: float
) -> None:
    """Neither where times are so late that a reader's sums lose digits."""
    twice = Products("twice", 2 * product(*sides).gemms)
    found = recording(twice, FOUR, order=order, noise=noise)
    first, second = found.products
    second = replace(second, begun_s=begun + first.trace.duration)
    found = replace(found, products=(first, second))
    check(written(found), found)


@pytest.mark.parametrize("device", ["v100", "lanes-16", "systolic-8", FOUR])
def test_a_training_pass_on_any_device(device: str | Device) -> None:
    found = recording(from_widths((30, 20, 10)), device, batch=7, training=True)
    told = written(found)
    check(told, found)
    products = [event for event in told["traceEvents"] if event.get("cat") == "product"]
    assert [event["name"] for event in products] == [one.gemm.name for one in found.products]
    assert told["otherData"]["training"] is True


def test_times_are_microseconds_and_units_have_their_names() -> None:
    found = recording(product(300, 200, 100), FOUR, by="cpu-tiles")
    told = written(found)
    trace = found.products[0].trace
    assert np.allclose([event["ts"] for event in tiles(told)], 1e6 * trace.start, atol=1e-6)
    ends = [event["ts"] + event["dur"] for event in tiles(told)]
    assert np.allclose(ends, 1e6 * trace.end, atol=2e-6)
    names = {
        event["tid"]: event["args"]["name"]
        for event in told["traceEvents"]
        if event["name"] == "thread_name"
    }
    for event, unit in zip(tiles(told), trace.unit.tolist(), strict=True):
        assert names[event["tid"]].startswith(f"core {unit}, slot ")
        assert event["args"]["core"] == unit
    other = told["otherData"]
    assert (other["kind"], other["clock"], other["ts"]) == ("recorded", "s", "microseconds")
    assert other["when"] == "2023-11-14T22:13:20+00:00"
    assert other["products"][0]["tile"] == [64, 64]
    assert other["products"][0]["wall_s"] == found.products[0].wall_s
    assert "network" in other
    assert "batch" not in other, "a list has none"


def test_pieces_of_a_tile_name_their_terms() -> None:
    told = written(recording(product(64, 64, 100), FOUR, order="split-k-2"))
    assert [event["name"] for event in tiles(told)] == ["(0,0) k0–50", "(0,0) k50–100"]
    assert [event["args"]["k0"] for event in tiles(told)] == [0, 50]


def test_a_clock_of_steps_says_that_it_is_no_time() -> None:
    found = recording(from_widths((30, 20, 10)), "lanes-16", noise=0.0)
    told = written(found)
    check(told, found)
    assert told["otherData"]["ts"] == "steps, which are no time"
    assert all(event["ts"] == int(event["ts"]) for event in tiles(told))
    second = next(event for event in tiles(told) if event["args"]["product"] == 1)
    assert second["ts"] == pytest.approx(found.products[0].trace.duration)


def test_a_layer_called_like_a_tile_is_none() -> None:
    network = Network("Reptiles", 8, (Dense(4, name="Tile 1"), Dense(2, name="b")))
    found = recording(network, FOUR)
    told = written(found)
    check(told, found)
    products = [event for event in told["traceEvents"] if event.get("cat") == "product"]
    assert [event["name"] for event in products] == ["product 1", "b"]
    assert told["otherData"]["products"][0]["name"] == "Tile 1", "its own name is kept there"


def test_nor_is_a_machine_or_a_unit_called_like_one(tmp_path: Path) -> None:
    found = recording(product(300, 200, 100), FOUR, machine="The Tile Engine")
    units = tuple(own(f"Tile unit {n}") for n in range(4))
    found = replace(found, products=(replace(found.products[0], units=units),))
    told = written(found)
    check(told, found)
    named = [event["args"]["name"] for event in told["traceEvents"] if "name" in event["args"]]
    assert named[:4] == ["mmviz, recorded", "products", "unit 0, slot 1", "unit 0, slot 2"]
    read = again(found, tmp_path / "made.json")
    assert (read.machine, read.products[0].units) == (found.machine, units), "kept beside"


def test_a_modelled_one_says_so_and_a_sampled_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS", 5)
    found = recording(product(300, 200, 100), FOUR)
    one = found.products[0]
    one = replace(one, trace=replace(one.trace, provenance=MODELLED))
    told = written(replace(found, products=(one,)))
    assert told["otherData"]["kind"] == "modelled"
    assert told["otherData"]["products"][0]["tiles_run"] == 20
    assert told["otherData"]["products"][0]["tiles_kept"] == 5
    assert [event["args"]["block"] for event in tiles(told)] == [0, 4, 8, 12, 16]


def test_signs_that_steer_a_terminal_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    chrome_trace.save(path, recording(machine="a\x1b[31m \u202e CPU"))
    text = path.read_bytes()
    assert b"\x1b" not in text
    assert "\u202e".encode() not in text
    assert json.loads(text)["otherData"]["machine"] == "a\x1b[31m \u202e CPU"


# --- read again ----------------------------------------------------------------------------------


def again(found: Recording, path: Path) -> Recording:
    chrome_trace.save(path, found)
    return reading.read(path)


@pytest.mark.parametrize("order", ["rows", "split-k-2", "stream-k"])
@pytest.mark.parametrize("device", ["v100", FOUR])
def test_what_mmviz_wrote_it_reads_again(order: str, device: str | Device, tmp_path: Path) -> None:
    found = recording(from_widths((300, 200, 100)), device, batch=70, training=True, order=order)
    made = replace(found.products[0], blocks=np.arange(len(found.products[0].trace))[::-1])
    found = replace(found, products=(made, *found.products[1:]))
    read = again(found, tmp_path / "made.json")
    for name in set(Recording.__slots__) - {"products"}:
        assert getattr(read, name) == getattr(found, name), name
    for a, b in zip(read.products, found.products, strict=True):
        assert a.units == b.units
        assert a.wall_s == pytest.approx(b.wall_s, abs=1e-11)
        for name in ("m", "n", "unit", "k0", "k1"):
            assert np.array_equal(getattr(a.trace, name), getattr(b.trace, name)), name
        assert np.array_equal(a.cores, b.cores)
        assert (a.blocks is None) == (b.blocks is None)
        for name in ("start", "end"):
            there, was = getattr(a.trace, name), getattr(b.trace, name)
            assert np.abs(there - was).max() < 2e-12, "a picosecond or two"
    blocks = read.products[0].blocks
    assert blocks is not None
    assert blocks.tolist() == list(range(len(blocks)))[::-1]


def test_what_is_no_tile_is_not_called_one(tmp_path: Path) -> None:
    found = recording(product(300, 200, 100), FOUR)
    blocks = np.arange(20, dtype=np.int64)[::-1]
    one = replace(found.products[0], placed=False, blocks=blocks)
    found = replace(found, products=(one,))
    told = written(found)
    assert tiles(told) == []
    named = [event["name"] for event in told["traceEvents"] if event.get("cat") == "block"]
    assert named == [f"block {number}" for number in reversed(range(20))]
    read = again(found, tmp_path / "made.json").products[0]
    assert not read.placed
    assert len(read.trace) == 20


def test_a_modelled_schedule_is_read_with_its_waves(tmp_path: Path) -> None:
    found = modelled_pass(Setup(product(300, 300, 512), FOUR, order="stream-k"))
    read = again(found, tmp_path / "made.json").products[0].trace
    assert found.products[0].trace.wave_rows is not None
    assert np.array_equal(read.wave_rows, found.products[0].trace.wave_rows)
    assert read.provenance == MODELLED


def test_steps_are_read_as_steps(tmp_path: Path) -> None:
    found = recording(from_widths((30, 20, 10)), "lanes-16", noise=0.0)
    read = again(found, tmp_path / "made.json")
    for a, b in zip(read.products, found.products, strict=True):
        assert a.trace.clock == "steps"
        assert np.array_equal(a.trace.start, b.trace.start)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.pop("otherData"), "no recording that can be read"),
        (lambda told: told["otherData"].pop("recording"), "no recording that can be read"),
        (lambda told: told["traceEvents"].pop(), "no recording that can be read"),
        (lambda told: tiles(told)[0]["args"].update(m=9), "row of tiles 9 of 5"),
        (lambda told: tiles(told)[0]["args"].update(product=1), "no recording that can be read"),
        (lambda told: tiles(told)[0]["args"].update(m=10**30), "no recording that can be read"),
        (lambda told: tiles(told)[0].update(dur=-5.0), "no recording that can be read"),
        (lambda told: tiles(told)[9].update(dur=-1e-3), "a tile that ends before it starts"),
        (lambda told: tiles(told)[0].update(dur=1e18), "no recording that can be read"),
        (lambda told: tiles(told)[0].update(ts=1e308), "no recording that can be read"),
        (lambda told: tiles(told)[0].update(ts=1e308, dur=1e308), "no recording that can be read"),
        (lambda told: tiles(told)[0].update(ts="now"), "no recording that can be read"),
        (lambda told: told["otherData"]["recording"].update(version=7), "in version 7 of the"),
        (lambda told: told["otherData"]["recording"].update(by=7), "no recording that can be read"),
    ],
)
def test_one_that_was_changed_is_refused(
    change: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "made.json"
    told = written(recording(product(300, 200, 100), FOUR, noise=0.0))
    change(told)
    events = json.dumps(told.pop("traceEvents"))
    path.write_text(
        f'{{"traceEvents": {events}, "otherData": {json.dumps(told.get("otherData"))}}}'
    )
    with pytest.raises(InputError, match=said) as caught:
        reading.read(path)
    assert str(path) in str(caught.value)


def test_one_cut_off_or_enormous_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "made.json"
    data = chrome_trace.as_bytes(recording(product(300, 200, 100), FOUR))
    for length in range(400, len(data) - 2, 997):
        path.write_bytes(data[:length])
        with pytest.raises(InputError, match="cut off or was changed"):
            reading.read(path)
    path.write_bytes(data[:300] + b"{}," * 7_000_000)
    with pytest.raises(InputError, match="cut off or was changed"):
        reading.read(path)
    monkeypatch.setattr(chrome_reading, "MOST_BYTES", 1_000)
    with pytest.raises(InputError, match="larger than"):
        reading.read(path)


def test_a_trace_of_another_tool_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    path.write_text('{"traceEvents": [{"ph": "X", "ts": 1, "dur": 2, "name": "a"}]}')
    assert not reading.holds_one(path)
    npz.save(path, recording())
    assert reading.holds_one(path), "whatever it is called"
    assert reading.read(path).tiles
