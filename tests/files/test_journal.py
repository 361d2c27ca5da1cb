"""Runs kept on disk while they are measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.backends.base import Part, Place
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import (
    Aside,
    Checked,
    Estimate,
    Failed,
    Fingerprint,
    Finished,
    Message,
    Parted,
    Phase,
    Placed,
    Progress,
    Remarked,
    Samples,
    Sensing,
    Started,
    Tiled,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.sensed import Sensed
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.journal import INTERRUPTED, Journal, KeptRun, kept_runs, place, read
from mmviz.files.ordinary import Cancelled
from mmviz.text import N_, NOTHING, Text

WHEN = 1_795_000_000.0
PLAN = BenchPlan(network=from_widths((4, 3, 2), "tiny"), batches=(1, 8), backends=("numpy", "loop"))
SAID: tuple[Message, ...] = (
    Started(read_machine({})),
    Phase("numpy", 1, "timing"),
    Samples("numpy", 1, [0.1, 1 / 3], 5),
    Progress(0.5),
    Estimate("loop", 1, 1e20, 0.25),
    Checked("numpy", 1, 1e-7),
    Failed("numpy", 8, Text(N_("out of memory"))),
    Samples("loop", 8, [2e-5]),
    Finished(),
)


def kept() -> tuple[KeptRun, ...]:
    return kept_runs()[0]


def write(*messages: Message, when: float = WHEN, plan: BenchPlan = PLAN) -> Journal:
    made = Journal(plan, when)
    for message in messages:
        made.add(message)
    return made


def test_what_was_measured_comes_back_as_it_was() -> None:
    folded = Collector(PLAN)
    for message in SAID:
        folded.add(message)
    made = write(*SAID)
    assert made.keeps
    made.end(Text(N_("the timing process died: out of memory")), 0.75)
    (one,) = kept()
    assert one.head.when == WHEN
    found = read(one.path)
    assert found.results == folded.results()
    assert str(found.over.ended) == "the timing process died: out of memory"
    assert found.over.done == 0.75
    assert found.unread == 0


def test_a_run_without_a_sample_leaves_no_file() -> None:
    made = write(*SAID[:2])
    made.end(NOTHING, 0.0)
    assert not made.keeps
    assert not place().exists()


def test_given_numbers_are_not_kept_with_it() -> None:
    network = replace(PLAN.network, examples=GivenMatrix.of([[0.5] * 4] * 2_000))
    plan = BenchPlan(network=network, batches=(2_000,), backends=("numpy",))
    write(Samples("numpy", 2_000, [0.1]), plan=plan).end(NOTHING, 1.0)
    (one,) = kept()
    assert one.path.stat().st_size < 2_000
    assert one.head.plan.network == PLAN.network


OLD = """\
{"type":"run","version":1,"when":1795000000.0,"plan":{"type":"time","network":{"name":"4-3","inputs"\
:4,"layers":[{"units":3,"activation":"relu","name":"","weights":null,"bias":null}],"examples":null}\
,"batches":[1],"backends":["numpy"],"dtype":"float32","training":false,"seconds":2.0,"seed":20170}}
{"type":"samples","backend":"numpy","batch":1,"seconds":[0.25,0.5],"passes":1,"load":null}
{"type":"parted","backend":"numpy","batch":1,"parts":[{"what":"forward","layer":0,"seconds":0.1}]}
{"type":"checked","backend":"numpy","batch":1,"max_error":1e-7}
{"type":"over","ended":{"msgid":"","many":"","values":[]},"done":1.0}
"""
"""A file of before there were passes of other kinds."""


def test_a_file_of_an_older_mmviz_is_read() -> None:
    place().mkdir(parents=True)
    path = place() / "20261118-090000000000-00000000.jsonl"
    path.write_text(OLD)
    found = read(path)
    assert found.unread == 0
    (run,) = found.results.runs
    assert run.samples_s == (0.25, 0.5)
    assert (run.max_error, run.parts[0].error) == (1e-7, None)
    assert (run.cold, run.copied, run.sensed, run.place) == ((), (), None, None)
    assert (run.on_gpu, run.tiles, run.remarks, run.dropped) == ((), (), (), 0)


def test_all_that_is_told_of_a_backend_comes_back() -> None:
    said = (
        Samples("numpy", 1, [0.1, 0.2], 1, None, [0.05, 0.06], 7),
        Placed("numpy", 1, Place("a GPU", software=True, clock=True)),
        Tiled("numpy", 1, ((16, 32), None)),
        Remarked("numpy", 1, (Text(N_("out of memory")),)),
        Parted("numpy", 1, (Part("forward", 0, 0.1, 0.02), Part("launch", 0, 1e-6))),
        Aside("numpy", 1, "cold", [0.5, 0.25]),
        Aside("numpy", 1, "copies", [0.75]),
        Fingerprint("numpy", 1, 2e-7),
        Sensing("numpy", 1, Sensed(gpu_clock_mhz=1410.0, host_peak_bytes=12)),
    )
    folded = Collector(PLAN)
    for message in said:
        folded.add(message)
    write(*said).end(NOTHING, 1.0)
    (one,) = kept()
    found = read(one.path)
    assert found.results == folded.results()
    run = found.results.runs[0]
    assert (run.cold, run.copied, run.dropped) == ((0.5, 0.25), (0.75,), 7)
    assert None not in (run.sensed, run.place, run.fingerprint)
    assert run.remarks
    assert run.tiles


def test_a_list_is_kept_whole_however_long_it_is() -> None:
    """Names as long as they may be, and a part for each of as many products as can be."""
    name = '"é' * 30
    gemms = (Gemm(name, "product", 2**24, 2**24, 10**9, i, 24, 12) for i in range(MAX_PRODUCTS))
    listed = Products("all there can be", tuple(gemms))
    plan = BenchPlan(network=listed, batches=(1,), backends=("numpy",))
    parts = tuple(Part("product", i, 0.123456789012345, 0.0123456789) for i in range(MAX_PRODUCTS))
    said = Samples("numpy", 1, [0.1]), Parted("numpy", 1, parts)
    write(*said, plan=plan).end(NOTHING, 1.0)
    (one,) = kept()
    assert one.head.plan == plan
    found = read(one.path)
    assert found.unread == 0
    assert found.results.runs[0].parts == parts


KILLED = """
import os, signal
from mmviz.bench.messages import Samples
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths
from mmviz.files.journal import Journal
made = Journal(BenchPlan(network=from_widths((4, 2)), batches=(1,), backends=("numpy",)), 1e9)
for i in range(100):
    made.add(Samples("numpy", 1, [float(i)]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
def test_a_killed_process_loses_nothing_that_was_said() -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    (one,) = kept()
    found = read(one.path)
    assert found.results.runs[0].samples_s == tuple(map(float, range(100)))
    assert (found.over.ended, found.over.done) == (INTERRUPTED, 0.0)


def test_lines_that_are_not_understood_are_left_out_and_counted() -> None:
    write(*SAID).end(NOTHING, 1.0)
    (one,) = kept()
    whole = read(one.path)
    lines = one.path.read_bytes().splitlines(keepends=True)
    lines[1:1] = [
        b"nonsense\n",
        b'{"type":"samples","backend":"numpy","batch":1,"seconds":[-1]}\n',
        b'{"type":"samples","backend":"numpy","batch":99,"seconds":[1]}\n',  # not of this run
        b'{"type":"samples","backend":"numpy","batch":1,"seconds":[1e999]}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
    ]
    one.path.write_bytes(b"".join(lines) + b'{"type":"samples","backend":"num')  # cut off
    found = read(one.path)
    assert found.unread == 6
    assert found.results == whole.results


@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=20), st.integers(0))
def test_however_a_file_is_damaged_it_is_read_or_refused_in_a_sentence(
    changes: list[tuple[int, int]], end: int
) -> None:
    path = place() / "20260101-000000000000-00000000.jsonl"
    if not path.exists():
        write(*SAID).end(NOTHING, 1.0)
        kept()[0].path.rename(path)
    whole = path.read_bytes()
    data = bytearray(whole[: len(whole) - end % 50])
    for at, value in changes:
        data[at % len(data)] = value
    path.write_bytes(data)
    said = ""
    try:
        read(path)
        kept()
    except InputError as error:
        said = str(error)
    finally:
        path.write_bytes(whole)
    assert said in ("", f"{path} is no run that mmviz kept")


