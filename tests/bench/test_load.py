"""What goes on beside a measurement: from made /proc files, made readings, and for real."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.hindrances import hindrances, stopped_by_quota
from mmviz.bench.limits import held_back
from mmviz.bench.load import NO_PERIODS, NO_QUOTA, UNTOLD, Load, added
from mmviz.bench.machine import Blas, Machine, read_machine
from mmviz.bench.messages import Estimate, Samples, decode, encode
from mmviz.bench.meter import (
    Meter,
    Reading,
    Waits,
    busy_seconds,
    process_seconds,
    run_and_wait,
    threads_between,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.files.networks import find
from mmviz.files.runs import to_json
from mmviz.words.timing import machine_line, notes

STAT = """cpu  400 40 200 6000 500 10 20 300 9 0
cpu0 100 10 50 1000 100 1 2 30 5 0
cpu1 200 20 100 2000 200 5 8 150 4 0
cpu10 100 10 50 3000 200 4 10 120 0 0
intr 1 2 3
ctxt 5
"""


def machine(**changes: object) -> Machine:
    blas = Blas("openblas", "0.3.31", "Haswell", 8)
    found = msgspec.structs.replace(read_machine(), blas=blas, variables={}, quota=None)
    return msgspec.structs.replace(found, logical_cores=8, allowed=8, **changes)


def test_only_the_cpus_of_this_process_count() -> None:
    assert busy_seconds(STAT, (0,), 100) == (1.93, 0.3)
    assert busy_seconds(STAT, (0, 1), 100) == (6.76, 1.8)
    assert busy_seconds(STAT, (), 100) == pytest.approx((9.7, 3.0))
    assert busy_seconds(STAT, (7,), 100) is None
    assert busy_seconds("cpu0 1 2\n", (0,), 100) is None
    assert busy_seconds("cpu0 100 0 0 7\n", (0,), 100) == (1, 0)
    assert busy_seconds("", (0,), 100) is None
    assert busy_seconds("cpu0 0 0 0 0 0 0 0 0 0 0\n", (0,), 100) is None, "a sandbox tells nothing"


def test_a_thread_ran_and_waited() -> None:
    assert run_and_wait("348072430 5165083 53\n") == (0.34807243, 0.005165083)
    for text in ("", "1 2", "a b c", "-1 2 3", "0 0 0 0", "0 0 0\n"):
        assert run_and_wait(text) is None


def test_a_process_whose_name_is_a_trap() -> None:
    text = "7 (a) R 1 (x) S 1 7 7 0 -1 4194304 10 0 0 0 250 50 0 0 20 0 1 0 3 4\n"
    assert process_seconds(text, 100) == 3.0
    assert process_seconds("", 100) is None
    assert process_seconds("7 (a) S 1 2 3", 100) is None


SCRAPS = st.text(st.sampled_from("cpu0123456789 ()\n.-²٣x:"), max_size=200)


@given(SCRAPS | st.text(), st.text(max_size=9))
def test_whatever_stands_there_is_a_figure_or_none(text: str, more: str) -> None:
    for stat in (text, f"cpu0 {text}", f"7 (a) {text}", STAT + text, f"{'9' * 5000} 1 1{more}"):
        for found in (busy_seconds(stat, (0,), 100), run_and_wait(stat), held_back(stat)):
            assert found is None or all(math.isfinite(x) and x >= 0 for x in found)
        took = process_seconds(stat, 100)
        assert took is None or (math.isfinite(took) and took >= 0)


def test_threads_that_came_are_counted_and_those_that_went_are_not() -> None:
    before = {1: (1.0, 0.5), 2: (9.0, 9.0)}
    after = {1: (2.0, 1.5), 3: (0.25, 0.5)}
    assert threads_between(before, after) == (1.25, 1.5, 1.0)
    assert threads_between(None, after) == (None, None, None)


def test_what_others_took_is_what_nobody_else_did() -> None:
    """Of two seconds on a core, 1.8 were busy: 0.5 here, 0.2 in the window, 0.3 stolen."""
    meter, first = Meter(), os.getpid()
    meter._cores = 1
    before = Reading(10.0, 100.0, 5.0, 3.0, 7.0, {first: (1.0, 0.0)}, (10, 5))
    after = Reading(12.0, 101.8, 5.3, 3.5, 7.2, {first: (1.5, 1.0)}, (30, 9))
    load = meter.between(before, after)
    assert load.shares() == pytest.approx(
        {
            "others": 0.4,
            "mmviz": 0.1,
            "stolen": 0.15,
            "waited": 2 / 3,
            "delayed": 0.5,
            "away": 0.25,
            "held_back": 0.2,
        }
    )


def test_what_is_not_told_is_none_and_stays_so() -> None:
    meter = Meter()
    load = meter.between(Reading(1.0), Reading(2.0))
    assert set(load.shares().values()) == {None}
    known = Load(wall_s=1.0, core_s=2.0, others_s=0.5, ran_s=1.0, waited_s=1.0)
    assert added([known, None, known]) == Load(
        wall_s=2.0, core_s=4.0, others_s=1.0, ran_s=2.0, waited_s=2.0
    )
    assert added([known, load]) == msgspec.structs.replace(
        added([known, known]), wall_s=2.0, core_s=2.0 + load.core_s, others_s=None,
        ran_s=None, waited_s=None,
    )  # fmt: skip
    assert added([None]) is None


def test_why_nobody_tells_is_told() -> None:
    assert set(Load(wall_s=1.0, core_s=1.0).unknown()) == set(Load().shares())
    assert Load(wall_s=1.0, core_s=1.0).unknown()["waited"] == UNTOLD
    quiet = msgspec.structs.replace(QUIET, periods=0, held=0)
    assert quiet.unknown() == {"held_back": NO_PERIODS}
    assert msgspec.structs.replace(QUIET, periods=4, held=0).unknown() == {}


def test_without_proc_the_system_is_asked_how_long_the_asker_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meter = Meter(asker=os.getpid())
    monkeypatch.setattr(meter, "_text", lambda _: "")
    reading = meter.read()
    assert reading.asker_s is not None
    assert reading.asker_s > 0
    assert reading.busy_s is not None
    assert reading.busy_s > 0
    assert reading.stolen_s is None


def test_where_nobody_may_read_how_busy_the_cpus_are_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> None:
        raise PermissionError("/proc/stat")

    meter = Meter()
    monkeypatch.setattr(meter, "_text", lambda _: "")
    monkeypatch.setattr("mmviz.bench.meter.psutil.cpu_times", refused)
    assert meter.since(meter.read()).others is None


def test_a_meter_on_an_empty_system_tells_nothing(tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    load = meter.since(meter.read())
    assert load.wall_s > 0
    assert set(load.shares().values()) == {None}


def test_a_meter_reads_made_files(tmp_path: Path) -> None:
    (tmp_path / "proc/self/task/5").mkdir(parents=True)
    (tmp_path / "proc/9").mkdir()
    (tmp_path / "proc/9/stat").write_text("9 (m) S" + " 0" * 20)
    cpus = "".join(f"cpu{i} {{}} 0 0 5 0 0 0 {{}}\n" for i in range(os.cpu_count() or 1))
    meter = Meter(tmp_path, asker=9)
    readings = []
    for busy, wait in ((1, 0), (1000, 2_000_000_000)):
        (tmp_path / "proc/stat").write_text(cpus.replace("{}", str(busy)))
        (tmp_path / "proc/self/task/5/schedstat").write_text(f"1 {wait} 1")
        readings.append(meter.read())
    load = meter.between(*readings)
    assert load.waited_s == 2.0
    assert load.mmviz_s == 0.0
    assert load.others_s is not None
    assert load.others_s > 0
    assert load.stolen_s is not None
    assert load.stolen_s > 0


def test_waits_of_all_threads_are_added_and_new_ones_taken_in(tmp_path: Path) -> None:
    waits = Waits(tmp_path)
    assert waits.read() is None
    for thread, waited in ((1, 1_000_000_000), (2, 500_000_000)):
        folder = tmp_path / f"proc/self/task/{thread}"
        folder.mkdir(parents=True)
        (folder / "schedstat").write_text(f"7 {waited} 1\n")
        waits.refresh()
    assert waits.read() == 1.5
    (tmp_path / "proc/self/task/2/schedstat").write_text("nonsense")
    assert waits.read() == 1.0
    waits.close()
    assert waits.read() is None


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system tells no waits")
def test_a_thread_beside_another_on_one_cpu_waits() -> None:
    """Two threads that want one CPU: the one that is looked at had it part of the time."""
    allowed = os.sched_getaffinity(0)
    here = min(allowed)
    spin = f"import os\nos.sched_setaffinity(0, {{{here}}})\nwhile True: pass"
    other = subprocess.Popen([sys.executable, "-c", spin])
    try:
        os.sched_setaffinity(0, {here})
        meter = Meter()
        before, until = meter.read(), time.monotonic() + 20
        while not ((load := meter.since(before)).waited_s or time.monotonic() > until):
            sum(range(10_000))
    finally:
        os.sched_setaffinity(0, allowed)
        other.kill()
        other.wait()
    assert load.waited_s


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system tells no waits")
def test_a_process_that_somebody_stops_knows_how_long() -> None:
    """Programs that limit others to a share of a core stop them again and again."""
    child = subprocess.Popen([sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGSTOP)
        time.sleep(1.0)
        child.send_signal(signal.SIGCONT)
        away = float(child.stdout.readline())
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert away > 0.8


STOPPED = """
import time
from mmviz.bench.meter import Meter
meter = Meter()
before, until = meter.read(), time.monotonic() + 20
print("ready", flush=True)
while (load := meter.since(before)).away_s < 0.8 and time.monotonic() < until:
    pass
