"""What is said of a device: its figures, its changes, its calibration."""

from __future__ import annotations

from mmviz.core.device.device import Calibration, Device, Figure, Status
from mmviz.core.device.figures import PEAK
from mmviz.core.shapes.dtype import MATRIX_DTYPES
from mmviz.files.this_machine import NAME, THIS_MACHINE
from mmviz.text import N_, NOTHING, Text, joined, shipped
from mmviz.words.names import spoken

STATUSES: dict[Status, str] = {
    "datasheet": N_("datasheet"),
    "measured": N_("measured"),
    "derived": N_("derived"),
    "assumed": N_("assumed"),
    "listed": N_("list price"),
}
FIGURES = {
    "bandwidth": N_("bandwidth"),
    "L2": N_("L2"),
    "launch": N_("launch"),
    "memory": N_("memory"),
    "power limit": N_("power limit"),
    "price per hour": N_("price per hour"),
}
NOT_CALIBRATED = N_("not calibrated")
DENSE = N_("dense: for matrices of which half is zero (sparse) datasheets name up to twice as much")


def name(device: Device) -> Text:
    """What it is called: as its file says, but this machine, which is no file's."""
    return Text(NAME) if (device.id, device.name) == (THIS_MACHINE, NAME) else spoken(device.name)


def about(device: Device, *, named: bool = True) -> Text:
    """What it is and where that comes from, a line each; first its name."""
    lines = (shipped(device.about), device.source)
    return Text("{lines:lines}", lines=(name(device), *lines) if named else lines)


def figure_name(device: Device, name: str) -> Text:
    """'SMs', 'peak float16', 'bandwidth'."""
    if name == "units":
        return device.noun.many
    if name.startswith(PEAK):
        return Text(N_("peak {dtype}"), dtype=name.removeprefix(PEAK))
    return Text(FIGURES[name])


def figure_source(figure: Figure | None) -> Text:
    """'datasheet: NVIDIA A100 …'; NOTHING where no source is known. Of a peak of matrix units also
    that it is the dense one.
    """
    if figure is None or not figure.source:
        return NOTHING
    said = Text("{status}: {source}", status=status(figure), source=figure.source)
    if figure.name.removeprefix(PEAK) in MATRIX_DTYPES:
        return joined((said, Text(DENSE)), "lines")
    return said


def status(figure: Figure | None) -> Text | None:
    """'datasheet'; None where the figure is not known."""
    return None if figure is None else Text(STATUSES[figure.status])


def changed(file: Figure | None) -> Text:
    """What the file says of a figure somebody changed."""
    said = None if file is None else (file.value, file.unit)
    return Text(N_("changed by you; file: {figure:figure}"), figure=said)


def with_remedy(why: Text, device: Device) -> Text:
    """Why something is not known, with the command that brings it; in a window a button does."""
    return joined((why, device.remedy if device.missing else NOTHING), "semicolons")


def not_calibrated(why: Text) -> Text:
    """Why there is no calibration, as a sentence; without a reason it is just not there."""
    return Text("{why:capital}.", why=why or Text(NOT_CALIBRATED))


def calibrated(dtype: str, found: Calibration | None, *, known: bool) -> Text:
    """known: whether there is a peak in the dtype; found: what predictions in it rest on."""
    if not known:
        return Text(N_("Calibrated, but not in {dtype}."), dtype=dtype)
    if found is None:
        little = N_("Calibrated, but too little of it was undisturbed to predict in {dtype}.")
        return Text(little, dtype=dtype)
    if found.error is None:
        return Text(N_("Calibrated; how far predictions are off is not known."))
    off = N_("Calibrated; {error:percent} off on {held_out} shapes kept out.")
    return Text(off, error=found.error, held_out=found.held_out)
