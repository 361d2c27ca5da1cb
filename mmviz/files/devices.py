"""Devices by id: those mmviz ships in assets/devices, this machine, and the user's own.

A user's own lie in their data folder (`own_folder`), each by the name of its file without `.toml`;
any other file is named by its path.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path

from mmviz.core.device.device import Device
from mmviz.errors import InputError, reason_of
from mmviz.files import atomic, folders, toml
from mmviz.files.assets import asset
from mmviz.files.device_file import MAX_NAME, parse
from mmviz.files.device_writer import write_device
from mmviz.files.this_machine import THIS_MACHINE, this_machine
from mmviz.text import N_, Text

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("This machine"), (THIS_MACHINE,)),
    (
        N_("GPUs"),
        (
            *("p100", "v100", "t4", "a100", "a100-40", "l4", "l40s"),
            *("h100", "h200", "b200", "b300", "rtx-a6000", "rtx-pro-6000"),
            *("rtx3060", "rtx3090", "rtx4060", "rtx4070", "rtx4090", "rtx5080", "rtx5090"),
            *("mi300x", "rx7900xtx", "arc-b60", "m2-max", "m4-max"),
        ),
    ),
    (N_("TPUs"), ("tpu-v1", "tpu-v2", "tpu-v3", "tpu-v4", "tpu-v5e")),
    (N_("Teaching devices"), ("lane-1", "lanes-16", "lanes-1000", "sm-4", "systolic-8")),
)
_SHIPPED = tuple(device for _, ids in GROUPS[1:] for device in ids)
MOST_OWN = 200  # files looked at in the user's folder


@dataclass(frozen=True, slots=True)
class Own:
    """The user's own devices, and a sentence about each file that is none."""

    devices: tuple[Device, ...]
    problems: tuple[Text, ...]


def device_ids() -> tuple[str, ...]:
    """Ids of all devices mmviz ships, this machine first."""
    return (THIS_MACHINE, *_SHIPPED)


def read_device(device: str) -> Device:
    """The device of that id or in the file of that path; raises InputError for an unknown one."""
    if device == THIS_MACHINE:
        return this_machine()
    if device in _SHIPPED:
        return _shipped(device)
    if is_path(device):
        path = _absolute(device)
        return _read(path, path)
    file = own_file(device) if _is_name(device) else None
    if file is not None and os.path.lexists(file):
        return _read(str(file), device)
    raise InputError(
        N_("unknown device {device!r:.60}; known are {known}, your own, or a file ending in .toml"),
        device=device,
        known=", ".join(device_ids()),
    )


def parse_device(data: bytes, id: str, where: str) -> Device:
    """The device in the bytes of a device file; raises InputError, beginning `where:`."""
    return parse(data, id, where, _base)


def is_path(device: str) -> bool:
    """Whether this is meant as a file: it ends in .toml or names a folder."""
    return device.endswith(".toml") or "/" in device or os.sep in device


def known_as(device: Device) -> str:
    """The id by which others may know it: of a file its name, since the folder is nobody's."""
    return os.path.basename(device.id) if is_path(device.id) else device.id


def own_folder() -> Path:
    """Where the user's own devices are, whether it is there or not."""
    return folders.data() / "devices"


def own_file(name: str) -> Path:
    """The file of the user's own device of that id."""
    return own_folder() / f"{name}.toml"


def read_own() -> Own:
    """The user's own devices by name; a bad file becomes a sentence and harms no other."""
    try:
        files = sorted(own_folder().glob("*.toml"))
    except OSError as error:
        path, reason = str(own_folder()), reason_of(error)
        return Own((), (Text(N_("cannot read {path}: {reason}"), path=path, reason=reason),))
    devices, problems = [], []
    for file in files[:MOST_OWN]:
        try:
            if not _is_name(file.stem):
                raise InputError(
                    N_(
                        "{path}: give the file another name, of letters, digits, spaces, dots, "
                        "- or _, that no device of mmviz has"
                    ),
                    path=str(file),
                )
            devices.append(_read(str(file), file.stem))
        except InputError as error:
            problems.append(error.cause)
    if len(files) > MOST_OWN:
        said = N_("{path}: only the first {most} files are looked at")
        problems.append(Text(said, path=str(own_folder()), most=MOST_OWN))
    return Own(tuple(devices), tuple(problems))


def grouped() -> tuple[tuple[str, tuple[Device, ...]], ...]:
    """Every device there is to choose, by the menu's headings (msgids); the user's own last."""
    groups = [(title, tuple(map(read_device, ids))) for title, ids in GROUPS]
    own = read_own().devices
    return (*groups, (N_("Own"), own)) if own else tuple(groups)


def save_as(device: Device, path: str | os.PathLike[str]) -> str:
    """Write `device` to a file of the user's; the id by which `read_device` finds it again.

    Raises InputError where that cannot be, and for a name in the user's folder that is none.
    """
    file = Path(_absolute(path))
    if file.suffix != ".toml":
        raise InputError(N_("a device is written as .toml, not {name!r:.80}"), name=file.name)
    own = file.parent == own_folder()
    if own and not _is_name(file.stem):
        raise InputError(
            N_(
                "an own device needs a name of 1 to {most} letters, digits, spaces, dots, - or _ "
                "that mmviz does not use itself, not {name!r:.60}"
            ),
            most=MAX_NAME,
            name=file.stem,
        )
    if own:
        make_own_folder()
    write_device(device, file)
    return file.stem if own else str(file)


def make_own_folder() -> Path:
    """The folder of the user's own devices, made where it was not; raises InputError."""
    return atomic.make_folder(own_folder())


def _absolute(path: str | os.PathLike[str]) -> str:
    """The whole path; as it is where the working directory is gone, which its use will tell."""
    try:
        return os.path.abspath(path)
    except OSError:
        return os.fspath(path)


def _is_name(name: str) -> bool:
    plain = all(sign.isalnum() or sign in "-_. " for sign in name)
    return plain and 0 < len(name) <= MAX_NAME and name[0].isalnum() and name not in device_ids()


@functools.cache
def _shipped(device: str, lent: bool = True) -> Device:
    path = asset("devices", f"{device}.toml")
    return parse(toml.read_bounded(path), device, str(path), _base, lent=lent)


def _base(device: str, lent: bool = True) -> Device:
    """What a file may be like: a device mmviz ships."""
    if device not in _SHIPPED:
        raise InputError(
            N_("like: unknown device {device!r:.60}; known are {known}"),
            device=device,
            known=", ".join(_SHIPPED),
        )
    return _shipped(device, lent)


def _read(path: str, id: str) -> Device:
    """A user's file, parsed again only after it changed."""
    return _parsed(toml.read_bounded(path), id, path)


@functools.lru_cache(maxsize=2 * MOST_OWN)
def _parsed(data: bytes, id: str, path: str) -> Device:
    return parse(data, id, path, _base)
