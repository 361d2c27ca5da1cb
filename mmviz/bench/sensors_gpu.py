"""What a graphics card tells of itself, whoever made it: the shape of it, and which card is meant.

`bench.sensors_nvidia` and `bench.sensors_drm` read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from mmviz.text import N_, Text

NO_GPU = N_("it computes on no GPU")
HOST_ALONE = N_("its buffers are in the host's memory")
NOT_TOLD = N_("this card does not tell")
NO_DRIVER = N_("no driver here tells anything of {name}")
SEVERAL = N_("several cards here are called {name}, and nobody says which of them computes")


@dataclass(frozen=True, slots=True)
class CardReading:
    """One instant of a card; None: it does not tell. throttle: why it is slower now, msgids, () for
    not at all.
    """

    clock_mhz: float | None = None
    power_w: float | None = None
    temperature_c: float | None = None
    memory_bytes: int | None = None
    throttle: tuple[str, ...] | None = None


class Card(Protocol):
    """One card. default_mhz: at what clock it runs where nobody changes that, None: untold."""

    default_mhz: float | None

    def read(self) -> CardReading:
        """All of this instant."""
        ...

    def energy_j(self) -> float | None:
        """Joules the card has counted; None where it counts none."""
        ...


def alike(one: str, other: str) -> bool:
    """Whether two names are of the same model: drivers put the maker's name before it, or not, and
    what they think of it behind it, in brackets.
    """
    first, second = _plain(one), _plain(other)
    return bool(first) and first == second


def _plain(name: str) -> str:
    words = re.sub(r"\(.*?\)", " ", name.lower()).split()
    return " ".join(word for word in words if word not in ("nvidia", "amd", "intel", "corporation"))


def several(name: str) -> Text:
    """That nobody can say which card computes."""
    return Text(SEVERAL, name=name)
