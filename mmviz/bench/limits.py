"""What of this computer a process may use: the CPUs it may run on, and a container's quota.

A quota is read where the kernel keeps it: `cpu.max` of cgroup v2, `cpu.cfs_quota_us` of v1, of the
process's own group and of all above it, since the smallest holds. `root` is where /proc and /sys
lie, so that all of it is tried on files made for a test.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mmviz.text import N_

ROOT = Path("/")
NO_AFFINITY = N_("this system does not tell on which CPUs a process may run")
NOT_TOLD = N_("this system tells no quota")
UNREADABLE = N_("the quota of this process's group cannot be read")
_COUNTS = r"^(nr_periods|nr_throttled) (\d{1,18})$"


@dataclass(frozen=True, slots=True)
class Quota:
    """cpus: seconds of computing a second, above 0, None where nothing limits them.

    stat: the file that counts how often the limit held the group back. unknown: why nobody can say
    whether there is a limit, "" where it is known; a msgid.
    """

    cpus: float | None = None
    stat: Path | None = None
    unknown: str = ""

    def below(self, cpus: int) -> float | None:
        """The quota where it is less than so many CPUs have to give, else None."""
        return self.cpus if self.cpus is not None and self.cpus < cpus else None


@dataclass(frozen=True, slots=True)
class _Mount:
    """A mounted hierarchy: which part of it (`top`) is seen under `point`."""

    top: PurePosixPath
    point: PurePosixPath
    kind: str
    options: frozenset[str]


def allowed_cpus() -> tuple[int, ...]:
    """Logical CPUs this process may run on, by number: affinity and cpuset; () where untold."""
    if hasattr(os, "sched_getaffinity"):
        return tuple(sorted(os.sched_getaffinity(0)))
    return ()


def read_quota(root: Path = ROOT) -> Quota:
    """The smallest quota on the way from this process's group up; never raises."""
    if root == ROOT and not sys.platform.startswith("linux"):
        return Quota(unknown=NOT_TOLD)
    try:
        groups = (root / "proc/self/cgroup").read_text(errors="replace")
        mounts = list(_mounts((root / "proc/self/mountinfo").read_text(errors="replace")))
    except (OSError, ValueError):
        return Quota(unknown=UNREADABLE)
    found: list[Quota] = []
    seen = False
    paths, unified = _paths(groups)
    for path in paths:
        for folder in _upwards(path, mounts, unified):
            here = root / folder.relative_to("/")
            seen = seen or os.path.isdir(here)
            limit = _limit(here, unified)
            if limit is not None:
                found.append(limit)
    nothing = Quota() if seen else Quota(unknown=UNREADABLE)
    return min(found, key=lambda quota: quota.cpus or math.inf, default=nothing)


def _paths(groups: str) -> tuple[list[str], bool]:
    """The process's groups in the hierarchy that has the CPUs, and whether that is v2's: where v1
    has a controller, v2 has it not."""
    v1, v2 = [], []
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if "cpu" in controllers.split(","):
            v1.append(path)
        elif number == "0" and not controllers:
            v2.append(path)
    return v1 or v2, not v1


def held_back(stat: str) -> tuple[int, int] | None:
    """(periods, those of them in which the group was held back) of a cpu.stat; None: untold."""
    counts = dict(re.findall(_COUNTS, stat, re.MULTILINE | re.ASCII))
    try:
        return int(counts["nr_periods"]), int(counts["nr_throttled"])
    except KeyError:
        return None


def _mounts(mountinfo: str) -> Iterator[_Mount]:
    """The cgroup hierarchies among the mounts: proc(5), /proc/pid/mountinfo."""
    for line in mountinfo.splitlines():
        before, found, after = line.partition(" - ")
        words, kinds = before.split(" "), after.split(" ")
        if found and len(words) >= 6 and len(kinds) >= 3 and kinds[0] in ("cgroup", "cgroup2"):
            top, point = (PurePosixPath(_unescaped(word)) for word in words[3:5])
            if point.is_absolute():
                yield _Mount(top, point, kinds[0], frozenset(kinds[2].split(",")))


def _unescaped(word: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), word)


def _upwards(path: str, mounts: list[_Mount], unified: bool) -> Iterator[PurePosixPath]:
    """The folders of a group and of those above it, as far as they can be seen here.

    A group outside of what is mounted (another namespace's) is looked for at the mount itself: that
    is what a container sees of its own. Of a mount from above the namespace nobody knows which
    folder in it is the group's.
    """
    for mount in mounts:
        if (mount.kind == "cgroup2") != unified or not (unified or "cpu" in mount.options):
            continue
        if ".." in mount.top.parts:
            continue
        group = PurePosixPath(path)
        inside = group.is_relative_to(mount.top) and ".." not in group.parts
        folder = mount.point / group.relative_to(mount.top) if inside else mount.point
        yield folder
        while folder != mount.point:
            folder = folder.parent
            yield folder


def _limit(folder: Path, unified: bool) -> Quota | None:
    """The limit of one group; None where it has none."""
    try:
        if unified:
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text()
            period = (folder / "cpu.cfs_period_us").read_text()
        cpus = int(quota) / int(period)
    except (OSError, ValueError, ArithmeticError):  # no limit is "max" in v2, a top has no files
        return None
    return Quota(cpus, folder / "cpu.stat") if cpus > 0 else None
