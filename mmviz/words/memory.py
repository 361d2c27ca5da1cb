"""What a pass needs of a device's memory, said: whether it fits, and which batch would."""

from __future__ import annotations

from mmviz.core.memory.fit import Fit, too_much
from mmviz.core.memory.needs import Need
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.text import N_, NOTHING, Text, joined

PARTS = {
    "weights": N_("weights {bytes:size}"),
    "activations": N_("activations {bytes:size}"),
    "gradients": N_("gradients {bytes:size}"),
    "optimizer": N_("optimizer {bytes:size}"),
    "workspace": N_("workspace {bytes:size}"),
    "products": N_("its largest product {bytes:size}"),
}


def lacking(fit: Fit) -> Text:
    """'does not fit: 96.2 GB of 80 GB; the largest batch that fits is 512'; NOTHING where it does.

    And where nobody knows.
    """
    if fit.fits is not False:
        return NOTHING
    return joined((too_much(fit.need.total, fit.memory or 0.0), largest(fit)), "semicolons")


def largest(fit: Fit) -> Text:
    """The largest batch that fits, NOTHING where there is no batch or no memory known."""
    if fit.largest is None:
        return NOTHING
    if fit.largest == 0:
        return Text(N_("not one example fits"))
    if fit.largest == MAX_COUNT:
        return Text(N_("batches up to {n:group} fit"), n=fit.largest)
    return Text(N_("the largest batch that fits is {n:group}"), n=fit.largest)


def line(fit: Fit) -> Text:
    """'memory: 241 MB of 80 GB; the largest batch that fits is 1 493 000'; NOTHING where nobody
    asks for it.
    """
    if fit.memory is None:
        return NOTHING
    if not fit.fits:
        return Text("{said:capital}", said=lacking(fit))
    said = N_("memory: {needed:size} of {memory:size}")
    if fit.need.products:
        said = N_("memory: at least {needed:size} of {memory:size}")
    held = Text(said, needed=fit.need.total, memory=fit.memory)
    return joined((held, largest(fit)), "semicolons")


def parts(need: Need) -> Text:
    """'weights 235 MB, activations 6.82 MB'; what is nothing is left out."""
    known = ((said, getattr(need, name)) for name, said in PARTS.items())
    return joined([Text(said, bytes=held) for said, held in known if held], "commas")


def tip(fit: Fit) -> Text:
    """The parts, and how they are counted."""
    counted = N_(
        "All of it in the number format, as learners here keep it; a driver and its libraries take "
        "some more."
    )
    return joined((parts(fit.need), Text(counted)), "lines")
