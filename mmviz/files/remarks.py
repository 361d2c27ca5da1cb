"""What the comments above the first row of a list say: `# name: GPT-2 small`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from mmviz.files.ordinary import MAX_TEXT, SHORT, check_text
from mmviz.files.table import MAX_LINE, QUOTED, told_mark
from mmviz.text import N_, NOTHING, P_, Text, joined, own

REMARKS = ("name", "about", "source", "device", "order")
MOST_LINES = 10_000  # in which remarks are looked for
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
            what = Text(N_("{where}, line {line:d}: {word}"), where=where, line=number, word=word)
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
    row: str | None = None
    for number, line in enumerate(_begin(text), start=1):
        plain = line.strip()
        if _is_comment(plain):
            if plain[0] != "#" or plain[-2:] in (",,", ";;"):
                row = _first_row(text) if row is None else row
                plain = _bare(plain, row)
            yield number, plain
        elif plain.strip(",;") and told_mark(line) is None:
            return


def _begin(text: str) -> Iterator[str]:
    """The first lines: nobody says more of a list than that."""
    return islice(io.StringIO(text, newline=None), MOST_LINES)


def _is_comment(line: str) -> bool:
    return line.startswith("#") or QUOTED.match(line) is not None


def _first_row(text: str) -> str:
    lines = (line.strip() for line in _begin(text))
    rows = (line for line in lines if line.strip(",;") and told_mark(line) is None)
    return next((line for line in rows if not _is_comment(line)), "")


def _bare(comment: str, row: str) -> str:
    """The comment without what a spreadsheet puts around it: quotes, and as many empty cells behind
    it as the first row has.
    """
    for mark in ",;":
        empty = mark * row.count(mark)
        if len(empty) > 1:
            comment = comment.removesuffix(empty)
    if comment.startswith("#") or len(comment) > MAX_LINE:
        return comment
    return next(csv.reader([comment]))[0]
