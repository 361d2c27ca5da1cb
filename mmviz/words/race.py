"""A race said: what its clock counts, who finishes first, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.gemm import Gemm
from mmviz.text import N_, P_, Text
from mmviz.words.cost import loss
from mmviz.words.device import name as device_name
from mmviz.words.products import role
from mmviz.words.provenance import label

Name = Literal["left", "right"]
SIDES: tuple[Name, Name] = ("left", "right")
_NAMES: dict[Name, str] = {"left": N_("left"), "right": N_("right")}
SECONDS = Text(N_("seconds"))
LEAST = Text(N_("every unit at its peak; nothing reaches it"))
PREDICTED = Text(N_("predicted without launches"))
SECOND, TERM = Text("s"), Text(N_("term"))
TERMS = P_("{n:count} term", "{n:count} terms")
ELEMENTS = P_("{n:count} element", "{n:count} elements")
CYCLES = P_("{n:count} cycle", "{n:count} cycles")
LANE_STEPS = Text(N_("steps: every lane multiplies and adds once a step"))
SAME_WORK = Text(N_("steps, of the same work on both sides"))
NO_COMMON_TIME = Text(N_("no common time"))


def side(name: Name) -> Text:
    """'left'."""
    return Text(_NAMES[name])


def product(gemm: Gemm) -> Text:
    """'fc6', or 'fc6 wgrad'."""
    said = "{name} {role}" if gemm.backward else "{name}"
    return Text(said, name=gemm.name, role=role(gemm.role))


def caption(network: str, gemm: Gemm, device: Device, tile: tuple[int, int], batch: int) -> Text:
    """Network, product, device, tile and batch in one line."""
    return Text(
        N_("{network}, {product} · {device} · tile {tile:shape} · batch {batch:group}"),
        network=network,
        product=product(gemm),
        device=device_name(device),
        tile=tile,
        batch=batch,
    )


# What a length on the common clock means.


def predicted(left: float | None, right: float | None) -> Text:
    """The errors of both sides, None: not known."""
    said = N_("predicted seconds, left {left:plus_minus}, right {right:plus_minus}")
    return Text(said, left=left, right=right)


def seconds(left: Text, right: Text) -> Text:
    """What the seconds of either side are; a bound is named last."""
    if left == right:
        return Text(N_("seconds, {what}"), what=left)
    said = N_("seconds, {first} {what}, {second} {other}")
    if left == LEAST:
        return Text(said, first=side("right"), what=right, second=side("left"), other=left)
    return Text(said, first=side("left"), what=left, second=side("right"), other=right)


def array_cycles(device: Device) -> Text:
    return Text(N_("cycles of the same array, {device}"), device=device_name(device))


def terms(device: Device) -> Text:
    return Text(
        N_(
            "terms: multiplications and additions each {unit} does one after the other, "
            "as fast on both sides"
        ),
        unit=device.noun.one,
    )


def counted_otherwise(a: Device, counts: Text, b: Device, others: Text) -> Text:
    """Why there is no common time: one counts seconds, the other steps."""
    return Text(
        N_("{a} counts {counts} and {b} {others}, so each runs by share of its own time"),
        a=device_name(a),
        counts=counts,
        b=device_name(b),
        others=others,
    )


def formats_apart(device: Device, dtype: str, other: str) -> Text:
    return Text(
        N_(
            "no figure says how fast {device} is in {dtype} and in {other}, "
            "so each runs by share of its own time"
        ),
        device=device_name(device),
        dtype=dtype,
        other=other,
    )


def steps_apart(a: Device, b: Device) -> Text:
    return Text(
        N_("a step of {a} is not one of {b}, so each runs by share of its own time"),
        a=device_name(a),
        b=device_name(b),
    )


# Who wins, and by what. Causes go on a sentence whose subject is the winner.


def no_race(problems: Sequence[Text | str]) -> Text:
    return Text(N_("No race: {problems:semicolons}."), problems=tuple(problems))


def nobody(about: Text) -> Text:
    return Text(N_("Nobody wins: {about}."), about=about)


def first(name: Name, share: float, cause: Text) -> Text:
    """share: of the other's time; cause NOTHING where none explains it."""
    after = share < 0.995
    if name == "left":
        msgid = (
            N_("Left finishes first, after {share:percent} of right's time")
            if after
            else N_("Left finishes first, by {share:percent} of right's time")
        )
    else:
        msgid = (
            N_("Right finishes first, after {share:percent} of left's time")
            if after
            else N_("Right finishes first, by {share:percent} of left's time")
        )
    said = Text(msgid, share=share if after else 1 - share)
    if not cause:
        return Text("{said}.", said=said)
    return Text(N_("{said}, mostly because {cause}."), said=said, cause=cause)


