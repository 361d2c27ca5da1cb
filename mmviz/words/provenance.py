"""What a number rests on, said: the only place that names the kinds."""

from __future__ import annotations

from mmviz.core.provenance import Kind, Provenance
from mmviz.text import N_, Text, joined

KINDS: dict[Kind, str] = {
    "computed": N_("computed"),
    "modelled": N_("modelled"),
    "measured": N_("measured"),
    "recorded": N_("recorded"),
    "estimated": N_("estimated"),
}

SHORT: dict[Kind, str] = {"estimated": N_("est.")}


def label(provenance: Provenance) -> Text:
    """'modelled'."""
    return Text(KINDS[provenance.kind])


def short_label(provenance: Provenance) -> Text:
    """'est.', where there is room for no more; NOTHING for what needs no warning."""
    return Text(SHORT.get(provenance.kind, ""))


def label_with_basis(provenance: Provenance) -> Text:
    """'modelled, calibrated on 500 measured products'; the kind alone where it says all."""
    if not provenance.basis:
        return label(provenance)
    return Text(N_("{kind}, {basis}"), kind=label(provenance), basis=provenance.basis)


def told_basis(provenance: Provenance, error: float | None) -> Text:
    """What a time rests on, and what its error leaves out; where there are errors, but none of it,
    why.
    """
    beyond = provenance.beyond
    if beyond and error is None:
        beyond = Text(
            N_(
                "no error is stated of a group, of a tile that timings do not tell from others, "
                "nor far from the sides that were timed"
            ),
        )
    return joined((provenance.basis, beyond), "semicolons")
