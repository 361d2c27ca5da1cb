"""Products of a pass, said by name and role."""

from __future__ import annotations

from mmviz.core.shapes.gemm import Gemm, Role
from mmviz.text import N_, Text, own

ROLES: dict[Role, str] = {
    "forward": N_("forward"),
    "dgrad": N_("dgrad"),
    "wgrad": N_("wgrad"),
    "product": N_("product"),
}


def role(role: Role) -> Text:
    """'wgrad'."""
    return Text(ROLES[role])


def titled(gemm: Gemm) -> Text:
    """'fc6'; on the way back 'fc6 · wgrad'."""
    if not gemm.backward:
        return own(gemm.name)
    return Text("{name} · {role}", name=gemm.name, role=role(gemm.role))
