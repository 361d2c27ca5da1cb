"""Session: everything the user chose, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.device import Device, Tile
from mmviz.core.dtype import DEFAULT
from mmviz.core.network import Network
from mmviz.files.devices import device_ids, read_device
from mmviz.files.networks import NetworkFile
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.camera import WHOLE, Camera
from mmviz.state.selection import Selection

COLOURS = ("state", "wave", "unit", "start", "value")


@dataclass(frozen=True, slots=True)
class Session:
    """A network, how it is run and what of it is looked at.

    preset: id of the untouched preset, else "". device: a device id. edited: that device with
    figures the user changed, None for as its file has it. tile None: chosen by the model.
    order: id of the order tiles are handed out in, "" for the device's own.

    The rest is only what is looked at and how, and is not undone. product: index in the order of
    `lower`. colour_by: one of COLOURS. turned: drawn as W·X, weights left.
    """

    network: Network
    batch: int = 1
    training: bool = False
    dtype: str = DEFAULT
    device: str = THIS_MACHINE
    tile: Tile | None = None
    order: str = ""
    product: int = 0
    preset: str = ""
    about: str = ""
    source: str = ""
    budget_s: float | None = None
    colour_by: str = "wave"
    turned: bool = False
    selection: Selection | None = None
    camera: Camera = WHOLE
    edited: Device | None = None

    @property
    def products(self) -> int:
        """How many products one pass has: n forward, 3n - 1 in training."""
        n = len(self.network.layers)
        return 3 * n - 1 if self.training else n


def device_of(session: Session) -> Device:
    """The device the session is modelled on, as edited; raises InputError for an unknown one."""
    return session.edited or read_device(session.device)


def open_file(file: NetworkFile, before: Session | None = None) -> Session:
    """The session in which a preset or a file is opened; dtype and mode stay as they were.

    The device is the one the file asks for; else it stays, but for lanes, which are for networks
    that ask for them.
    """
    device = before.device if before is not None else THIS_MACHINE
    if file.device in device_ids():
        device = file.device
    elif device.startswith("lane"):
        device = THIS_MACHINE
    session = Session(
        network=file.network,
        batch=file.batch or 1,
        device=device,
        preset=file.id,
        about=file.about,
        source=file.source,
        budget_s=file.budget_s,
    )
    if before is None:
        return session
    return replace(
        session,
        dtype=before.dtype,
        training=before.training,
        colour_by=before.colour_by,
        turned=before.turned,
        edited=before.edited if session.device == before.device else None,
    )


def as_file(session: Session) -> NetworkFile:
    """The session's network as a file to save."""
    return NetworkFile(
        "",
        session.network,
        session.batch,
        session.about,
        session.source,
        session.device if session.device.startswith("lane") else "",
        session.budget_s,
    )
