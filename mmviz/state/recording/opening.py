"""From a recording to the session that looks at its pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import Pass
from mmviz.files.journal import lean
from mmviz.files.networks import NetworkFile, preset_ids, read_preset
from mmviz.files.recordings import shelf
from mmviz.files.recordings.shelf import KeptRecording
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.facts import alike
from mmviz.state.first import first_session_on
from mmviz.state.session import Session, open_file
from mmviz.text import N_, Text

ON_CORES = "cpu-tiles"  # a backend's id


def looking_at(session: Session, recording: Recording) -> Session:
    """The session on the pass of a recording; itself where it is already, whatever its numbers."""
    of = recording.of
    if alike(of, session.timed):
        return session
    file, about = _file(recording)
    return replace(open_file(file, session), training=of.training, about=about)


def beginning_with(recording: Recording) -> Session:
    """The session of who opens it first of all; what ran on cores is held against this machine."""
    file, about = _file(recording)
    session = first_session_on(file)
    device = THIS_MACHINE if recording.by == ON_CORES else session.device
    return replace(session, device=device, training=recording.of.training, about=about)


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
    known = _preset(of.workload)
    file = NetworkFile("", of.workload) if known is None else known
    file = replace(file, batch=of.batch if of.workload.has_batch else None, dtype=of.dtype)
    return file, file.about or recording.about or Text(N_("as it was recorded"))


def _preset(workload: Workload) -> NetworkFile | None:
    wanted = lean(workload)
    files = map(read_preset, preset_ids())
    return next((file for file in files if lean(file.network) == wanted), None)
