"""Texts as they are, where Qt would see markup: tool tips, labels, what a menu or a button says.

Qt guesses from a text's first tag that it is HTML, and takes & in an action's or a button's text
for the sign of a key. Names of files, networks and devices may hold both.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

_WIDE, _LONG = 320, 70  # pixels of a meaning in a tip; letters, with its markup, that need them


class PlainLabel(QLabel):
    """A label that shows its text as it is."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


def as_tip(text: str) -> str:
    """For a tool tip: what is seen is `text`, tags and all.

    Where Qt might guess HTML it is made HTML; Qt's own guess cannot be asked for from Python.
    """
    if "<" not in text and "&lt;" not in text:
        return text
    return f'<div style="white-space: pre-wrap">{html.escape(text)}</div>'


def tip_with(own: str, lines: Iterable[tuple[str, str]]) -> str:
    """A tip that `as_tip` made, and below it each (word, meaning) that it does not say already."""
    there = html.unescape(own)
    said = [
        f"<p style='margin:0'><b>{html.escape(word)}</b>: {html.escape(meaning)}</p>"
        for word, meaning in lines
        if meaning not in there
    ]
    if not said:
        return own
    if own and not own.startswith("<"):  # as_tip leaves no other markup
        own = f'<div style="white-space: pre-wrap">{html.escape(own)}</div>'
    # Left to itself Qt makes such a text a column of a few words a line.
    width = f' width="{_WIDE}"' if max(map(len, said)) > _LONG else ""
    cell = f"<td style='padding-top:{6 if own else 0}px'>{''.join(said)}</td>"
    return f"{own}<table cellspacing='0' cellpadding='0'{width}><tr>{cell}</tr></table>"


def as_label(text: str) -> str:
    """For the text of an action, a menu or a button: & is seen, and no key is underlined."""
    return text.replace("&", "&&")
