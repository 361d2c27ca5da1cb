"""On which machine a recording was made, beside the device whose model it stands in for."""

from __future__ import annotations

from mmviz.core.device.device import Device
from mmviz.core.recording.foreign import FORMATS
from mmviz.core.recording.recording import Recording
from mmviz.core.schedule.tiling import Tiling
from mmviz.files.this_machine import THIS_MACHINE, processor
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import device as device_words


def ran_on(recording: Recording, device: Device) -> Text:
    """'recorded on AMD EPYC'; of another machine than the device also 'not on A100'."""
    machine, by = recording.machine, FORMATS.get(recording.by, "")
    if not machine:
        told = Text(N_("recorded by {tool}"), tool=own(by)) if by else NOTHING
        return told or Text(N_("recorded on a machine that its file does not name"))
    if is_on(recording, device):
        return Text(N_("recorded on {machine}"), machine=own(machine))
    said = N_("recorded on {machine}, not on {device}")
    return Text(said, machine=own(machine), device=device_words.name(device))


def is_on(recording: Recording, device: Device) -> bool:
    """Whether it ran on this very device, as far as their names tell."""
    machine = recording.machine.casefold()
    if device.id == THIS_MACHINE:
        return machine == processor().casefold()
    return bool(machine) and device.name.casefold() in machine


def told(recording: Recording, device: Device, ran: Tiling, modelled: Tiling) -> Text:
    """The same, and that the model cuts otherwise, where it does."""
    other = NOTHING
    if ran.tile != modelled.tile:
        other = Text(N_("modelled in tiles of {sides:shape}"), sides=modelled.tile)
    return joined((ran_on(recording, device), other), "commas")
