"""The user's settings in TOML, in the folder the system has for it.

version = 1
window = "4711-0123abcd"     # which one wrote the session
theme = "system"             # or "dark", "light"
language = "auto"            # as the system says, or the id of a catalogue: "en", "zh_CN"
large_type = false
lessons_folders = []         # of lessons, beside those that come with mmviz
reduced_motion = false       # optional: without it, as the system says
speed = 1.0
workspace = "picture"
geometry = "…"               # of the window, as it wrote it

[layouts]                    # of the panels, by workspace, as the window wrote them
picture = "…"

[lesson]                     # how a network was last taught
epochs = 10

[session]                    # the last one
touched = true               # it was edited since it was opened
preset = "alexnet"
batch = 128

[session.sweep]              # optional: what is swept, over which range, how it is drawn
axis = "batch"               # or "width", "both"

[session.drawing]            # optional: the digit that was drawn or picked
label = 3

[session.network]            # as in a network file, where it is no preset; of a list: list = "…"
inputs = 4
"""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from mmviz.errors import InputError
from mmviz.files import atomic, folders, network_writer, networks, packed, toml
from mmviz.files.networks import NetworkFile
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, Text

VERSION = 1
MAX_PLAIN = 4_000_000  # bytes beside what is packed
MAX_BYTES = networks.MAX_NETWORK + MAX_PLAIN  # whatever is edited fits
MAX_HEAD = 65_536  # bytes in which the language is looked for
_BEFORE_TABLES = re.compile(r"^\[", re.MULTILINE)
_CHOSEN = re.compile(r'^language = "([\w-]{1,40})"\r?$', re.MULTILINE)
MOST_ASIDE = 9  # files that were not understood; then the oldest makes room
ThemeChoice = Literal["system", "dark", "light"]


class StoredSweep(msgspec.Struct):
    """What is swept; names are those of the session's choice."""

    axis: str = "batch"
    layer: int = 0
    batches: tuple[int, int] = (0, 0)
    widths: tuple[int, int] = (0, 0)
    value: str = "pass"
    log_x: bool | None = None
    pinned_batches: tuple[int, int] = (0, 0)
    pinned_widths: tuple[int, int] = (0, 0)


class StoredDrawing(msgspec.Struct):
    """A digit that somebody drew or picked. strokes: each [points × 2], packed; picked: [28 × 28],
    packed, "" for none; other names are those of the drawing.
    """

    strokes: tuple[str, ...] = ()
    picked: str = ""
    label: int | None = None
    moved: tuple[int, int] = (0, 0)
    flipped: tuple[tuple[int, int], ...] = ()


class StoredEdits(msgspec.Struct):
    """What of a device was changed: its name, figures as published, those that are not known."""

    name: str = ""
    figures: dict[str, float] = {}
    unknown: tuple[str, ...] = ()


class StoredSession(msgspec.Struct):
    """What is kept of a session; names are those of its fields.

    network: as in a network file. about: what is said of it, where that is no text of the user's.
    edits: what was changed of the device; edited: all of it as in a device file, where that does
    not say all, as when its own file is gone, "" for none. sweep None: nothing was chosen.
    touched: it was edited since it was opened, so that it is work. device_bytes: the path of the
    device's file in hexadecimal, where it is no text, else "". budget_s: another one than the
    preset's, 0 for none; None: its own.
    """

    touched: bool = True
    preset: str = ""
    network: dict[str, Any] | None = None
    about: Text | None = None
    batch: int = 1
    training: bool = False
    dtype: str = "float32"
    device: str = THIS_MACHINE
    device_bytes: str = ""
    tile: tuple[int, int] | None = None
    order: str = ""
    product: int = 0
    colour_by: str = "wave"
    turned: bool = False
    launch_kind: str = "graph"
    edits: StoredEdits | None = None
    edited: str = ""
    sweep: StoredSweep | None = None
    drawing: StoredDrawing | None = None
    budget_s: float | None = None