@pytest.mark.parametrize(
    "change",
    [
        {"when": -1.0},
        {"when": 1e300},
        {"plan": {}},
        {"plan": {"batches": []}},
        {"plan": {"batches": [0]}},
        {"plan": {"batches": [1, 10**30]}},
        {"plan": {"backends": ["numpy", "\x1b[2J"]}},
        {"plan": {"dtype": "float3"}},
        {"plan": {"network": {"name": "x\x1b[31m", "inputs": 1, "layers": [{"units": 1}]}}},
        {"plan": {"network": {"name": "x", "inputs": 10**400, "layers": [{"units": 1}]}}},
        {"plan": {"network": {"name": "x", "inputs": 1, "layers": [{"units": 0}]}}},
    ],
)
def test_a_first_line_that_is_not_sound_is_refused(change: dict[str, object]) -> None:
    write(*SAID).end(NOTHING, 1.0)
    (one,) = kept()
    first, *rest = one.path.read_bytes().splitlines(keepends=True)
    head = json.loads(first)
    for name, value in change.items():
        head[name] = {**head[name], **value} if isinstance(value, dict) and value else value
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    assert line.startswith(b'{"type":"run"')
    one.path.write_bytes(line + b"".join(rest))
    assert kept() == ()
    with pytest.raises(InputError, match="is no run that mmviz kept"):
        read(one.path)


