"""Editing the figures of a device and watching what follows: pure functions on Sessions.

An edited device is always its file's with the changes laid over it, so that a figure set back to
what the file says is the file's again, with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mmviz.core.device.device import Device, Figure
from mmviz.core.device.figures import (
    peak_name,
    unit_of,
    value_of,
    with_figures,
    without_figure,
)
from mmviz.core.shapes.dtype import BYTES
from mmviz.errors import InputError
from mmviz.files.device_file import MAX_NAME, device_name
from mmviz.files.devices import read_device
from mmviz.state.picture.camera import WHOLE
from mmviz.state.session import Session, device_of

CHANGED = " (changed)"  # ends the name of an edited device, as its file will have it
BY_YOU = "changed by you"  # the source of a figure, as its file will have it
EDITABLE = (
    "units",
    *(peak_name(dtype) for dtype in BYTES),
    "bandwidth",
    "L2",
    "launch",
    "memory",
    "power limit",
    "price per hour",
)


@dataclass(frozen=True, slots=True)
class Edits:
    """What of a device was changed: its name, "" for the file's, and figures by name, as published;
    None: not known.
    """

    name: str = ""
    figures: Mapping[str, float | None] = field(default_factory=dict)


def set_figure(session: Session, name: str, value: float | None) -> Session:
    """Another value for a figure, as published (GB/s, TFLOP/s, …); None: not known.

    Raises InputError for a value no device can have.
    """
    base, now = _file_of(session), device_of(session)
    changes = {**_changes(base, now), name: value}
    return _edited(session, base, replace(_laid_over(base, changes), name=_bare_name(base, now)))


def rename(session: Session, name: str) -> Session:
    """Another name for the device; raises InputError for one that is none."""
    base, now = _file_of(session), device_of(session)
    return _edited(session, base, replace(now, name=device_name(name)))


def back_to_file(session: Session) -> Session:
    """Drop every change of the device."""
    return session if session.edited is None else _afresh(replace(session, edited=None))


def edits_of(session: Session) -> Edits | None:
    """What was changed of its device's file; None where that is not all there is to it."""
    if session.edited is None:
        return Edits()
    try:
        base = read_device(session.device)
    except InputError:  # its file is gone
        return None
    edits = Edits(_bare_name(base, session.edited), _changes(base, session.edited))
    return edits if _edited(session, base, _with(base, edits)).edited == session.edited else None


def edited_by(session: Session, edits: Edits) -> Session:
    """The session with these changes of its device's file; raises InputError as `set_figure`."""
    base = read_device(session.device)
    return _edited(session, base, _with(base, edits))


def saved_as(session: Session, device: str) -> Session:
    """The same device, which now has a file of its own."""
    return replace(session, device=device, edited=None)


def own_name(device: Device) -> str:
    """A name for the file of an own device: 'nvidia-a100-sxm4-80-gb-changed'."""
    words = "".join(sign if sign.isalnum() else " " for sign in device.name.lower()).split()
    return "-".join(words)[:MAX_NAME].rstrip("-") or "device"


def short_name(device: Device) -> str:
    """The name, where there is no room with an asterisk for what says that it was changed."""
    bare = device.name.removesuffix(CHANGED)
    return device.name if bare == device.name else f"{bare}*"


def _with(base: Device, edits: Edits) -> Device:
    return replace(_laid_over(base, edits.figures), name=device_name(edits.name or base.name))


def _laid_over(base: Device, changes: Mapping[str, float | None]) -> Device:
    """The device with these figures instead of its own, whatever the order they were given in."""
    device = base
    for changed in sorted(changes, key=EDITABLE.index):
        wanted = changes[changed]
        if wanted == value_of(base, changed):
            continue
        if wanted is None:
            device = without_figure(device, changed)
        else:
            unit = unit_of(base, changed)
            device = with_figures(device, [Figure(changed, wanted, unit, "assumed", BY_YOU)])
    return device


def _file_of(session: Session) -> Device:
    """The device as its file has it; as it is now where the file has gone meanwhile."""
    try:
        return read_device(session.device)
    except InputError:
        return device_of(session)


def _changes(base: Device, now: Device) -> dict[str, float | None]:
    """What was changed, by the figure's name."""
    values = {name: value_of(now, name) for name in EDITABLE}
    return {name: value for name, value in values.items() if value != value_of(base, name)}


def _changed_name(base: Device) -> str:
    """'NVIDIA A100 (changed)', no longer than a name may be."""
    return base.name[: MAX_NAME - len(CHANGED)] + CHANGED


def _bare_name(base: Device, now: Device) -> str:
    """The name the user gave; the file's where none was given."""
    return base.name if now.name == _changed_name(base) else now.name


def _edited(session: Session, base: Device, device: Device) -> Session:
    if device == base:
        return back_to_file(session)
    if device.name == base.name:
        device = replace(device, name=_changed_name(base))
    return _afresh(replace(session, edited=device))


def _afresh(session: Session) -> Session:
    """Nothing selected and all in view: what was looked at may be gone."""
    return replace(session, selection=None, camera=WHOLE)
