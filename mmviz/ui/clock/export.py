"""Keeping the chart: PNG, SVG or PDF, whole or not at all, with or without a window."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PyQt6.QtGui import (
    QGuiApplication,
    QImage,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PyQt6.QtSvg import QSvgGenerator

from mmviz.bench.results import Results
from mmviz.errors import InputError
from mmviz.files.atomic import write_bytes
from mmviz.text import N_, Text
from mmviz.ui.clock.painter import WIDTH, face, layout, paint_chart, printable
from mmviz.ui.look.painting import painting
from mmviz.ui.look.theme import LIGHT, Theme
from mmviz.ui.preflight import check
from mmviz.words.speech import ENGLISH, Words

SUFFIXES = (".png", ".svg", ".pdf")
PNG_SCALE = 2
_FAMILY = re.compile(r"""font-family="([^"',]+)\"""")  # Qt names the first one alone
_DPI = 96  # a logical pixel is 1/96 inch
_PDF_DPI = 1_200

_application: QGuiApplication | None = None  # Qt forgets an application nobody holds


def export_chart(
    results: Results,
    path: str | os.PathLike[str],
    theme: Theme = LIGHT,
    words: Words = ENGLISH,
) -> None:
    """Write the chart of `results` to `path`; its suffix decides the format.

    Needs no window and no display. Raises InputError for another suffix or a file that cannot be
    written (an old one stays whole), Unavailable where Qt or a font is missing.
    """
    ensure_application(path)
    where = layout(results, words)
    title = words(Text(N_("{network}: latency of a pass"), network=results.network))
    export_painting(path, title, where.height, lambda p: paint_chart(p, results, theme, where))


def export_painting(
    path: str | os.PathLike[str], title: str, height: float, paint: Callable[[QPainter], None]
) -> None:
    """Write what `paint` paints, WIDTH wide and `height` high in logical pixels, to `path`.

    Raises as `export_chart` does.
    """
    ensure_application(path)
    make = {".png": _png, ".svg": _svg, ".pdf": _pdf}[Path(path).suffix.lower()]
    # made in memory first: Qt's writers do not tell when a disk is full, Python does
    write_bytes(path, make(printable(title), height, paint))


def ensure_application(path: str | os.PathLike[str]) -> None:
    """Refuse a suffix nothing is written for, and have what fonts need.

    They need a QGuiApplication; where there is none, one without a display does.
    """
    global _application
    if Path(path).suffix.lower() not in SUFFIXES:
        raise InputError(
            N_("cannot write {path}: a chart ends in {suffixes}"),
            path=str(path),
            suffixes=", ".join(SUFFIXES),
        )
    if QGuiApplication.instance() is not None:
        return
    check(offscreen=True)
    # never the display's own platform: it aborts the process where DISPLAY leads nowhere
    offscreen = ["-platform", "offscreen"] if sys.platform.startswith("linux") else []
    _application = QGuiApplication(["mmviz", *offscreen])


def _png(_: str, height: float, paint: Callable[[QPainter], None]) -> bytes:
    size = QSizeF(WIDTH, height) * PNG_SCALE
    image = QImage(math.ceil(size.width()), math.ceil(size.height()), QImage.Format.Format_RGB32)
    _paint(image, paint, PNG_SCALE)
    buffer = _open_buffer()
    image.save(buffer, "PNG")
    return buffer.data().data()


def _svg(title: str, height: float, paint: Callable[[QPainter], None]) -> bytes:
    buffer, generator = _open_buffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DPI)
    generator.setSize(QSize(round(WIDTH), round(height)))
    generator.setViewBox(QRectF(0, 0, WIDTH, height))
    generator.setTitle(title)
    _paint(generator, paint, 1.0)
    return _FAMILY.sub(_with_generic, buffer.data().data().decode()).encode()


def _with_generic(found: re.Match[str]) -> str:
    """A family of this machine, and what is to stand in for it on another."""
    generic = "monospace" if found[1] == face(12, figures=True).family() else "sans-serif"
    return f"font-family=\"'{found[1]}', {generic}\""


def _pdf(title: str, height: float, paint: Callable[[QPainter], None]) -> bytes:
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setCreator("mmviz")
    writer.setTitle(title)
    writer.setResolution(_PDF_DPI)
    points = QSizeF(WIDTH, height) * (72 / _DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "chart"))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    _paint(writer, paint, _PDF_DPI / _DPI)
    return buffer.data().data()


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _paint(device: QPaintDevice, paint: Callable[[QPainter], None], scale: float) -> None:
    with painting(device) as painter:
        painter.scale(scale, scale)
        paint(painter)
