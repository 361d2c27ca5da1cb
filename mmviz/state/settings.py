"""What is remembered from one start to the next: the look, the layout and the last session."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import msgspec

from mmviz.bench.crossing import restored
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.core.time.setup import LAUNCH_KINDS
from mmviz.errors import InputError, cause_of
from mmviz.files import networks
from mmviz.files import settings as files
from mmviz.files.device_writer import dump
from mmviz.files.devices import parse_device
from mmviz.files.ordinary import is_text
from mmviz.files.settings import (
    Look,
    Stored,
    StoredEdits,
    StoredExport,
    StoredSession,
    StoredSweep,
)
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.files.window_files import KeptSession, WindowFiles
from mmviz.state.actions import set_budget
from mmviz.state.derived import derive
from mmviz.state.device.edit import EDITABLE, Edits, edited_by, edits_of
from mmviz.state.export import KINDS, LEAST, MOST, MOST_SCALE, PARTS, SIZES, ExportChoice
from mmviz.state.learn.kept_drawing import drawing_of, stored_drawing
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.picture.playback import SPEEDS
from mmviz.state.session import Session, as_file, open_file
from mmviz.state.sweep.choice import SUITED, SweepChoice, checked
from mmviz.text import N_, NOTHING, Text, joined

LOOKS = ("product", "colour_by", "turned", "schedule", "selection", "camera")
"""Fields of a session that are only looked at: no work."""


class Settings(Look, frozen=True):
    """A look, and the last session; None: none is remembered. touched: it was edited since it was
    opened. offered: sessions of other windows that the user was told of.
    """

    session: Session | None = None
    touched: bool = True
    offered: tuple[str, ...] = ()


def load(beside: WindowFiles | None = None, *, restore: bool = True) -> tuple[Settings, Text]:
    """The user's settings, and a Text for the user where something of them was lost.

    restore False: without the session.

    A file that is not understood is moved aside and the settings are the defaults. Where only the
    session is not, a copy is kept aside. No error is too strange: the window has to open.
    """
    beside = beside or WindowFiles()
    try:
        stored = beside.read()
    except Exception as error:
        lost = Text(N_("mmviz starts with its own settings: {why}"), why=cause_of(error))
        return Settings(), joined((lost, kept_aside(files.set_aside(beside.path))), "semicolons")
    if stored is None:
        return Settings(), NOTHING
    look = {name: getattr(stored, name) for name in (*Look.__struct_fields__, "offered")}
    look["speed"] = stored.speed if stored.speed in SPEEDS else 1.0
    if stored.session is None or not restore:
        return Settings(**look), _left_out(beside)
    try:
        session = _without(stored.session, beside)
    except Exception as error:
        lost = Text(N_("the last session could not be opened again: {why}"), why=cause_of(error))
        return Settings(**look), joined((lost, superseded(beside)), "semicolons")
    touched = stored.session.touched
    return Settings(**look, session=session, touched=touched), _left_out(beside)


def _without(stored: StoredSession, beside: WindowFiles) -> Session:
    """The session; where only what is swept or drawn cannot be, with what suits it."""
    try:
        return _opened(stored)
    except Exception:
        for part in ("drawing", "sweep"):
            if getattr(stored, part) is None:
                continue
            with contextlib.suppress(Exception):
                session = _opened(msgspec.structs.replace(stored, **{part: None}))
                beside.left_out.append(f"session.{part}")
                return session
        raise


def _left_out(beside: WindowFiles) -> Text:
    """Which parts of the settings were not understood; the file is kept aside."""
    if not beside.left_out:
        return NOTHING
    said = Text(
        N_("not understood in the settings, and as at first: {parts}"),
        parts=", ".join(beside.left_out),
    )
    return joined((said, kept_aside(files.set_aside(beside.path, copy=True))), "semicolons")


def choice_of(export: StoredExport) -> ExportChoice:
    """How a picture was last wanted; what is not of this program is left as it is at first."""
    choice = ExportChoice(**msgspec.structs.asdict(export))
    known = {"part": PARTS, "size": SIZES, "kind": KINDS, "theme": ("", "dark", "light")}
    for field, those in known.items():
        if getattr(choice, field) not in those:
            choice = replace(choice, **{field: getattr(ExportChoice(), field)})
    return replace(
        choice,
        width=min(max(choice.width, LEAST), MOST),
        height=min(max(choice.height, LEAST), MOST),
        scale=min(max(choice.scale, 1), MOST_SCALE),
    )


def superseded(beside: WindowFiles) -> Text:
    """The last session cannot be used: it makes room for another one, and is kept aside, which is
    said.
    """
    aside = files.set_aside(beside.path, copy=True)
    beside.adopt()
    return kept_aside(aside)


def kept_aside(aside: Path | None) -> Text:
    return Text(N_("the file is kept as {aside}"), aside=str(aside)) if aside else NOTHING


def save(settings: Settings, beside: WindowFiles | None = None, *, edited: bool = True) -> None:
    """Write the settings where `load` finds them; raises InputError where that cannot be.

    edited: whether it is this window's session that is the last one, as it was edited last.
    """
    look = {name: getattr(settings, name) for name in (*Look.__struct_fields__, "offered")}
    session = None if settings.session is None else _kept(settings.session, settings.touched)
    (beside or WindowFiles()).write(Stored(**look, session=session), edited=edited)


def same_work(one: Session | None, other: Session | None) -> bool:
    """Whether both are the same but for what is only looked at."""
    if one is None or other is None:
        return one is other
    looks = {name: getattr(one, name) for name in LOOKS}
    return one == replace(other, **looks)


def others(beside: WindowFiles) -> Iterator[tuple[KeptSession, Session]]:
    """Sessions of windows that are closed, whose place another one's took; the youngest first.

    One that is not understood is left where it is. Whether all goes together shows when it is
    derived.
    """
    for kept in beside.kept():
        with contextlib.suppress(Exception):
            stored = files.read(kept.path)
            if stored is not None and stored.session is not None:
                yield kept, _read(stored.session)


def _kept(session: Session, touched: bool) -> StoredSession:
    network = None if session.preset else files.network_table(as_file(session))
    edits, edited = _edits(session)
    choices = {name: getattr(session, name) for name in _names()}
    sweep = None if session.sweep == SUITED else StoredSweep(**asdict(session.sweep))
    drawing = stored_drawing(session.drawing)
    changed: dict[str, Any] = {
        "edits": edits,
        "edited": edited,
        "sweep": sweep,
        "drawing": drawing,
    }
    if session.preset and session.budget_s != networks.read_preset(session.preset).budget_s:
        changed["budget_s"] = session.budget_s or 0.0
    if isinstance(session.about, Text):
        changed["about"] = session.about
    if not is_text(session.device):  # a name of bytes that are none, as Linux allows
        choices["device"] = THIS_MACHINE
        changed["device_bytes"] = os.fsencode(session.device).hex()
    return StoredSession(network=network, touched=touched, **changed, **choices)


def _edits(session: Session) -> tuple[StoredEdits | None, str]:
    """What was changed of the device; all of it, where that does not say all."""
    if session.edited is None:
        return None, ""
    edits = edits_of(session)
    if edits is None:
        return None, dump(session.edited).decode()
    known = {name: value for name, value in edits.figures.items() if value is not None}
    unknown = tuple(name for name, value in edits.figures.items() if value is None)
    return StoredEdits(edits.name, known, unknown), ""


def _opened(stored: StoredSession) -> Session:
    """The session that was kept; raises InputError where it is none of this program's any more."""
    return derive(_read(stored)).session  # what does not go together is refused here


