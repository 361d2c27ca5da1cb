"""Write docs/glossary.md: the page of the words that mmviz ships (`mmviz/words/glossary`).

python docs/glossary.py
"""

from __future__ import annotations

from pathlib import Path

from mmviz.words.glossary import GROUPS, Group, Term
from mmviz.words.speech import Words, speak

PAGE = Path(__file__).with_name("glossary.md")
HEAD = """# Glossary

One word a thing, in the window, on the command line and in the code. Where a word is a type, its
name in the code is given. F1 shows the same in the window, where every term explains itself.

This page is made by `docs/glossary.py`; the words stand in `mmviz/words/glossary/`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return HEAD + "".join(map(_table, GROUPS))


def _table(group: Group) -> str:
    chinese = speak("zh_CN") if group.shown else None
    head = ["word", "meaning", *(["中文"] if chinese else [])]
    rows = [head, ["---"] * len(head), *(_row(term, chinese) for term in group.terms)]
    lines = (f"| {' | '.join(row)} |\n" for row in rows)
    return f"\n## {group.title}\n\n" + "".join(lines)


def _row(term: Term, chinese: Words | None) -> list[str]:
    types = ", ".join(f"`{name}`" for name in term.types)
    word = f"{term.word} ({types})" if types else term.word
    return [word, term.meaning, *([term.said(chinese)[0]] if chinese else [])]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
