"""The real window as a picture."""

from __future__ import annotations

import os
import sys

from PyQt6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PyQt6.QtWidgets import QApplication

from mmviz.errors import InputError
from mmviz.files.atomic import replacing
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.text import N_
from mmviz.ui.look.theme import THEMES
from mmviz.ui.start.app import application, build
from mmviz.words.speech import ENGLISH, Words


def take(
    path: str | os.PathLike[str],
    session: Session,
    *,
    size: tuple[int, int],
    at: float,
    theme: str,
    words: Words = ENGLISH,
) -> None:
    """Write the window on `session`, `at` (0 … 1) within the product looked at, as PNG.

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
        controller.set_playback(Playback(position=at))
        app.processEvents()
        least = window.minimumSizeHint().expandedTo(window.size())
        if (least.width(), least.height()) != size:
            needed = window.minimumSizeHint()
            raise InputError(
                N_("--size {size} is too small: this window needs at least {needed}"),
                size=f"{size[0]}x{size[1]}",
                needed=f"{needed.width()}x{needed.height()}",
            )
        image = window.grab().toImage()
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qInstallMessageHandler(before)
    with replacing(path) as temporary:
        if not image.save(str(temporary), "PNG"):
            raise InputError(N_("cannot write {path}"), path=str(path))


def _quiet(_kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Qt's messages to stderr, but for what the offscreen platform says of itself."""
    if text and not text.startswith("This plugin does not support "):
        print(text, file=sys.stderr)
