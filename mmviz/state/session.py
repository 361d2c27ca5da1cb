"""Session: everything the user chose, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mmviz.core.device.device import Device, Tile
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import LaunchKind, Pass, Setup
from mmviz.errors import InputError
from mmviz.files.devices import device_ids, read_device
from mmviz.files.networks import NetworkFile
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.learn.drawing import NOTHING_DRAWN, Drawing
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.sweep.choice import SUITED, SweepChoice, following
from mmviz.text import N_, Text

Schedule = Literal["modelled", "recorded"]
LIST = N_("a list of products has no batch, no training and no layers: its rows stay as they are")
MODELLED = "v100"
"""A device whose times are modelled, with their error, in float32, which every computer multiplies
fast, too, so that Run has samples soon."""


@dataclass(frozen=True, slots=True)
class Session:
    """A network or a list of products, how it is run and what of it is looked at.

    Of a list batch is 1 and training False: it has neither, and its rows stay as they are.
    preset: id of the untouched preset, else "". device: a device id. edited: that device with
    figures the user changed, None for as its file has it. tile None: chosen by the model.
    order: id of the order tiles are handed out in, "" for the device's own. sweep: what of it is
    swept. launch_kind: how launches of a GPU follow each other. drawing: the digit that is shown to
    it.

    The rest is only what is looked at and how, and is not undone. product: index in the order of
    `lower`. colour_by: a key of COLOURINGS. turned: drawn as W·X, weights left. schedule: which one
    the picture shows; the recorded one only where a recording of this pass is known.
    """

    network: Workload
    batch: int = 1
    training: bool = False
    dtype: str = DEFAULT
    device: str = THIS_MACHINE
    tile: Tile | None = None
    order: str = ""
    product: int = 0
    preset: str = ""
    about: str | Text = ""
    source: str = ""
    budget_s: float | None = None
    colour_by: str = "wave"
    turned: bool = False
    selection: Selection | None = None
    camera: Camera = WHOLE
    edited: Device | None = None
    sweep: SweepChoice = SUITED
    schedule: Schedule = "modelled"
    launch_kind: LaunchKind = "graph"
    drawing: Drawing = NOTHING_DRAWN

    @property
    def products(self) -> int:
        """How many products one pass has: n forward, 3n - 1 in training; those of a list."""
        return len(self.network.lower(self.batch, self.training))

    @property
    def timed(self) -> Pass:
        """What of it a clock sees."""
        return Pass(self.network, self.batch, self.dtype, self.training)

    @property
    def layered(self) -> Network:
        """The network, of layers that can be changed; raises InputError for a list of products."""
        network = self.network.layered
        if network is None:
            raise InputError(LIST)
        return network


def device_of(session: Session) -> Device:
    """The device the session is modelled on, as edited; raises InputError for an unknown one."""
    return session.edited or read_device(session.device)


def setup_of(session: Session, device: Device) -> Setup:
    """What of the session is priced and timed."""
    return Setup(
        session.network,
        device,
        session.batch,
        session.training,
        session.dtype,
        session.tile,
        session.order or None,
        session.launch_kind,
    )


def open_file(file: NetworkFile, before: Session | None = None) -> Session:
    """The session in which a preset or a file is opened; the mode stays as it was, and the dtype
    where the file asks for none.

    The device is the one the file asks for; else it stays, but for lanes, which are for networks
    that ask for them: after these it is this machine, or one that is modelled, so that there are
    times.
    """
    device = before.device if before is not None else THIS_MACHINE
    if file.device in device_ids():
        device = file.device
    elif _on_demand(device):
        device = with_times()
    session = Session(
        network=file.network,
        batch=file.batch or 1,
        device=device,
        preset=file.id,
        about=file.about,
        source=file.source,
        budget_s=file.budget_s,
        dtype=file.dtype or DEFAULT,
    )
    if before is None:
        return session
    return replace(
        session,
        dtype=file.dtype or before.dtype,
        training=before.training and file.network.has_training,
        colour_by=before.colour_by,
        turned=before.turned,
        schedule=before.schedule,
        launch_kind=before.launch_kind,
        edited=before.edited if session.device == before.device else None,
        sweep=following(before.sweep, before.timed, session.timed),
        drawing=before.drawing,
    )


def with_times() -> str:
    """This machine where it is calibrated, else a device whose times are modelled."""
    try:
        return THIS_MACHINE if read_device(THIS_MACHINE).peaks else MODELLED
    except InputError:  # said where somebody asks for this machine
        return MODELLED


def as_file(session: Session) -> NetworkFile:
    """The session's network as a file to save."""
    return NetworkFile(
        "",
        session.network,
        session.batch,
        str(session.about),
        session.source,
        session.device if _on_demand(session.device) else "",
        session.budget_s,
    )


def _on_demand(device: str) -> bool:
    """Whether it is one of the lanes mmviz ships, which are for networks that ask for them."""
    return device in device_ids() and read_device(device).body.kind == "lanes"