class StoredLesson(msgspec.Struct, frozen=True):
    """How a network was last taught; names are those of the choice and of its recipe. epochs 0: it
    ends by seconds; pace 0: as fast as it computes.
    """

    loss: str = "cross-entropy"
    batch: int = 64
    rate: float = 0.05
    momentum: float = 0.9
    decay: float = 1e-3
    seed: int = 20_170
    folder: str = ""
    backend: str = "numpy"
    epochs: int = 10
    seconds: float = 0.0
    pace: float = 64.0


class StoredExport(msgspec.Struct, frozen=True):
    """How a picture was last wanted; names are those of the choice."""

    part: str = "picture"
    size: str = "slide"
    kind: str = "png"
    theme: str = ""
    width: int = 1920
    height: int = 1080
    scale: int = 1
    title: bool = True
    legend: bool = True
    prose: bool = True
    units: bool = True


class _Export(msgspec.Struct):
    part: StoredExport


class _Lesson(msgspec.Struct):
    part: StoredLesson


class _Sweep(msgspec.Struct):
    part: StoredSweep


class _Drawing(msgspec.Struct):
    part: StoredDrawing


class _Layouts(msgspec.Struct):
    part: dict[str, str]


_PARTS: dict[str, type[msgspec.Struct]] = {
    "export": _Export,
    "layouts": _Layouts,
    "lesson": _Lesson,
    "session.drawing": _Drawing,
    "session.sweep": _Sweep,
}
"""Parts that are left out where they are not understood, by their place in the file."""


class Look(msgspec.Struct, frozen=True):
    """language: "auto" or an id, whether there is such a catalogue or not. reduced_motion None: as
    the system says. layouts (by workspace) and geometry: texts only the window understands.
    lessons_folders: of lessons that somebody added to those of mmviz.
    """

    theme: ThemeChoice = "system"
    language: str = "auto"
    large_type: bool = False
    reduced_motion: bool | None = None
    speed: float = 1.0
    workspace: str = ""
    geometry: str = ""
    layouts: dict[str, str] = {}
    export: StoredExport = StoredExport()
    lesson: StoredLesson = StoredLesson()
    lessons_folders: tuple[str, ...] = ()

    @property
    def still(self) -> bool:
        """Whether nothing may play by itself."""
        return prefers_reduced_motion() if self.reduced_motion is None else self.reduced_motion


class Stored(Look, frozen=True):
    """The file: a look, and the last session. window: whose that is. offered: sessions of other
    windows that somebody was told of.
    """

    window: str = ""
    offered: tuple[str, ...] = ()
    session: StoredSession | None = None


def place() -> Path:
    """Where the settings of this user are, whether they are there or not."""
    return folders.config() / "settings.toml"


def language(path: Path | None = None) -> str:
    """The language that was chosen, "auto" where none was or the settings cannot be read.

    Looked up by every command: only what stands before the first table is read, which is short.
    """
    try:
        with (path or place()).open("rb") as file:
            head = file.read(MAX_HEAD).decode("utf-8", "replace")
    except (OSError, ValueError):
        return "auto"
    found = _CHOSEN.search(_BEFORE_TABLES.split(head, 1)[0])
    return found[1] if found else "auto"


def lesson_folders(path: Path | None = None) -> tuple[Path, ...]:
    """Folders of lessons that somebody added; none where the settings cannot be read."""
    try:
        stored = read(path or place())
    except InputError:
        return ()
    return tuple(map(Path, stored.lessons_folders)) if stored else ()


def read(path: Path, left_out: list[str] | None = None) -> Stored | None:
    """The settings at `path`, None where there are none; raises InputError for any others.

    A part of which no work hangs is left out alone where it is not understood; left_out takes its
    name.
    """
    if not os.path.lexists(path):
        return None
    raw = toml.loads(toml.read_bounded(path, MAX_BYTES), str(path), MAX_PLAIN)
    version = toml.version_of(raw, str(path), without=VERSION)
    if version > VERSION:
        raise InputError(
            N_("{path}: written by a newer mmviz (version {version} of the file)"),
            path=str(path),
            version=version,
        )
    for name in _PARTS:
        if not _understood(raw, name) and left_out is not None:
            left_out.append(name)
    return toml.shaped(raw, str(path), Stored)


