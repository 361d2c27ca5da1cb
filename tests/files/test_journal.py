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

from mmviz.bench.machine import read_machine
from mmviz.bench.messages import (
    Checked,
    Estimate,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Started,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import from_widths
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