def test_the_oldest_make_room_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_RUNS", 3)
    place().mkdir(parents=True)
    strangers = [place() / "notes.jsonl", place() / "20260101-000000000000-zzzzzzzz.jsonl"]
    for stranger in strangers:
        stranger.write_text("mine")
    for day in range(6):
        write(*SAID, when=WHEN + 86_400 * day).end(NOTHING, 1.0)
    assert [one.head.when - WHEN for one in kept()] == [86_400.0 * day for day in (5, 4, 3)]
    assert all(stranger.exists() for stranger in strangers)
    monkeypatch.setattr(journal, "MOST_BYTES", journal.RUN_BYTES + kept()[0].path.stat().st_size)
    write(*SAID, when=WHEN + 86_400 * 9).end(NOTHING, 1.0)
    assert [one.head.when - WHEN for one in kept()] == [86_400.0 * day for day in (9, 5)]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody holds a file there")
def test_one_that_is_being_written_does_not_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_RUNS", 2)
    oldest = write(*SAID, when=WHEN)
    oldest.end(NOTHING, 0.5)
    again = Journal(PLAN, WHEN, oldest.path)
    again.add(Samples("numpy", 1, [1.0]))
    for day in (1, 2, 3):
        write(*SAID, when=WHEN + 86_400 * day).end(NOTHING, 1.0)
    again.end(NOTHING, 1.0)
    assert [one.head.when - WHEN for one in kept()] == [86_400.0 * 3, 0.0]


def test_two_windows_write_two_files_at_the_same_moment() -> None:
    first, second = write(*SAID[:3]), write(*SAID[:3])
    first.add(Samples("numpy", 1, [1.0]))
    second.add(Samples("numpy", 1, [2.0]))
    first.end(NOTHING, 1.0)
    second.end(NOTHING, 1.0)
    last = sorted(read(one.path).results.runs[0].samples_s[-1] for one in kept())
    assert last == [1.0, 2.0]


def test_a_run_that_grows_too_large_is_cut_off_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "RUN_BYTES", 5_000)
    made = write(*SAID[:3])
    long = Samples("numpy", 1, [0.5] * 100)
    while made._size + 1_000 < 5_000:
        made.add(long)
    with pytest.raises(InputError, match="which is full"):
        made.add(Samples("numpy", 1, [0.5] * 1_000))
    assert not made.keeps
    made.add(Samples("numpy", 1, [0.5]))  # and never again
    made.end(NOTHING, 1.0)
    (one,) = kept()
    assert one.path.stat().st_size <= 5_000
    assert len(read(one.path).results.runs[0].samples_s) > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_a_full_disk_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    made = write(*SAID[:3])
    assert made._file is not None
    path = made._file.name
    made._file.close()
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(made, "_file", full)
        with pytest.raises(InputError, match="cannot write /dev/full: No space left on device"):
            made.add(SAID[2])
        made.add(SAID[2])
        made.end(NOTHING, 1.0)
    assert read(Path(path)).results.runs[0].samples_s


@pytest.mark.parametrize("what", ["a file", "a dead link"])
def test_a_folder_that_cannot_be_made_is_one_sentence(what: str) -> None:
    place().parent.mkdir(parents=True, exist_ok=True)
    if what == "a file":
        place().write_text("")
    else:
        place().symlink_to(place().parent / "nowhere" / "else")
    made = Journal(PLAN, time.time())
    with pytest.raises(InputError, match="cannot write"):
        made.add(SAID[2])
    made.add(SAID[2])
    made.end(NOTHING, 1.0)
    assert kept() == ()


def test_a_file_that_is_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    with open(large, "wb") as file:
        file.truncate(journal.RUN_BYTES + 1)
    with pytest.raises(InputError, match="larger than"):
        read(large)
    with pytest.raises(InputError, match="it is a folder"):
        read(tmp_path)


def test_a_long_reading_tells_how_far_it_is_and_can_be_called_off() -> None:
    write(*SAID[:3], *[Samples("numpy", 1, [0.5])] * 1_000).end(NOTHING, 1.0)
    (one,) = kept()
    told: list[tuple[int, int]] = []
    read(one.path, lambda *place: told.append(place))
    whole = one.path.stat().st_size
    assert len(told) > 10
    assert {of for _, of in told} == {whole}

    def stop(done: int, of: int) -> None:
        if 0 < done < of:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(one.path, stop)
