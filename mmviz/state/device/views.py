"""What the device editor and a button that shows a device say."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.core.device.figures import figure_of, unit_of, value_of
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.state.derived import Derived
from mmviz.state.device.edit import EDITABLE, short_name
from mmviz.state.snapshot import Part
from mmviz.text import N_, Text, shipped
from mmviz.words import device as words
from mmviz.words.names import spoken

VENDORS = ("NVIDIA ", "AMD ", "Intel ", "Apple ")  # the first to go where there is no room
FOREIGN = N_(
    "Times on this device use constants that were fitted before it was changed: "
    "their error is not known."
)
AT_ONCE = N_("Every change is seen at once in the window; Ctrl+Z takes it back.")


@dataclass(frozen=True, slots=True)
class DeviceView:
    """names: the longest first, of which a button shows the one there is room for."""

    id: str
    names: tuple[Text, ...]
    tip: Text


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the editor. value None: not known. whole: only whole numbers make sense.

    note: status of the figure, or that it was changed and from what, None: not known; tip: where it
    comes from.
    """

    name: str
    label: Text
    value: float | None
    unit: str
    whole: bool
    note: Text | None
    tip: Text
    changed: bool


@dataclass(frozen=True, slots=True)
class EditorView:
    """edited: whether there is anything to take back."""

    name: str
    about: Text
    rows: tuple[FigureRow, ...]
    note: Text
    edited: bool


def device_view(id: str, device: Device) -> DeviceView:
    """The device of that id, as it is now."""
    bare, short = device.name, short_name(device)
    for vendor in VENDORS:
        bare, short = bare.removeprefix(vendor), short.removeprefix(vendor)
    shorter = (name for name in dict.fromkeys((bare, short)) if name != device.name)
    return DeviceView(id, (words.name(device), *map(spoken, shorter)), words.about(device))


def editor_view(base: Device, now: Device, edited: bool) -> EditorView:
    """base: the device as its file has it; edited: whether `now` is another one."""
    about = Text(N_("Its file: {about}") if edited else "{about}", about=shipped(now.about))
    note = Text(FOREIGN if any(found.changed for found in now.calibrations) else AT_ONCE)
    rows = tuple(_row(base, now, name) for name in EDITABLE)
    return EditorView(now.name, about, rows, note, edited)


def _row(base: Device, now: Device, name: str) -> FigureRow:
    figure, file = figure_of(now, name), figure_of(base, name)
    changed = value_of(now, name) != value_of(base, name)
    return FigureRow(
        name,
        words.figure_name(now, name),
        None if figure is None else figure.value,
        unit_of(now, name),
        name == "units",
        words.changed(file) if changed else words.status(figure),
        words.figure_source(file if changed else figure),
        changed,
    )


def _base(derived: Derived) -> Device:
    """The device as its file has it; as it is now where the file has gone meanwhile."""
    session = derived.session
    if session.edited is None:
        return derived.device
    try:
        return derived.facts.devices.get(session.device) or read_device(session.device)
    except InputError:
        return derived.device


EDITOR: Part[EditorView] = Part(
    "device_editor",
    lambda derived: (_base(derived), derived.device, derived.session.edited is not None),
    editor_view,
)
