"""What a process may use of the CPUs, read from made /proc and /sys, and from a real cgroup."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.limits import NOT_TOLD, UNREADABLE, Quota, allowed_cpus, held_back, read_quota
from mmviz.bench.machine import read_machine

V2 = "31 23 0:28 {top} /sys/fs/cgroup{at} rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"
V1 = "32 31 0:29 {top} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"
OTHER = (
    "30 31 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n22 1 8:1 / / rw - ext4 a rw"
)


def system(root: Path, cgroup: str, mounts: str, files: dict[str, str]) -> Path:
    """A computer of text files."""
    process = root / "proc/self"
    process.mkdir(parents=True)
    (process / "cgroup").write_text(cgroup)
    (process / "mountinfo").write_text(f"{OTHER}\n{mounts}\n")
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_v2_takes_the_smallest_on_the_way_up(tmp_path: Path) -> None:
    files = {
        "user.slice/cpu.max": "150000 100000\n",
        "user.slice/app/cpu.max": "max 100000\n",
        "user.slice/app/run/cpu.max": "400000 100000\n",
    }
    mounts = V2.format(top="/", at="")
    found = read_quota(system(tmp_path, "0::/user.slice/app/run\n", mounts, files))
    assert found == Quota(1.5, tmp_path / "sys/fs/cgroup/user.slice/cpu.stat")


def test_v1_takes_the_smallest_too_and_minus_one_is_none(tmp_path: Path) -> None:
    files = {
        "cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "cpu,cpuacct/docker/cpu.cfs_quota_us": "100000\n",
        "cpu,cpuacct/docker/cpu.cfs_period_us": "50000\n",
        "cpu,cpuacct/docker/a/cpu.cfs_quota_us": "50000\n",
        "cpu,cpuacct/docker/a/cpu.cfs_period_us": "100000\n",
    }
    groups = "9:memory:/x\n4:cpu,cpuacct:/docker/a\n0::/\n"
    root = system(tmp_path, groups, V1.format(top="/"), files)
    assert read_quota(root).cpus == 0.5
    (root / "sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_quota_us").write_text("-1\n")
    assert read_quota(root).cpus == 2.0


@pytest.mark.parametrize("path", ["/docker/a1", "/docker/a1/in", "/elsewhere", "/../../b", "/"])
def test_a_container_sees_its_own_group_at_the_mount(tmp_path: Path, path: str) -> None:
    """A bind mount shows a part of the hierarchy; a namespace may name a group outside of it."""
    files = {"cpu.max": "25000 100000\n", "in/cpu.max": "max 100000\n"}
    mounts = V2.format(top="/docker/a1", at="")
    assert read_quota(system(tmp_path, f"0::{path}\n", mounts, files)).cpus == 0.25


def test_both_versions_beside_each_other(tmp_path: Path) -> None:
    files = {
        "unified/cgroup.procs": "",
        "cpu,cpuacct/g/cpu.cfs_quota_us": "300000",
        "cpu,cpuacct/g/cpu.cfs_period_us": "100000",
    }
    mounts = f"{V2.format(top='/', at='/unified')}\n{V1.format(top='/')}"
    assert read_quota(system(tmp_path, "1:cpu,cpuacct:/g\n0::/g\n", mounts, files)).cpus == 3


def test_a_folder_with_a_space_in_its_name(tmp_path: Path) -> None:
    mounts = V2.format(top="/", at="/my\\040groups")
    files = {"my groups/cpu.max": "100000 100000"}
    assert read_quota(system(tmp_path, "0::/\n", mounts, files)).cpus == 1


@pytest.mark.parametrize(
    "text",
    ["", "max", "max 1", "0 100000", "-5 100000", "1 0", "a b", "9" * 400 + " 1", "1 1 1"],
)
def test_what_is_no_quota_limits_nothing(tmp_path: Path, text: str) -> None:
    found = read_quota(system(tmp_path, "0::/g\n", V2.format(top="/", at=""), {"g/cpu.max": text}))
    assert found == Quota()


@pytest.mark.parametrize("cgroup", ["", "nonsense\n::::\n", "0::/g\n"])
def test_what_cannot_be_seen_is_said_to_be_unknown(tmp_path: Path, cgroup: str) -> None:
    assert read_quota(tmp_path) == Quota(unknown=UNREADABLE)
    assert read_quota(system(tmp_path, cgroup, "", {})) == Quota(unknown=UNREADABLE)


def test_a_mount_from_above_the_namespace_tells_nothing(tmp_path: Path) -> None:
    """As `unshare --cgroup` leaves it: the group is /, and lies two folders below what is seen."""
    files = {"cpu.max": "max 100000\n", "a/b/cpu.max": "50000 100000\n"}
    mounts = V2.format(top="/../..", at="")
    found = read_quota(system(tmp_path, "0::/\n", mounts, files))
    assert found == Quota(unknown=UNREADABLE)


def test_where_v1_has_the_cpus_v2_says_nothing_of_them(tmp_path: Path) -> None:
    mounts = f"{V2.format(top='/', at='/unified')}\n{V1.format(top='/..')}"
    found = read_quota(system(tmp_path, "1:cpu,cpuacct:/\n0::/\n", mounts, {"unified/x": ""}))
    assert found == Quota(unknown=UNREADABLE)


LINES = st.lists(
    st.lists(
        st.sampled_from(
            ("0::/g", "1:cpu:/", "cgroup2", "cgroup", "-", "/", "/..", "rw,cpu", "a", "")
        ),
        max_size=12,
    ).map(" ".join),
    max_size=6,
).map("\n".join)


@given(LINES | st.text(), LINES | st.text())
def test_whatever_the_kernel_says_is_a_quota_or_unknown(cgroup: str, mounts: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        process = Path(folder, "proc/self")
        process.mkdir(parents=True)
        (process / "cgroup").write_text(cgroup, errors="replace")
        (process / "mountinfo").write_text(mounts, errors="replace")
        found = read_quota(Path(folder))
    assert found in (Quota(), Quota(unknown=UNREADABLE))


def test_other_systems_say_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert read_quota() == Quota(unknown=NOT_TOLD)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert allowed_cpus() == ()


def test_a_quota_that_binds_nothing_is_none() -> None:
    assert Quota(8.0).below(8) is None
    assert Quota(7.5).below(8) == 7.5
    assert Quota().below(8) is None


def test_how_often_it_was_held_back() -> None:
    v2 = "usage_usec 5\nnr_periods 31\nnr_throttled 12\nthrottled_usec 5\n"
    v1 = "nr_periods 31\nnr_throttled 12\nthrottled_time 99\n"
    assert held_back(v2) == held_back(v1) == (31, 12)
    assert held_back("usage_usec 5\n") is None
    assert held_back("nr_periods x\nnr_throttled 1") is None


@pytest.fixture
def group() -> Iterator[Path]:
    """A cgroup with a twentieth of a CPU, where this system lets the test make one."""
    for top in (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")):
        made = top / f"mmviz-test-{os.getpid()}"
        try:
            made.mkdir()
        except OSError:
            continue
        try:
            if (made / "cpu.max").exists():
                (made / "cpu.max").write_text("5000 100000")
            else:
                (made / "cpu.cfs_quota_us").write_text("5000")
            yield made
        except OSError:
            pass
        else:
            return
        finally:
            made.rmdir()
    pytest.skip("no cgroup can be made here")


SPIN = """
import sys, time, msgspec
from pathlib import Path
from mmviz.bench.meter import Meter
from mmviz.bench.machine import read_machine
Path(sys.argv[1], "cgroup.procs").write_text("0")
meter, until = Meter(), time.monotonic() + 60
before = meter.read()
while not (meter.since(before).held or time.monotonic() > until):
    sum(range(10_000))
print(msgspec.json.encode([read_machine(), meter.since(before)]).decode())
"""


def test_a_real_quota_is_seen_and_so_is_what_it_holds_back(group: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SPIN, str(group)], capture_output=True, check=True, text=True
    )
    machine, load = msgspec.json.decode(found.stdout)
    assert machine["quota"] == 0.05
    assert load["held"] > 0


def test_this_machine_says_what_it_allows_or_why_not() -> None:
    found = read_machine()
    for name in ("allowed", "quota"):
        if name in found.unknown:
            assert getattr(found, name) is None
    assert found.allowed is None or 1 <= found.allowed <= found.logical_cores
    assert msgspec.structs.replace(found, quota=1.5).fitting_threads == 1
    assert msgspec.structs.replace(found, quota=0.1).fitting_threads == 1
    assert msgspec.structs.replace(found, quota=None).fitting_threads is None
