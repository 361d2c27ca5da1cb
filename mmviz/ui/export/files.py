"""A painting as a file or an image: PNG, SVG or PDF, whole or not at all, with or without a window.

Loads no widgets.
"""

from __future__ import annotations

import itertools
import math
import os
import re
import sys
from pathlib import Path

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PyQt6.QtSvg import QSvgGenerator

from mmviz.errors import InputError
from mmviz.files.atomic import write_bytes
from mmviz.state.export import MOST_PIXELS, Paper
from mmviz.text import N_
from mmviz.ui.export.figure import Figure, fitted
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import CLIP, END, painting
from mmviz.ui.look.strokes import printable
from mmviz.ui.preflight import check

SUFFIXES = (".png", ".svg", ".pdf")
_FAMILY = re.compile(r"""font-family="([^"',]+)\"""")  # Qt names the first one alone
_MARK = re.compile(rf"<g[^>]*>\s*<text[^>]*>\s*((?:{CLIP}|{END})[-0-9. ]*?)\s*</text>\s*</g>")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INCH_M = 0.0254

_application: QGuiApplication | None = None  # Qt forgets an application nobody holds


def ensure_application(path: str | os.PathLike[str]) -> None:
    """Refuse a suffix nothing is written for, and have what fonts need.

    They need a QGuiApplication; where there is none, one without a display does.
    """
    global _application
    check_suffix(path)
    if QGuiApplication.instance() is not None:
        return
    check(offscreen=True)
    # never the display's own platform: it aborts the process where DISPLAY leads nowhere
    offscreen = ["-platform", "offscreen"] if sys.platform.startswith("linux") else []
    _application = QGuiApplication(["mmviz", *offscreen])


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Raise InputError for another suffix than those of SUFFIXES."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise InputError(
            N_("cannot write {path}: a chart ends in {suffixes}"),
            path=str(path),
            suffixes=", ".join(SUFFIXES),
        )


def write(path: str | os.PathLike[str], figure: Figure, paper: Paper) -> None:
    """Write a figure to `path`, whose suffix decides the format.

    Raises InputError for another suffix or a file that cannot be written (an old one stays whole),
    Unavailable where Qt or a font is missing.
    """
    ensure_application(path)
    # made in memory first: Qt's writers do not tell when a disk is full, Python does
    write_bytes(path, as_bytes(Path(path).suffix.lower(), figure, paper))


def as_bytes(suffix: str, figure: Figure, paper: Paper) -> bytes:
    """What a file with this suffix, one of SUFFIXES, has in it."""
    return {".png": _png, ".svg": _svg, ".pdf": _pdf}[suffix](figure, paper)


def check_pixels(width: float, height: float) -> None:
    """Raise InputError where an image is larger than a computer should have to hold."""
    if width * height > MOST_PIXELS * 1.001:
        raise InputError(
            N_(
                "an image of {wide:group} × {high:group} pixels is too large, the most is "
                "{most:group} million pixels: make it smaller or less fine"
            ),
            wide=round(width),
            high=round(height),
            most=MOST_PIXELS // 1_000_000,
        )


def as_image(figure: Figure, paper: Paper) -> QImage:
    """The pixels alone; raises InputError for too many."""
    with fonts.on_paper() as dpi:
        paper, height = fitted(figure, paper)
        size = QSizeF(paper.width, height) * paper.pixels
        check_pixels(size.width(), size.height())
        image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_RGB32)
        for tell in (image.setDotsPerMeterX, image.setDotsPerMeterY):
            tell(round(dpi / _INCH_M))
        image.fill(QColor(figure.ground or figure.theme.ground))
        _paint(image, figure, paper, height, paper.pixels)
    for tell in (image.setDotsPerMeterX, image.setDotsPerMeterY):  # how large it is meant to be
        tell(round(paper.pixels / paper.points * 72 / _INCH_M))
    return image


def measured(figure: Figure, paper: Paper) -> tuple[float, float]:
    """Width and height of the image, in pixels."""
    with fonts.on_paper():
        paper, height = fitted(figure, paper)
    return paper.width * paper.pixels, height * paper.pixels


def _png(figure: Figure, paper: Paper) -> bytes:
    buffer = _open_buffer()
    as_image(figure, paper).save(buffer, "PNG")
    return buffer.data().data()


def _svg(figure: Figure, paper: Paper) -> bytes:
    buffer, generator = _open_buffer(), QSvgGenerator()
    with fonts.on_paper() as dpi:
        paper, height = fitted(figure, paper)
        generator.setOutputDevice(buffer)
        generator.setResolution(round(dpi))
        generator.setViewBox(QRectF(0, 0, paper.width, height))
        # Qt says the size in millimetres of dots of this resolution.
        scale = paper.points * dpi / 72
        generator.setSize(QSize(math.ceil(paper.width * scale), math.ceil(height * scale)))
        generator.setTitle(printable(figure.title))
        _paint(generator, figure, paper, height, 1.0)
        figures = fonts.figures().family()
    said = _with_clips(_NO_XML.sub(" ", buffer.data().data().decode()))
    return _FAMILY.sub(lambda found: _with_generic(found[1], figures), said).encode()


def _with_clips(said: str) -> str:
    """The marks that `clipped` left become groups that are clipped."""
    count = itertools.count()

    def group(found: re.Match[str]) -> str:
        if found[1].startswith(END):
            return "</g>"
        x, y, width, height = found[1].split()[1:]
        name = f"clip{next(count)}"
        sides = f'x="{x}" y="{y}" width="{width}" height="{height}"'
        path = f'<clipPath id="{name}"><rect {sides}/></clipPath>'
        return f'<defs>{path}</defs><g clip-path="url(#{name})">'

    return _MARK.sub(group, said)


def _with_generic(family: str, figures: str) -> str:
    """A family of this machine, and what is to stand in for it on another."""
    return f"font-family=\"'{family}', {'monospace' if family == figures else 'sans-serif'}\""


def _pdf(figure: Figure, paper: Paper) -> bytes:
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setCreator("mmviz")
    writer.setTitle(printable(figure.title))
    with fonts.on_paper() as dpi:
        paper, height = fitted(figure, paper)
        writer.setResolution(round(dpi))
        points = QSizeF(paper.width, height) * paper.points
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "figure"))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        _paint(writer, figure, paper, height, paper.points * dpi / 72)
    return buffer.data().data()


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _paint(device: QPaintDevice, figure: Figure, paper: Paper, height: float, scale: float) -> None:
    with painting(device) as painter:
        painter.scale(scale, scale)
        # What is said goes from left to right, also where it begins with a name that does not.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        figure.paint(painter, QRectF(0, 0, paper.width, height))
