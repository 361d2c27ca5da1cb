"""From a recording to the session that looks at its pass."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import replace

from mmviz.core.device.device import Tile
from mmviz.core.recording.recording import Recording
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.price import price
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files.devices import device_ids
from mmviz.files.journal import lean
from mmviz.files.networks import NetworkFile, preset_ids, read_preset
from mmviz.files.recordings import shelf
from mmviz.files.recordings.shelf import KeptRecording
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.actions import set_device
from mmviz.state.facts import alike
from mmviz.state.first import first_session_on
from mmviz.state.session import Session, device_of, open_file, setup_of
from mmviz.text import N_, Text, own

ON_CORES = "cpu-tiles"  # a backend's id


def looking_at(session: Session, recording: Recording) -> Session:
    """The session on the pass of a recording; itself where it is already, whatever its numbers. Of
    what a file has of a model, on its device, too, cut and ordered as it is there.
    """
    of = recording.of
    if not alike(of, session.timed):
        file, about = _file(recording)
        session = replace(open_file(file, session), training=of.training, about=about)
    return session if recording.ran else _as_modelled(session, recording)


def beginning_with(recording: Recording) -> Session:
    """The session of who opens it first of all; what ran on cores is held against this machine."""
    file, about = _file(recording)
    session = first_session_on(file)
    device = THIS_MACHINE if recording.by == ON_CORES else session.device
    session = replace(session, device=device, training=recording.of.training, about=about)
    return session if recording.ran else _as_modelled(session, recording)


def _as_modelled(session: Session, recording: Recording) -> Session:
    """On the device whose model it is, where mmviz ships that, with tile and order of the file; the
    device as it was, where not.
    """
    device = recording.facts.get("device", "")
    if device not in device_ids():  # a path in a file of somebody else's is not read
        return session
    wanted = [_cut(one.trace.tiling) for one in recording.products]
    tile = wanted[0][0] if len({cut[0] for cut in wanted}) == 1 else None
    own = replace(set_device(session, device), dtype=recording.of.dtype)
    named = [replace(own, tile=side, order=order) for order, side in _choices(recording, tile)]
    for asked in (session, *named) if session.device == device else named:
        with contextlib.suppress(InputError):
            costs = price(setup_of(asked, device_of(asked))).costs
            if [_cut(cost.tiling) for cost in costs] == wanted:
                return asked
    return own


def _choices(recording: Recording, tile: Tile | None) -> list[tuple[str, Tile | None]]:
    """Orders and tiles to be tried, the model's own first."""
    tiles = (None,) if tile is None else (None, tile)
    return [(order, side) for order in dict.fromkeys(("", recording.order)) for side in tiles]


def _cut(tiling: Tiling) -> tuple[Tile, int, str]:
    return tiling.tile, tiling.parts, tiling.order.id


def named(recording: Recording, path: str) -> Recording:
    """What a file holds, told by the file's name where nothing else is said of it."""
    if recording.about:
        return recording
    return replace(recording, about=own(os.path.basename(path)))


def last_of(timed: Pass) -> Recording | None:
    """The last recording of a pass that this user kept, else one that came with mmviz; None: none.

    Raises InputError where it cannot be read any more.
    """
    for known in (shelf.kept(), shelf.shipped()):
        if (found := last_kept(known, timed)) is not None:
            return found.read()
    return None


def last_kept(known: Iterable[KeptRecording], timed: Pass) -> KeptRecording | None:
    """The last one of a pass among these; what a file has of a model is none."""
    found = (one for one in known if not one.modelled and alike(one.of, timed))
    return max(found, key=lambda one: one.when or 0.0, default=None)


def _file(recording: Recording) -> tuple[NetworkFile, str | Text]:
    """What it is of, as a preset where it is one, and what is said of it."""
    of = recording.of
    said = N_("as it was recorded") if recording.ran else N_("as it was modelled")
    known = _preset(of.workload)
    file = NetworkFile("", of.workload) if known is None else known
    file = replace(file, batch=of.batch if of.workload.has_batch else None, dtype=of.dtype)
    return file, file.about or recording.about or Text(said)


def _preset(workload: Workload) -> NetworkFile | None:
    wanted = lean(workload)
    files = map(read_preset, preset_ids())
    return next((file for file in files if lean(file.network) == wanted), None)
