"""Which networks can be taught to tell digits."""

from __future__ import annotations

from mmviz.core.learning.digits.made import CLASSES
from mmviz.core.learning.digits.strokes import PIXELS
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.text import N_


def teachable(workload: Workload) -> Network:
    """The network, certain to take pixels and to answer digits; else InputError says why not."""
    network = workload.layered
    if network is None:
        raise InputError(N_("a list of products cannot learn: it has no layers"))
    if network.inputs != PIXELS:
        raise InputError(
            N_("{name} has {n:group} inputs, a drawing has 28 × 28 = 784 pixels"),
            name=network.name,
            n=network.inputs,
        )
    if network.layers[-1].outputs != CLASSES:
        raise InputError(
            N_("{name} has {n:group} outputs, there are 10 digits"),
            name=network.name,
            n=network.layers[-1].outputs,
        )
    return network
