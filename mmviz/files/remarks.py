"""What the comments above the first row of a list say: `# name: GPT-2 small`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from mmviz.files.ordinary import MAX_TEXT, SHORT, check_text
from mmviz.files.table import told_mark
from mmviz.text import N_, NOTHING, P_, Text, joined, own

REMARKS = ("name", "about", "source", "device", "order")
_REMARK = re.compile(rf"#\s*({'|'.join(REMARKS)}):(.*)")
_MEANT = re.compile(
    r"#\s*(batch[ _-]?(?:size|count)?|counts?|repeats?|d_?type|precision|training|tile)\s*[:=]",
    re.IGNORECASE,
)


def remarks_of(text: str, where: str | Text) -> dict[str, str]:
    """What the comments above the first row say, by the words of REMARKS; raises InputError."""
    found: dict[str, str] = {}
    for number, line in _comments(text):
        if remark := _REMARK.match(line):
            word, said = remark[1], remark[2].strip()
            longest = SHORT if word == "name" else MAX_TEXT
            what = Text(N_("{where}, line {line}: {word}"), where=where, line=number, word=word)
            check_text(said, what, longest)
            found[word] = said
    return found


def unused(text: str) -> Text:
    """Which comments above the first row say what a pass is, and are not taken."""
    remarks = (_MEANT.match(line) for _, line in _comments(text))
    words = dict.fromkeys(remark[1].strip() for remark in remarks if remark)
    said = P_("remark {words} is not used", "remarks {words} are not used")
    return (
        Text(said, n=len(words), words=joined([*map(own, words)], "commas")) if words else NOTHING
    )


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments above the first row, and where they stand."""
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        plain = line.strip()
        if plain.startswith("#"):
            yield number, plain
        elif plain and told_mark(line) is None:
            return
