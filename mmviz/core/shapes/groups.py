"""Which products of a list share a launch: neighbours of one group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mmviz.core.shapes.gemm import Gemm


def launches(gemms: Sequence[Gemm]) -> list[range]:
    """The places of the products of each launch, in order."""
    return together([gemm.group for gemm in gemms])


def together(groups: Sequence[str]) -> list[range]:
    """The same from the names of the groups, "" for a product that is launched by itself."""
    found: list[range] = []
    for name, run in groupby(enumerate(groups), key=lambda one: one[1]):
        places = [place for place, _ in run]
        if name:
            found.append(range(places[0], places[-1] + 1))
        else:
            found += [range(place, place + 1) for place in places]
    return found
