"""What the window of help shows, as pages of rich text: keys, words."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mmviz.text import N_, Text
from mmviz.ui.look.rich import unbroken
from mmviz.ui.look.theme import Theme
from mmviz.words.glossary import GROUPS
from mmviz.words.speech import Words

NONE = N_("nothing here has “{typed:.40}” in it")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page: what stands at the left, what it means, and the id it is found by."""

    left: Text
    right: Text
    id: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Lines below a title."""

    title: Text
    rows: tuple[Row, ...]


def glossary(words: Words) -> tuple[Chapter, ...]:
    """The terms that stand on screen, a chapter a group, by their words in the language."""
    chapters = []
    for group in GROUPS:
        if group.shown:
            said = ((term.id, *term.said(words)) for term in group.terms)
            rows = (Row(Text("{own}", own=w), Text("{own}", own=m), id) for id, w, m in said)
            chapters.append(Chapter(Text(group.title), tuple(rows)))
    return tuple(chapters)


def page(
    chapters: Sequence[Chapter], typed: str, words: Words, theme: Theme, marked: str = ""
) -> str:
    """The chapters as rich text, with the lines alone that have all words of `typed` in them.

    marked: the id of a line that stands out.
    """
    shown = list(_shown(chapters, typed, words, theme, marked))
    if not shown:
        return _cell("p", theme.muted, words(Text(NONE, typed=typed)))
    return f'<table cellspacing="0" cellpadding="4" width="100%">{"".join(shown)}</table>'


def fits(row: Row, typed: str, words: Words) -> bool:
    """Whether all words that were typed are in a line."""
    text = f"{words(row.left)} {words(row.right)}".lower()
    return all(part in text for part in typed.lower().split())


def any_fit(chapters: Iterable[Chapter], typed: str, words: Words) -> bool:
    """Whether anything is left where the lines with all words of `typed` are."""
    return any(fits(row, typed, words) for chapter in chapters for row in chapter.rows)


def _shown(
    chapters: Iterable[Chapter], typed: str, words: Words, theme: Theme, marked: str
) -> Iterator[str]:
    for chapter in chapters:
        rows = [row for row in chapter.rows if fits(row, typed, words)]
        if rows:
            title = _cell("b", theme.muted, words(chapter.title))
            yield f'<tr><td colspan="2"><br>{title}</td></tr>'
        for row in rows:
            ground = f' bgcolor="{theme.selected}"' if row.id and row.id == marked else ""
            anchor = f'<a name="{row.id}"></a>' if row.id else ""
            left = _cell("b", theme.text, unbroken(words(row.left)))
            right = _cell("span", theme.text, words(row.right))
            yield (
                f'<tr{ground}><td width="30%">{anchor}{left}</td>'
                f'<td style="white-space: pre-wrap">{right}</td></tr>'
            )


def _cell(tag: str, colour: str, text: str) -> str:
    return f'<{tag} style="color:{colour}">{html.escape(text)}</{tag}>'
