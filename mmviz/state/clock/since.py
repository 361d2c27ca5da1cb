"""Since last run: what the run that is shown says beside an earlier one of the same pass."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.clock.view import EMPTY, LISTED
from mmviz.state.offers import ALONE, RUN, Offer
from mmviz.state.snapshot import Part
from mmviz.text import Text


@dataclass(frozen=True, slots=True)
class SinceView:
    """why: there is nothing to show, NOTHING where there is; offers: what brings some."""

    why: Text = EMPTY
    offers: tuple[Offer, ...] = (RUN,)


def since_view(timable: bool) -> SinceView:
    """The view of `Part`. timable: the pass there is can be timed."""
    return SinceView() if timable else SinceView(LISTED, (ALONE,))


SINCE = Part(
    "since", lambda derived: (derived.setup.timed.workload.layered is not None,), since_view
)