def _understood(raw: dict[str, Any], name: str) -> bool:
    """Whether a part is what it should be, or not there; else it is taken out."""
    *above, last = name.split(".")
    table: Any = raw
    for step in above:
        table = table.get(step) if isinstance(table, dict) else None
    if not isinstance(table, dict) or last not in table:
        return True
    try:
        toml.shaped({"part": table[last]}, name, _PARTS[name])
    except InputError:
        del table[last]
        return False
    return True


def write(stored: Stored, path: Path) -> None:
    """Write the settings whole or not at all; raises InputError where that cannot be."""
    data = packed.dumps(_table(stored)).encode()
    if len(data) > MAX_BYTES:  # nothing that is edited is, but it would be lost at the next start
        raise InputError(
            N_("cannot write {path}: larger than {most:group} bytes"),
            path=str(path),
            most=MAX_BYTES,
        )
    atomic.make_folder(path.parent)
    atomic.write_bytes(path, data)


def set_aside(path: Path, *, copy: bool = False) -> Path | None:
    """Move, or copy, a file that was not understood out of the way, to a name that is free.

    Where it is now; None if it could not. The last MOST_ASIDE are kept.
    """
    if not os.path.isfile(path):
        return None
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
        aside = _free(path, data)
        if not copy:
            os.replace(path, aside)
        elif data is not None:
            atomic.write_bytes(aside, data)
    except (OSError, InputError):
        return None
    return aside


def _free(path: Path, data: bytes | None) -> Path:
    """A name for a file of these bytes, that of the very same bytes where they are kept already."""
    numbers = ("", *(f"-{number}" for number in range(2, MOST_ASIDE + 1)))
    names = [path.with_name(f"{path.stem}-not-understood{n}{path.suffix}") for n in numbers]
    taken = [name for name in names if os.path.lexists(name)]
    alike = [
        name for name in taken if os.path.isfile(name) and name.stat().st_size == len(data or b"")
    ]
    for name in alike:
        if name.read_bytes() == data:
            return name
    free = next((name for name in names if name not in taken), None)
    return free or min(taken, key=lambda name: name.lstat().st_mtime)


def network_table(file: NetworkFile) -> dict[str, Any]:
    """A network as the table that stands for it in the settings; a list as its CSV text."""
    if file.network.layered is None:
        return {"list": packed.pack_text(network_writer.dump(file))}
    return network_writer.table(file)


def network_of(table: dict[str, Any]) -> NetworkFile:
    """The network of such a table; raises InputError where it is none."""
    if isinstance(listed := table.get("list"), str):
        where = Text(N_("its list of products"))
        data = packed.unpack_text(listed, networks.MAX_LIST, where)
        return networks.parse_list(listed.encode() if data is None else data, where)
    return networks.of_table(table, Text(N_("its network")))


def prefers_reduced_motion() -> bool:
    """Whether MMVIZ_REDUCED_MOTION, else GTK's or KDE's settings, ask for no motion."""
    asked = os.environ.get("MMVIZ_REDUCED_MOTION", "")
    if asked:
        return asked != "0"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    gtk = (("gtk-4.0/settings.ini", "Settings"), ("gtk-3.0/settings.ini", "Settings"))
    for name, section in gtk:
        if _ini(config / name, section, "gtk-enable-animations").lower() in ("0", "false"):
            return True
    factor = _ini(config / "kdeglobals", "KDE", "AnimationDurationFactor")
    return factor.strip() in ("0", "0.0")


def _table(stored: Stored) -> dict[str, Any]:
    return {"version": VERSION, **toml.without_none(msgspec.to_builtins(stored))}


def _ini(path: Path, section: str, key: str) -> str:
    """A value in another program's settings, "" for any trouble in getting it."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(toml.read_bounded(path).decode("utf-8", "replace"))
    except (InputError, configparser.Error):
        return ""
    return parser.get(section, key, fallback="")
