"""A race said: what its clock counts, who finishes first, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.gemm import Gemm
from mmviz.text import N_, NOTHING, P_, Text
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


# In what the sides differ, and what both share.


def batch(batch: int) -> Text:
    return Text(N_("batch {batch:group}"), batch=batch)


def tile_setting(tile: tuple[int, int] | None) -> Text:
    """'tile 64 × 64'; None: the model chooses it."""
    if tile is None:
        return Text(N_("tile automatic"))
    return Text(N_("tile {tile:shape}"), tile=tile)


def order_setting(order: str) -> Text:
    return Text(N_("order {order}"), order=order)


def mode(*, training: bool) -> Text:
    return Text(N_("training")) if training else Text(N_("inference"))


def layers(count: int) -> Text:
    return Text(P_("{n:group} layer", "{n:group} layers"), n=count)


def width(layer: Text, units: int) -> Text:
    """'fc8 1 024 wide'."""
    return Text(N_("{layer} {units:group} wide"), layer=layer, units=units)


def inputs(count: int) -> Text:
    return Text(P_("{n:group} input", "{n:group} inputs"), n=count)


def widths(network: Text, widths: Sequence[Text]) -> Text:
    """The widths that are others; the network where it is other numbers or functions alone."""
    return Text("{widths:items}", widths=tuple(widths)) if widths else network


def edited(device: Text) -> Text:
    return Text(N_("{device}, edited"), device=device)


def chosen_tile(tile: tuple[int, int], parts: int) -> Text:
    """'tile 64 × 64', with the parts where k is split."""
    if parts == 1:
        return tile_setting(tile)
    said = P_(
        "tile {tile:shape} in {n:group} part along k",
        "tile {tile:shape} in {n:group} parts along k",
    )
    return Text(said, tile=tile, n=parts)


def no_difference() -> Text:
    return Text(N_("set like the other side"))


def on_both(shared: Sequence[Text]) -> Text:
    """'On both sides: …'."""
    return Text(N_("On both sides: {shared:dots}."), shared=tuple(shared)) if shared else NOTHING


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
