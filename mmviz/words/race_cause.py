"""By what a side of a race is faster, said in clauses whose subject is that side."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.core.device.device import Device
from mmviz.text import N_, P_, Text, joined
from mmviz.words.cost import loss
from mmviz.words.race import Name, side


def less_work(share: float) -> Text:
    return Text(N_("it has {share:percent} less to compute"), share=share)


def fewer_products(count: int, other: Name, theirs: int) -> Text:
    said = P_(
        "it has {n:group} product to compute, {other} {theirs:group}",
        "it has {n:group} products to compute, {other} {theirs:group}",
    )
    return Text(said, n=count, other=side(other), theirs=theirs)


def more_units(device: Device, other: Name, theirs: int) -> Text:
    said = N_("it has {units}, {other} {theirs:group}")
    return Text(said, units=device.counts(device.units), other=side(other), theirs=theirs)


def faster(peak: float, other: Name, theirs: float) -> Text:
    said = N_("its peak is {peak:rate}, {other}'s {theirs:rate}")
    return Text(said, peak=peak, other=side(other), theirs=theirs)


def fewer_past_the_edge(share: float, other: Name, theirs: float) -> Text:
    said = N_("{share:percent} of the cells it computes are wanted, of {other}'s {theirs:percent}")
    return Text(said, share=share, other=side(other), theirs=theirs)


def busier(device: Device, share: float, other: Name, theirs: float) -> Text:
    return Text(
        N_("its {units} are busy {share:percent} of its time, {other}'s {theirs:percent}"),
        units=device.noun.many,
        share=share,
        other=side(other),
        theirs=theirs,
    )


# Parts of a predicted time.


def weights_shared() -> Text:
    return Text(N_("its weights are read once for more examples"))


def launch_shared() -> Text:
    return Text(N_("a launch serves more of its examples"))


def faster_memory(rate: float, other: Name, theirs: float) -> Text:
    """Bytes a second."""
    said = N_("its memory moves {rate:size}/s, {other}'s {theirs:size}/s")
    return Text(said, rate=rate, other=side(other), theirs=theirs)


def fewer_bytes(dtype: str, other: Name, theirs: str) -> Text:
    said = N_("memory moves fewer bytes of {dtype} than of {other}'s {theirs}")
    return Text(said, dtype=dtype, other=side(other), theirs=theirs)


def less_moved(share: float) -> Text:
    return Text(N_("it moves {share:percent} fewer bytes"), share=share)


def less_waiting() -> Text:
    return Text(N_("it waits less for memory"))


def less_launching() -> Text:
    return Text(N_("its launches take less time"))


def timed_quicker() -> Text:
    return Text(N_("products like its own were timed quicker beyond all causes"))


def less_lost(parts: Sequence[str]) -> Text:
    """parts: ids of one loss or of two."""
    if len(parts) == 1:
        return Text(N_("less is lost to {loss}"), loss=loss(parts[0]))
    said = N_("less is lost to {loss} and {other}")
    return Text(said, loss=loss(parts[0]), other=loss(parts[1]))


def of_all(cause: Text, share: float) -> Text:
    """'it waits less for memory (84 % of the difference)'."""
    said = N_("{cause} ({share:percent2} of the difference)")
    return Text(said, cause=cause, share=share)


def both(causes: Sequence[Text]) -> Text:
    """One cause, or two of them."""
    if len(causes) == 1:
        return causes[0]
    one, other = causes
    return Text(N_("{one} and {other}"), one=one, other=other)


def though(causes: Text, part: str) -> Text:
    """part: 'peak', 'products' or the id of the loss which takes some of that away again."""
    if part == "peak":
        but = Text(N_("though its arithmetic takes longer"))
    elif part == "products":
        but = Text(N_("though it has more products to compute"))
    elif part == "memory":
        but = Text(N_("though it waits longer for memory"))
    else:
        but = Text(N_("though more is lost to {loss}"), loss=loss(part))
    return joined((causes, but), "commas")
