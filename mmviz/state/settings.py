"""What is remembered from one start to the next: the look, the layout and the last session."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

import msgspec

from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files import settings as files
from mmviz.files.device_writer import dump
from mmviz.files.devices import parse_device, read_device
from mmviz.files.settings import Look, Stored, StoredSession, StoredSweep
from mmviz.state.derived import derive
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.picture.playback import SPEEDS
from mmviz.state.session import Session, as_file, open_file
from mmviz.state.sweep.choice import SUITED, SweepChoice, checked
from mmviz.text import N_, NOTHING, Text, joined


class Settings(Look, frozen=True):
    """A look, and the last session; None: none is remembered."""

    session: Session | None = None


def load() -> tuple[Settings, Text]:
    """The user's settings, and a Text for the user where something of them was lost.

    A file that is not understood is moved aside and the settings are the defaults.
    """
    path = files.place()
    try:
        stored = files.read(path)
    except InputError as error:
        aside = files.set_aside(path)
        lost = Text(N_("mmviz starts with its own settings: {why}"), why=error.cause)
        kept = Text(N_("the file is kept as {aside}"), aside=str(aside)) if aside else NOTHING
        return Settings(), joined((lost, kept), "semicolons")
    if stored is None:
        return Settings(), NOTHING
    look = {name: getattr(stored, name) for name in Look.__struct_fields__}
    look["speed"] = stored.speed if stored.speed in SPEEDS else 1.0
    try:
        session = None if stored.session is None else _opened(stored.session)
        return Settings(**look, session=session), NOTHING
    except InputError as error:
        lost = Text(N_("the last session could not be opened again: {why}"), why=error.cause)
        return Settings(**look), lost


def save(settings: Settings) -> bool:
    """Write the settings where `load` finds them; False where that cannot be, which is no error."""
    look = {name: getattr(settings, name) for name in Look.__struct_fields__}
    session = None if settings.session is None else _kept(settings.session)
    stored = Stored(**look, session=session)
    try:
        files.write(stored, files.place())
    except InputError:
        return False
    return True


def _kept(session: Session) -> StoredSession:
    network = None if session.preset else files.network_table(as_file(session))
    edited = "" if session.edited is None else dump(session.edited).decode()
    choices = {name: getattr(session, name) for name in _names()}
    sweep = None if session.sweep == SUITED else StoredSweep(**asdict(session.sweep))
    return StoredSession(network=network, edited=edited, sweep=sweep, **choices)


def _opened(stored: StoredSession) -> Session:
    """The session that was kept; raises InputError where it is none of this program's any more."""
    if stored.preset:
        file = networks.read_preset(stored.preset)
    else:
        file = files.network_of(stored.network or {})
    check_count(stored.batch, Text(N_("batch")))
    check_dtype(stored.dtype)
    if stored.colour_by not in COLOURINGS:
        raise InputError(N_("no colouring {colour!r:.40}"), colour=stored.colour_by)
    for side in stored.tile or ():
        check_count(side, Text(N_("tile")))
    session = replace(open_file(file), **{name: getattr(stored, name) for name in _names()})
    if stored.edited:
        where = read_device(stored.device).name + ", changed"
        edited = parse_device(stored.edited.encode(), stored.device, where)
        session = replace(session, edited=edited)
    if stored.sweep is not None:
        choice = checked(SweepChoice(**msgspec.structs.asdict(stored.sweep)))
        session = replace(session, sweep=choice)
    if not 0 <= stored.product < session.products:
        raise InputError(N_("it has no product {product}"), product=stored.product)
    return derive(session).session  # what does not go together is refused here


def _names() -> list[str]:
    """The choices of a session that are kept as they are."""
    stored = {*StoredSession.__struct_fields__} - {"network", "edited", "sweep"}
    return [part.name for part in fields(Session) if part.name in stored]
