"""The real window as a picture."""

from __future__ import annotations

import functools
import gc
import os
import sys
from dataclasses import replace

from PyQt6.QtCore import (
    QBuffer,
    QEvent,
    QIODevice,
    QMessageLogContext,
    QSize,
    QtMsgType,
    qInstallMessageHandler,
)
from PyQt6.QtWidgets import QApplication

from mmviz.bench.results import Results
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files import courses, journal, rate_log
from mmviz.files.atomic import write_bytes
from mmviz.state.derived import derive
from mmviz.state.export import LEARNT, ExportChoice, paper_of
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import made
from mmviz.state.learn.kept import as_course
from mmviz.state.learn.swept_kept import as_swept
from mmviz.state.lessons.opening import LessonAt
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.text import N_
from mmviz.ui.export.files import write
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look.theme import THEMES
from mmviz.ui.shell.record_control import RecordControl
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.ui.start.app import application, build
from mmviz.words.speech import ENGLISH, Words

CHART_SIZE = 960.0, 540.0  # logical pixels of a part in no window


def take(
    path: str | os.PathLike[str],
    session: Session,
    *,
    size: tuple[int, int],
    at: float,
    theme: str,
    words: Words = ENGLISH,
    lesson: LessonAt | None = None,
    recording: Recording | None = None,
) -> None:
    """Write the window on `session`, `at` (0 … 1) within the product looked at, as PNG; at a step
    of a lesson as that asks its question; with a recording in the workspace Recording.

    Raises InputError where the file cannot be written.
    """
    app = application()
    before = qInstallMessageHandler(_quiet)
    controller = build(session, THEMES[theme], words=words)
    window = controller.window
    try:
        window.resize(*size)
        window.show()
        window.settle()
        if recording is not None:
            for record in controller.findChildren(RecordControl):
                record.show(recording)
            window.settle()
        controller.set_playback(Playback(position=at))
        if lesson is not None:
            for walk in controller.findChildren(WalkControl):
                walk.begin(lesson.lesson, lesson.number)
        app.processEvents()
        least = window.minimumSizeHint().expandedTo(window.minimumSize())
        if least.expandedTo(window.size()) != QSize(*size):
            # The bar at the top may need more than all that is below it; and where it took more
            # than either says, by the rounding of its docks, that is what it needs.
            taken = (window.width(), window.height())
            more = (has if has > asked else 0 for has, asked in zip(taken, size, strict=True))
            needed = least.expandedTo(QSize(*more))
            raise InputError(
                N_("--size {size} is too small: this window needs at least {needed}"),
                size=f"{size[0]}x{size[1]}",
                needed=f"{needed.width()}x{needed.height()}",
            )
        image = window.grab().toImage()
    finally:
        window.close()
        window.deleteLater()
        del window, controller
        _let_go(app)
        qInstallMessageHandler(before)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    write_bytes(path, buffer.data().data())  # Qt does not tell why it could not, Python does


def take_part(
    path: str | os.PathLike[str],
    session: Session,
    choice: ExportChoice,
    *,
    at: float,
    words: Words = ENGLISH,
    recording: Recording | None = None,
) -> None:
    """Write a part as the window on `session` would show it, `at` (0 … 1) within its time.

    recording: of its pass, which is known then.

    Raises InputError where it has nothing to show, or the file cannot be written.
    """
    app = application()
    results, facts = runs_of(choice.part, session), known_of(choice.part)
    if recording is not None:
        facts = facts.with_recording(recording)
    shown = Shown(derive(session, facts), at, results=results)
    figure = figure_of(shown, THEMES[choice.theme], words, choice)
    write(path, figure, paper_of(choice, CHART_SIZE))
    del app


def runs_of(part: str, session: Session) -> Results | None:
    """What a part shows of runs; raises InputError where none is kept."""
    if part not in ("timing", "parts"):
        return None
    results = _kept(session)
    if results is None:
        raise InputError(
            N_(
                "no data: no run of this network is kept on this computer; time it in the window, "
                "or draw it as it is timed: mmviz bench … --chart FILE"
            )
        )
    return results


def known_of(part: str) -> Facts:
    """Of a part that shows learning the lessons that are kept on this computer, and the last sweep
    of the batch size.
    """
    if part not in LEARNT:
        return Facts()
    facts = functools.reduce(Facts.with_lesson, map(as_course, courses.kept()), Facts())
    last = rate_log.last()
    if last is None or last[1].folder:
        return facts
    return replace(facts, swept=as_swept(last[1], last[2], made()))


def _kept(session: Session) -> Results | None:
    """The youngest run of this network that is kept on this computer."""
    found, _ = journal.kept_runs()
    of = journal.lean(session.network)
    runs = [run for run in found if run.head.plan.network == of]
    if not runs:
        return None
    return journal.read(max(runs, key=lambda run: run.head.when).path).results


def _let_go(app: QApplication) -> None:
    """Delete what was told to go, all that Python knows of it included.

    PyQt keeps what heard a window until a later turn of the loop, and with it names of parts that
    are gone: a part of the next window, at the place of one of those, would be taken for it.
    """
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(2):
        app.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def _quiet(_kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Qt's messages to stderr, but for what the offscreen platform says of itself."""
    if text and not text.startswith("This plugin does not support "):
        print(text, file=sys.stderr)
