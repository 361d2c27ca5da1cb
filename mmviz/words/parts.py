"""The parts of a pass in words: what each one is, how long it takes, what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mmviz.backends.base import What
from mmviz.text import N_, NOTHING, Text, joined

Kind = What | Literal["pass", "else"]
"""pass: the whole of it, beside its copies; else: what is left of it without its parts."""

KINDS: dict[Kind, str] = {
    "launch": N_("launch"),
    "forward": N_("forward"),
    "product": N_("product"),
    "dgrad": N_("dgrad"),
    "wgrad": N_("wgrad"),
    "rest": N_("all else of a layer"),
    "upload": N_("copy in"),
    "pass": N_("pass"),
    "download": N_("copy out"),
    "else": N_("not told apart"),
}
"""In the order in which they are drawn."""

_MEANING: dict[Kind, str] = {
    "launch": N_("a submission of nothing: what every pass costs before it computes"),
    "forward": N_("X·W of the layer"),
    "product": N_("a product of the list, as often as it is computed"),
    "dgrad": N_("the gradient for the layer before"),
    "wgrad": N_("the gradient of the weights"),
    "rest": N_("bias, activation, sums and update"),
    "upload": N_("the input, from the host's memory to the device"),
    "pass": N_("all computing, without copies"),
    "download": N_("the output, from the device to the host's memory"),
    "else": N_("what a whole pass takes beyond its parts"),
}


def kind(what: Kind) -> Text:
    """'copy in'."""
    return Text(KINDS[what])


def meaning(what: Kind) -> Text:
    """What is done in it, in a few words."""
    return Text(_MEANING[what])


def label(what: Kind, layer: Text) -> Text:
    """What stands in a piece of a bar: 'fc6', 'fc6 · wgrad', 'launch'."""
    if what in ("forward", "product"):
        return layer
    if what in ("dgrad", "wgrad", "rest"):
        said = kind(what) if what != "rest" else Text(N_("else"))
        return joined((layer, said))
    return kind(what)


def told(what: Kind, layer: Text, seconds: float, share: float, error: float | None) -> Text:
    """'fc6 · wgrad: 155 µs, 4.9 % of a pass'."""
    off = Text(N_("± {error:percent2}"), error=error) if error else NOTHING
    took = joined((Text("{seconds:seconds}", seconds=seconds), off), "words")
    values = {"what": label(what, layer), "took": took, "share": share}
    return Text(N_("{what}: {took}, {share:percent} of a pass"), **values)


def beside(name: Text, launch: float, there: float, back: float) -> Text:
    """'wgpu: a launch 150 µs, copies in 122 µs and out 142 µs'; NOTHING where there is neither."""
    told = (
        Text(N_("a launch {launch:seconds}"), launch=launch) if launch else NOTHING,
        Text(N_("copies in {there:seconds} and out {back:seconds}"), there=there, back=back)
        if there or back
        else NOTHING,
    )
    said = joined(told, "commas")
    return Text("{name}: {said}", name=name, said=said) if said else NOTHING


def sum_told(longer: Sequence[tuple[Text, float]]) -> Text:
    """That parts take longer one by one, and how many times: each waits for the device, which a
    pass does once.
    """
    told = tuple(Text("{name} {times:sig} ×", name=name, times=times) for name, times in longer)
    said = N_(
        "one by one the parts take longer than a pass, which waits for its end but once: "
        "{told:commas}"
    )
    return Text(said, told=told)
