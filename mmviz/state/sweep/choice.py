"""What the user chose to sweep: the axis and its range, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.state.sweep.values import PASS, VALUES
from mmviz.text import N_

BATCH, WIDTH, BOTH = "batch", "width", "both"
AXES = (BATCH, WIDTH, BOTH)
LEAST_RANGE = 2_048
MOST_BUDGET_S = 1e4  # of a pass
LISTED = N_("a list of products has neither batch nor layers to sweep: its rows stay as they are")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SweepChoice:
    """axis: one of AXES. layer: whose width is swept. value, log_x: how the chart is drawn; None
    for the scale that shows what is there.

    batches, widths: from and to; (0, 0) for what suits the session. pinned_batches, pinned_widths:
    where the pins A and B stand along an axis, 0 for nowhere; of both axes a pin needs both.
    """

    axis: str = BATCH
    layer: int = 0
    batches: Range = (0, 0)
    widths: Range = (0, 0)
    value: str = PASS
    log_x: bool | None = None
    pinned_batches: Range = (0, 0)
    pinned_widths: Range = (0, 0)

    def pinned(self, pin: int, batch: int, width: int | None) -> SweepChoice:
        """With pin A (0) or B (1) at a point; along an axis that is not swept it stays.

        A range that ends before the pin reaches to it. 0, or None: the pin is taken off.
        """
        found = self
        if self.axis != WIDTH:
            pins = _with(self.pinned_batches, pin, batch)
            found = replace(found, pinned_batches=pins, batches=_reaching(self.batches, batch))
        if self.axis != BATCH:
            pins = _with(self.pinned_widths, pin, width or 0)
            found = replace(found, pinned_widths=pins, widths=_reaching(self.widths, width or 0))
        return found

    @property
    def unpinned(self) -> SweepChoice:
        """With no pins along the axes that are swept."""
        return self.pinned(0, 0, None).pinned(1, 0, None)


SUITED = SweepChoice()
"""The batch, over what suits the session."""


def checked(choice: SweepChoice) -> SweepChoice:
    """The choice as it is; raises InputError for an axis or a value there is not."""
    if choice.axis not in AXES or choice.value not in VALUES or choice.layer < 0:
        raise InputError(N_("no sweep of {axis!r:.40} and {value!r:.40}"), **_named(choice))
    for low, high in (choice.batches, choice.widths):
        if (low, high) != (0, 0) and not 1 <= low <= high <= MAX_COUNT:
            raise InputError(N_("no sweep from {low} to {high}"), low=low, high=high)
    for count in (*choice.pinned_batches, *choice.pinned_widths):
        if not 0 <= count <= MAX_COUNT:
            raise InputError(N_("no point of a sweep at {count}"), count=count)
    return choice


def _with(pins: Range, pin: int, count: int) -> Range:
    return (count, pins[1]) if pin == 0 else (pins[0], count)


def _reaching(within: Range, count: int) -> Range:
    """The range with a count in it; one that suits the session suits it still."""
    if not count or within == (0, 0):
        return within
    return min(within[0], count), max(within[1], count)


def _named(choice: SweepChoice) -> dict[str, str]:
    return {"axis": choice.axis, "value": choice.value}


def settled(choice: SweepChoice, of: Pass) -> SweepChoice:
    """The choice with a layer the network has, and with ranges.

    Raises InputError for a list of products.
    """
    if of.workload.layered is None:
        raise InputError(LISTED)
    layers = of.workload.layers
    layer = min(choice.layer, len(layers) - 1)
    batches = choice.batches if choice.batches[1] else (1, _reach(of.batch))
    widths = choice.widths if choice.widths[1] else (1, _reach(layers[layer].units))
    return replace(choice, layer=layer, batches=batches, widths=widths)


def following(choice: SweepChoice, before: Pass, after: Pass) -> SweepChoice:
    """The choice after an edit: what was swept stays, with the range it was shown with.

    A range that ends before the new count, or whose layer is another one, suits it anew.
    """
    shown = choice if before.workload.layered is None else settled(choice, before)
    name = _layer_name(after, shown.layer)
    if name is None or name != _layer_name(before, shown.layer):
        shown = replace(shown, layer=0, widths=(0, 0))
    elif after.workload.layers[shown.layer].units > shown.widths[1]:
        shown = replace(shown, widths=(0, 0))
    if after.batch > shown.batches[1]:
        shown = replace(shown, batches=(0, 0))
    if after.workload.layered is not None and settled(choice, after) == settled(shown, after):
        return choice  # nothing was chosen by it
    return shown


def _layer_name(of: Pass, layer: int) -> str | None:
    layers = of.workload.layers
    return layers[layer].name if layer < len(layers) else None


def _reach(now: int) -> int:
    """The end of a range in which `now` is somewhere in the middle: a power of two."""
    reach = LEAST_RANGE
    while reach < 2 * now:
        reach *= 2
    return min(reach, MAX_COUNT)
