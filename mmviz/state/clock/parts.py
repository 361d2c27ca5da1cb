"""Where a pass goes: the parts of the passes of the run that is shown, backend by backend."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.clock.view import EMPTY, LISTED
from mmviz.state.offers import ALONE, RUN, Offer
from mmviz.state.snapshot import Part
from mmviz.text import Text


@dataclass(frozen=True, slots=True)
class PartsView:
    """why: there is nothing to show, NOTHING where there is; offers: what brings some."""

    why: Text = EMPTY
    offers: tuple[Offer, ...] = (RUN,)


def parts_view(timable: bool) -> PartsView:
    """The view of `Part`. timable: the pass there is can be timed."""
    return PartsView() if timable else PartsView(LISTED, (ALONE,))


PARTS = Part(
    "parts", lambda derived: (derived.setup.timed.workload.layered is not None,), parts_view
)