print(load.away_s)
"""


# --- what is said of it --------------------------------------------------------------------------

QUIET = Load(
    wall_s=2.0,
    core_s=16.0,
    others_s=0.1,
    mmviz_s=0.1,
    stolen_s=0.0,
    ran_s=16.0,
    waited_s=0.1,
    delayed_s=0.1,
    away_s=0.05,
)


def said(load: Load | None, on: Machine | None) -> list[str]:
    return [str(text) for text in hindrances(load, on)]


def test_a_quiet_machine_is_not_worth_a_word() -> None:
    assert said(QUIET, machine()) == []
    assert said(None, None) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"others_s": 7.36}, "other programs took 46 % of the cores"),
        ({"mmviz_s": 4.0}, "mmviz itself took 25 % of the cores beside it"),
        ({"stolen_s": 1.6}, "the host of this virtual machine took 10 % of the cores"),
        (
            {"ran_s": 6.0, "waited_s": 4.0},
            "the timing threads had a core in 60 % of the time they wanted one",
        ),
        ({"delayed_s": 0.9}, "one of the timing threads had no core 45 % of the time"),
        ({"away_s": 0.8}, "the timing process slept, or was stopped, 40 % of the time"),
    ],
)
def test_each_hindrance_is_one_sentence(changes: dict[str, float], sentence: str) -> None:
    load = msgspec.structs.replace(QUIET, **changes)
    assert said(load, machine()) == [sentence]
    assert said(msgspec.structs.replace(load, wall_s=0.05), machine()) == []


def test_the_line_of_the_machine_says_what_may_be_used() -> None:
    whole = msgspec.structs.replace(machine(), cores=8)
    assert "8 cores ·" in str(machine_line(whole))
    limited = machine_line(msgspec.structs.replace(whole, quota=0.5))
    assert "8 cores, 0.5 of them usable ·" in str(limited)
    pinned = machine_line(msgspec.structs.replace(whole, allowed=2))
    assert "8 cores, 2 of them usable" in str(pinned)


def test_a_quota_is_said_with_what_fits_it() -> None:
    load = msgspec.structs.replace(QUIET, periods=20, held=8)
    (sentence,) = said(load, machine(quota=0.5))
    assert sentence == (
        "this container may use 0.5 of 8 cores, and was held back in 40 % of its periods: "
        "OPENBLAS_NUM_THREADS=1 comes nearest to it"
    )
    (mkl,) = said(QUIET, machine(quota=2.5, blas=Blas("mkl", "", "", 8)))
    assert mkl == "this container may use 2.5 of 8 cores: MKL_NUM_THREADS=2 fits it"
    assert [str(text) for text in hindrances(load, None)] == [
        "a container's quota held it back in 40 % of its periods"
    ]
    untold = msgspec.structs.replace(load, held=None)
    two = Blas("openblas", "", "", 2)
    assert stopped_by_quota(load)
    assert not stopped_by_quota(msgspec.structs.replace(load, held=0), machine(quota=0.5))
    assert stopped_by_quota(untold, machine(quota=1.5, blas=two)), "nobody counts it"
    assert not stopped_by_quota(untold, machine(quota=2.0, blas=two))
    fitting = machine(quota=2.0, blas=Blas("openblas", "", "", 2))
    assert said(QUIET, fitting) == ["this container may use 2 of 8 cores"]


# --- beside a result -----------------------------------------------------------------------------

PLAN = BenchPlan(network=find("4-2").network, batches=(1,), backends=("numpy",))


def test_the_load_crosses_and_adds_up_beside_its_run() -> None:
    busy = msgspec.structs.replace(QUIET, others_s=8.0)
    collector = Collector(PLAN)
    for message in (Samples("numpy", 1, [1e-6], 1, busy), Samples("numpy", 1, [1e-6], 1, QUIET)):
        assert decode(encode(message)) == message
        collector.add(message)
    collector.machine = machine()
    results = collector.results()
    (run,) = results.runs
    assert run.load == added([busy, QUIET])
    assert list(map(str, results.hindrances)) == ["other programs took 25 % of the cores"]
    table = msgspec.json.decode(to_json(results))
    assert table["warnings"] == ["other programs took 25 % of the cores"]
    assert table["runs"][0]["load"]["shares"]["others"] == pytest.approx(8.1 / 32)
    assert table["runs"][0]["load"]["unknown"] == {"held_back": NO_QUOTA}
    told = [str(note.text) for note in notes(results.runs, "float32", machine(), ended=True)]
    assert told[0] == "other programs took 25 % of the cores", "before what is said of backends"
    assert len(told) > 1


def test_threads_that_did_no_more_than_one_are_told_of() -> None:
    """Two wanted two cores and had one between them; what wanted one alone has nothing to say."""
    two = machine(blas=Blas("openblas", "", "", 2))
    vain = Load(wall_s=2.0, core_s=4.0, ran_s=2.1, waited_s=1.9)
    sentence = "2 threads did no more than one would: you do not own your cores"
    assert sentence in said(vain, two)
    alone = Load(wall_s=20.0, core_s=40.0, ran_s=20.0, waited_s=0.1)
    mixed = added([vain, alone])
    assert sentence not in said(mixed, two), "the sum does not tell"
    told = [str(text) for text in hindrances(mixed, two, [vain, alone])]
    assert sentence in told
    for other in (
        msgspec.structs.replace(vain, ran_s=3.0),  # they had one and a half
        msgspec.structs.replace(vain, waited_s=0.1),  # they wanted one
        msgspec.structs.replace(vain, waited_s=None),
        msgspec.structs.replace(vain, periods=10, held=9),  # a quota says why
        None,
    ):
        assert sentence not in said(other, two)
    assert sentence not in said(vain, machine(blas=Blas("openblas", "", "", 1)))


def test_an_estimate_has_its_load_too() -> None:
    collector = Collector(PLAN)
    collector.add(Estimate("numpy", 1, 10.0, 0.1, QUIET))
    assert collector.run("numpy", 1).load == QUIET