def less_work(share: float) -> Text:
    return Text(N_("it has {share:percent} less to compute"), share=share)


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


def saved(part: str, ours: float, other: Name, theirs: float) -> Text:
    """part: "peak" or the id of a loss; what it costs either, in seconds."""
    if part == "peak":
        said = N_("the arithmetic takes it {ours:seconds}, {other} {theirs:seconds}")
        return Text(said, ours=ours, other=side(other), theirs=theirs)
    return Text(
        N_("{loss} costs it {ours:seconds}, {other} {theirs:seconds}"),
        loss=loss(part),
        ours=ours,
        other=side(other),
        theirs=theirs,
    )


def together(time: Text) -> Text:
    return Text(N_("Both finish together, after {time}."), time=time)


def together_in_another_order(time: Text, loads: tuple[int | None, int | None]) -> Text:
    """loads: of elements of either side, None: not counted."""
    if loads[0] == loads[1]:
        said = N_(
            "Both finish together, after {time}: only which tile comes when differs, and what a "
            "shared cache saves by it is not modelled."
        )
        return Text(said, time=time)
    left, right = (None if n is None else Text(ELEMENTS, n=n) for n in loads)
    return Text(
        N_(
            "Both finish together, after {time}: only which tile comes when differs; loads are "
            "not in the time: left {left}, right {right}."
        ),
        time=time,
        left=left,
        right=right,
    )


def together_with_more_work(time: Text, name: Name, share: float) -> Text:
    msgid = (
        N_("Both finish together, after {time}, and left does {share:percent} more FLOP in it.")
        if name == "left"
        else N_(
            "Both finish together, after {time}, and right does {share:percent} more FLOP in it."
        )
    )
    return Text(msgid, time=time, share=share)


def together_but_busier(time: Text, a: Device, left: float, b: Device, right: float) -> Text:
    """left, right: shares of the time the units of either device are busy."""
    return Text(
        N_(
            "Both finish together, after {time}; left's {units} are busy {left:percent} of it, "
            "right's {others} {right:percent}."
        ),
        time=time,
        units=a.noun.many,
        left=left,
        others=b.noun.many,
        right=right,
    )


# Under the pictures, and on the clock.


def about(common: Text, left: Provenance, right: Provenance, launched: bool | None) -> Text:
    """common: what the clock counts, NOTHING where there is no common one; launched: whether the
    launches between products are counted, None for one product.
    """
    clock = Text(N_("Common time: {about}."), about=common)
    parts: tuple[Text, ...] = (
        clock if common else Text(N_("No common time.")),
        Text(N_("Times are {kind}."), kind=kinds(left, right)),
    )
    if launched is not None:
        counted = Text(N_("Launches between products are counted."))
        left_out = Text(N_("Launches between products are left out."))
        parts = (*parts, counted if launched else left_out)
    return Text("{parts:words}", parts=parts)


def kinds(left: Provenance, right: Provenance) -> Text:
    """'modelled'; 'recorded / modelled' where the sides differ."""
    if left.kind == right.kind:
        return label(left)
    return Text("{left} / {right}", left=label(left), right=label(right))


def rate(rate: float, clock: Text) -> Text:
    """'12.3 GFLOP/s', or FLOP a step, a cycle, a term where no seconds are known."""
    return Text("{rate:flop}/{clock}", rate=rate, clock=clock)


def of_each(share: float) -> Text:
    """'50.0 % of each'."""
    return Text(N_("{share:percent} of each"), share=share)


def finished(time: Text) -> Text:
    return Text(N_("finished after {time}"), time=time)


def finishes(name: Name, time: Text) -> Text:
    left, right = N_("left finishes after {time}"), N_("right finishes after {time}")
    return Text(left if name == "left" else right, time=time)


def both_finish(time: Text) -> Text:
    return Text(N_("both finish after {time}"), time=time)


def apart(left: Text, right: Text) -> Text:
    said = N_("left after {left}, right after {right}: {no}")
    return Text(said, left=left, right=right, no=NO_COMMON_TIME)
