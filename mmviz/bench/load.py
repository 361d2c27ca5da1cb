"""What went on beside a measurement: what others took of the cores, what its threads really had.

Loads add up; `mmviz.bench.meter` finds them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from mmviz.text import N_

UNTOLD = N_("this system does not tell")
NO_QUOTA = N_("no quota limits this process, or this system tells none")
NO_PERIODS = N_("no period of the quota ended meanwhile")


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over the windows of a measurement, in seconds; None: this system does not tell.

    wall_s: how long they lasted. core_s: what the cores this process may use had to give in that
    time; others_s: what other programs took of it; mmviz_s: the mmviz that asked, its window
    included; stolen_s: the host of a virtual machine. ran_s: what the process's threads computed;
    waited_s: how long they were ready and had no core; delayed_s: how long the one that waited
    longest did, since all wait for the last; away_s: how long its first thread neither computed nor
    waited, since it slept or somebody stopped it. periods, held: of a container's quota, and those
    of them in which it was held back.
    """

    wall_s: float = 0.0
    core_s: float = 0.0
    others_s: float | None = None
    mmviz_s: float | None = None
    stolen_s: float | None = None
    ran_s: float | None = None
    waited_s: float | None = None
    delayed_s: float | None = None
    away_s: float | None = None
    periods: int | None = None
    held: int | None = None

    @property
    def others(self) -> float | None:
        """Share of the cores that other programs took, 0 … 1."""
        return _share(self.others_s, self.core_s)

    @property
    def mmviz(self) -> float | None:
        """Share of the cores that the mmviz that asked took itself, 0 … 1."""
        return _share(self.mmviz_s, self.core_s)

    @property
    def stolen(self) -> float | None:
        """Share of the cores that the host of this virtual machine took, 0 … 1."""
        return _share(self.stolen_s, self.core_s)

    @property
    def waited(self) -> float | None:
        """Of the time its threads wanted a core, the share that they had none, 0 … 1."""
        if self.ran_s is None or self.waited_s is None:
            return None
        return _share(self.waited_s, self.ran_s + self.waited_s)

    @property
    def delayed(self) -> float | None:
        """Share of the time in which the thread that waited longest had no core, 0 … 1."""
        return _share(self.delayed_s, self.wall_s)

    @property
    def away(self) -> float | None:
        """Share of the time in which the process neither computed nor waited for a core, 0 … 1."""
        return _share(self.away_s, self.wall_s)

    @property
    def held_back(self) -> float | None:
        """Share of the quota's periods in which the container was held back, 0 … 1."""
        return (
            None if self.held is None or self.periods is None else _share(self.held, self.periods)
        )

    def of_gpu(self) -> Load:
        """The same of a process that computes elsewhere: that it sleeps means nothing."""
        return msgspec.structs.replace(self, away_s=None)

    def shares(self) -> dict[str, float | None]:
        """What a program reads of it, by name; each 0 … 1."""
        names = ("others", "mmviz", "stolen", "waited", "delayed", "away", "held_back")
        return {name: getattr(self, name) for name in names}

    def unknown(self) -> dict[str, str]:
        """Why a share is None, by its name; msgids."""
        why = {"held_back": NO_PERIODS} if self.periods == 0 else {"held_back": NO_QUOTA}
        absent = [name for name, share in self.shares().items() if share is None]
        return {name: why.get(name, UNTOLD) for name in absent}


def added(loads: Iterable[Load | None]) -> Load | None:
    """All of them as one; None where there is none. What one of them does not tell nobody knows."""
    known = [load for load in loads if load is not None]
    if not known:
        return None
    total: dict[str, Any] = {}
    for name in Load.__struct_fields__:
        values = [getattr(load, name) for load in known]
        total[name] = None if None in values else sum(values)
    return Load(**total)


def _share(part: float | None, whole: float) -> float | None:
    if part is None or whole <= 0:
        return None
    return min(1.0, max(0.0, part / whole))
