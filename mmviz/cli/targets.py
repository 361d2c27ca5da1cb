"""Where results go: whatever cannot be written is told before anything is timed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from mmviz.cli.streams import STREAM, check_one_stream
from mmviz.errors import InputError
from mmviz.files.runs import check_target
from mmviz.text import N_

CHART_SUFFIXES = (".svg", ".png", ".pdf")


def check_targets(
    files: Mapping[str, str | None], chart: str | None, read: Sequence[str] = ()
) -> bool:
    """Refuse, before work is done in vain, what cannot be written, would be written twice or is
    among the files that are `read`.

    files: by the names of their options. Whether one of them is standard output.
    """
    streamed = check_one_stream(**files)
    if chart == STREAM:
        raise InputError(N_("a chart is not written to standard output: name a file"))
    named = [path for path in files.values() if path is not None and path != STREAM]
    targets = [check_target(path) for path in named]
    if chart is not None:
        targets.append(check_target(chart, CHART_SUFFIXES))
    real = [os.path.realpath(target) for target in targets]
    for path in real:
        if real.count(path) > 1:
            raise InputError(N_("two results would be written to the same file {path}"), path=path)
    for source in read:
        if os.path.isfile(source) and os.path.realpath(source) in real:
            said = N_("{path} is read here: name another file to write to")
            raise InputError(said, path=source)
    if chart is not None:
        _check_qt()
    return streamed


def _check_qt() -> None:
    """A chart needs Qt: what it lacks here is told before anything is timed."""
    from mmviz.ui import preflight

    preflight.check(offscreen=True, refused=N_("the chart cannot be drawn: {reasons}"))
