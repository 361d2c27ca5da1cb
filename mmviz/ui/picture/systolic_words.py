"""The words beside a systolic array: what happens in this cycle, how much of it works, colours."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from mmviz import units
from mmviz.state.picture.systolic import ArrayMoment, sentence, shares
from mmviz.state.picture.systolic_layout import ArrayLayout
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, tint, write, write_in
from mmviz.ui.picture.scene import Scene, rect
from mmviz.words.provenance import label

LINE = 17.0
ROOMY = 300.0  # pixels of height from which the sentence is set larger


def paint_words(painter: QPainter, scene: Scene, moment: ArrayMoment, layout: ArrayLayout) -> None:
    """From top to bottom; what no longer fits is left out, the last first. While somebody is asked
    for a figure it is the colours alone, and room for the rest.
    """
    theme, area = scene.theme, rect(layout.words)
    title = scene.words(Text(N_("{sides:shape} multipliers"), sides=moment.array))
    kind, small = scene.words(label(scene.trace.provenance)), fonts.words(fonts.SMALL)
    line = QRectF(area.x(), area.y(), area.width() - 2, LINE)
    write_in(painter, line, kind, small, theme.muted, RIGHT)
    bold = fonts.words(bold=True)
    beside = line.width() - painter.fontMetrics().horizontalAdvance(kind) - 8
    y = area.y() + LINE + 7
    if QFontMetricsF(bold).horizontalAdvance(title) <= beside:
        line.setWidth(max(0.0, beside))
    else:  # below what is modelled
        line.translate(0.0, LINE)
        y += LINE
    write_in(painter, line, title, bold, theme.text, LEFT)
    y = _paint_sentence(painter, scene, moment, area, y) + 8
    for name, share in shares(moment):
        if y + LINE > area.bottom():
            return
        line = QRectF(area.x(), y, area.width() - 2, LINE)
        y += LINE
        if scene.quiet:
            continue
        write_in(painter, line, scene.words(name), fonts.words(fonts.SMALL), theme.muted, LEFT)
        write_in(painter, line, units.percent(share), fonts.figures(fonts.SMALL), theme.text, RIGHT)
    _paint_legend(painter, scene, moment, area, y + 8, layout.thin(moment.through))


def _paint_sentence(
    painter: QPainter, scene: Scene, moment: ArrayMoment, area: QRectF, y: float
) -> float:
    """Wrapped; room is kept for the longest one, so that nothing below moves. Returns its end."""
    font = fonts.words(fonts.TEXT if area.height() >= ROOMY else fonts.SMALL)
    painter.setFont(font)
    painter.setPen(QColor(scene.theme.text))
    metrics = painter.fontMetrics()
    room = QRectF(area.x(), y, area.width() - 2, area.bottom() - y)
    flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
    lines = 6 if moment.arrays > 1 else 5
    said: tuple[Text, ...] = (sentence(moment),)
    if moment.turned:
        said = (*said, Text(N_("drawn for X·W")))
        lines += 1
    text = scene.words(joined(said, "semicolons"))
    used = painter.boundingRect(room, flags, text).height()
    if not scene.quiet:
        painter.drawText(room, flags, text)
    return y + min(max(used, lines * float(metrics.lineSpacing())), room.height())


def _paint_legend(
    painter: QPainter, scene: Scene, moment: ArrayMoment, area: QRectF, y: float, wider: bool
) -> None:
    theme, still = scene.theme, dict(moment.roles)["still"]
    now = N_("at work in this cycle, drawn wider") if wider else N_("at work in this cycle")
    held = (
        (Text(N_("{matrix} not begun"), matrix=still.name), QColor(theme.waiting))
        if moment.dataflow == "os"
        else (Text(N_("holds {matrix}, not at work"), matrix=still.name), tint(theme, still)[1])
    )
    no_part = QBrush(QColor(theme.muted), Qt.BrushStyle.BDiagPattern)
    entries: tuple[tuple[Text, QBrush], ...] = (
        (Text(now), QBrush(QColor(theme.now))),
        (held[0], QBrush(held[1])),
        (Text(N_("done in this fold")), QBrush(QColor(theme.order[1]))),
        (Text(N_("no part in this fold")), no_part),
    )
    if moment.folds.overlapped and moment.dataflow != "os":
        loaded = Text(N_("part of {matrix} loaded for the next fold"), matrix=still.name)
        entries = (*entries, (loaded, QBrush(tint(theme, still)[0])))
    for text, brush in entries:
        if y + LINE > area.bottom() + 2:
            return
        painter.setPen(QPen(QColor(theme.line)))
        painter.setBrush(brush)
        painter.drawRoundedRect(QRectF(area.x(), y + 3, 10, 10), 2, 2)
        write(
            painter, area.x() + 18, y + 12, scene.words(text), fonts.words(fonts.SMALL), theme.muted
        )
        y += LINE
