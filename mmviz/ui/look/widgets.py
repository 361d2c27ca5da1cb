"""Small widgets several panels are made of."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from mmviz.text import NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import tell


def heading(text: Text | str) -> QLabel:
    """The heading of a panel: small spaced capitals. A str is a marked msgid, here and below."""
    label = tell(PlainLabel(), text=text)
    label.setObjectName("heading")
    label.setFont(fonts.heading())
    return label


def muted(text: Text | str = NOTHING, *, wrap: bool = False) -> QLabel:
    """Secondary text; without one it is set later, by what shows a view."""
    label = tell(PlainLabel(), text=text) if text else PlainLabel()
    label.setObjectName("muted")
    label.setFont(fonts.words(fonts.SMALL))
    label.setWordWrap(wrap)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    if wrap:
        # A wrapped label must not widen its column.
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def cut_short() -> Eliding:
    """Secondary text of one line, which gives way."""
    label = Eliding()
    label.setObjectName("muted")
    label.setFont(fonts.words(fonts.SMALL))
    return label


def lead(button: QPushButton, leads: bool) -> None:
    """Make it the one primary button, or one among others again."""
    button.setObjectName("primary" if leads else "")
    style = button.style()
    if style is not None:
        style.unpolish(button)
        style.polish(button)
    button.updateGeometry()


def quiet(text: Text | str, tip: Text | str, *, small: bool = False) -> QPushButton:
    """A button that Tab reaches; a click leaves the keys to others."""
    button = tell(QPushButton(), text=text, tip=tip)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if small:
        button.setFont(fonts.words(fonts.SMALL))
    return button


def inked(widget: QWidget, colour: str) -> None:
    """Give its words another colour than the theme's. A rule for no name would colour its tip, too,
    and take the ground from under that.
    """
    if not widget.objectName():
        widget.setObjectName("inked")
    sheet = f"#{widget.objectName()} {{ color: {colour}; background: transparent; }}"
    if sheet != widget.styleSheet():  # which costs more to take than a card to draw
        widget.setStyleSheet(sheet)
