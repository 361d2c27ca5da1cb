"""What the bar at the top and the title of the window show."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.core.shapes.workload import Workload
from mmviz.state.derived import Derived
from mmviz.state.device.views import DeviceView, device_view
from mmviz.state.session import LIST
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined, shipped
from mmviz.words.names import spoken

RUN = N_("Time this network on this computer (Ctrl+R)")
RUN_LIST = N_(
    "Time this list of products on this computer, all in their order; one that comes several times "
    "multiplies the same numbers each time (Ctrl+R)"
)


@dataclass(frozen=True, slots=True)
class TopView:
    """tip: the name and what it is; fixed: why batch and training cannot be chosen, NOTHING where
    they can; run: what Run does.
    """

    name: Text
    tip: Text
    batch: int
    training: bool
    dtype: str
    device: DeviceView
    fixed: Text
    run: Text


def top_view(
    network: Workload,
    about: str | Text,
    batch: int,
    training: bool,
    dtype: str,
    id: str,
    device: Device,
) -> TopView:
    """id: the device's, by which a menu ticks it; device: as it is now."""
    return TopView(
        name=spoken(network.name),
        tip=joined((spoken(network.name), shipped(about)), "lines"),
        batch=batch,
        training=training,
        dtype=dtype,
        device=device_view(id, device),
        fixed=NOTHING if network.has_batch and network.has_training else Text(LIST),
        run=Text(RUN if network.layered is not None else RUN_LIST),
    )


def title_view(name: str) -> Text:
    """The title of the window."""
    return Text("{name} — mmviz", name=spoken(name))


def _top_needs(derived: Derived) -> tuple[object, ...]:
    session = derived.session
    return (
        session.network,
        session.about,
        session.batch,
        session.training,
        session.dtype,
        session.device,
        derived.device,
    )


TOP: Part[TopView] = Part("top", _top_needs, top_view)
TITLE: Part[Text] = Part("title", lambda derived: (derived.session.network.name,), title_view)
