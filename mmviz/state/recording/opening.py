"""From a recording to the session that looks at its pass."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.recording.recording import Recording
from mmviz.files.networks import NetworkFile
from mmviz.state.session import Session, open_file
from mmviz.text import N_, Text


def looking_at(session: Session, recording: Recording) -> Session:
    """The session on the pass of a recording; itself where it is already."""
    of = recording.of
    if session.timed == of:
        return session
    about = recording.about or Text(N_("as it was recorded"))
    file = NetworkFile("", of.workload, of.batch, dtype=of.dtype)
    return replace(open_file(file, session), training=of.training, about=about)
