"""Products of a pass, said by name and role."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.core.provenance import MODELLED, Provenance
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm, Role
from mmviz.core.shapes.network import Dense
from mmviz.text import N_, Text
from mmviz.words.names import spoken

ROLES: dict[Role, str] = {
    "forward": N_("forward"),
    "dgrad": N_("dgrad"),
    "wgrad": N_("wgrad"),
    "product": N_("product"),
}


def role(role: Role) -> Text:
    """'wgrad'."""
    return Text(ROLES[role])


def layer_name(layers: Sequence[Dense], index: int) -> Text:
    """'fc6'; of a layer without a name 'layer 1'."""
    name = layers[index].name
    return spoken(name) if name else Text(N_("layer {number}"), number=index + 1)


def titled(name: str, role: Role) -> Text:
    """'fc6'; on the way back 'fc6 · wgrad'."""
    if role in ("forward", "product"):
        return spoken(name)
    return Text("{name} · {role}", name=spoken(name), role=Text(ROLES[role]))


def called(gemm: Gemm) -> Text:
    """'fc6'; on the way back 'wgrad of fc6'."""
    if not gemm.backward:
        return spoken(gemm.name)
    return Text(N_("{role} of {name}"), role=role(gemm.role), name=spoken(gemm.name))


def listed_name(gemm: Gemm) -> str:
    """'expert 0'; of a launch of several 'gate and up: expert 0'."""
    return f"{gemm.group}: {gemm.name}" if gemm.group else gemm.name


def shape(gemm: Gemm) -> Text:
    """'128 × 1 000 × 4 096', the sides m, n and k; of a stack '12 of 1 024 × 1 024 × 64'."""
    return shape_text((gemm.m, gemm.n, gemm.k), gemm.stack)


def shape_text(sides: tuple[int, ...], stack: int) -> Text:
    """The same of these sides, of a product or of a matrix of it."""
    one = Text("{shape:shape}", shape=sides)
    return one if stack == 1 else Text(N_("{n:group} of {shape}"), n=stack, shape=one)


def scheduled(trace: Trace | None) -> Provenance:
    """What a schedule rests on, also one too long to be shown."""
    return MODELLED if trace is None else trace.provenance
