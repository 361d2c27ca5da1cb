"""Rich text, the only kind in which one label has several colours."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_TIME = re.compile(r"(?<=\d) (?=(?:[nµm]?s)\b)")


def paragraphs(lines: Iterable[tuple[str, str]]) -> str:
    """A paragraph for each (colour, text); what looks like markup in a text is shown as it is."""
    return "".join(
        f'<p style="margin:0 0 3px 0; color:{colour}">{html.escape(text)}</p>'
        for colour, text in lines
    )


def unbroken(text: str) -> str:
    """A line never ends between a number and its sign or its unit of time."""
    for sign in (" %", " × ", "→ ", "± "):
        text = text.replace(sign, sign.replace(" ", "\u00a0"))
    return _TIME.sub("\u00a0", text)


def wrapped(text: str, width: int) -> str:
    """As wide as `width` at most, in pixels; pre-wrap, since Qt else breaks at narrow no-break
    spaces."""
    said = unbroken(html.escape(text))
    return f'<table width="{width}"><tr><td style="white-space: pre-wrap">{said}</td></tr></table>'