def _read(stored: StoredSession) -> Session:
    """The same, as far as it can be told without deriving anything."""
    if stored.preset:
        file = networks.read_preset(stored.preset)
    else:
        file = files.network_of(stored.network or {})
    check_count(stored.batch, Text(N_("batch")))
    check_dtype(stored.dtype)
    if stored.launch_kind not in LAUNCH_KINDS:
        raise InputError(N_("no kind of launch {kind!r:.40}"), kind=stored.launch_kind)
    if stored.colour_by not in COLOURINGS:
        raise InputError(N_("no colouring {colour!r:.40}"), colour=stored.colour_by)
    for side in stored.tile or ():
        check_count(side, Text(N_("tile")))
    session = replace(open_file(file), **{name: getattr(stored, name) for name in _names()})
    if stored.device_bytes:
        session = replace(session, device=_path_of(stored.device_bytes))
    if stored.about is not None:
        session = replace(session, about=_said(stored.about))
    if stored.edits is not None:
        edits = stored.edits
        if gone := [name for name in (*edits.figures, *edits.unknown) if name not in EDITABLE]:
            raise InputError(N_("unknown figure {name!r:.60}"), name=gone[0])
        figures = {**edits.figures, **dict.fromkeys(edits.unknown)}
        session = edited_by(session, Edits(edits.name, figures))
    elif stored.edited:
        edited = parse_device(stored.edited.encode(), session.device, session.device)
        session = replace(session, edited=edited)
    if stored.sweep is not None:
        choice = checked(SweepChoice(**msgspec.structs.asdict(stored.sweep)))
        session = replace(session, sweep=choice)
    session = replace(session, drawing=drawing_of(stored.drawing))
    if stored.budget_s is not None:
        session = set_budget(session, stored.budget_s or None)
    if not 0 <= stored.product < session.products:
        raise InputError(N_("it has no product {product}"), product=stored.product)
    return session


def _path_of(digits: str) -> str:
    try:
        return os.fsdecode(bytes.fromhex(digits))
    except ValueError:
        raise InputError(N_("no path in hexadecimal: {digits!r:.40}"), digits=digits) from None


def _said(about: Text) -> Text:
    """The text that was stored; raises InputError for one that cannot be said."""
    try:
        return restored(about)
    except ValueError:
        raise InputError(N_("what it says of itself cannot be read")) from None


def _names() -> list[str]:
    """The choices of a session that are kept as they are."""
    stored = {*StoredSession.__struct_fields__} - {
        "network",
        "about",
        "edits",
        "edited",
        "sweep",
        "drawing",
        "touched",
        "budget_s",
    }
    return [part.name for part in fields(Session) if part.name in stored]
