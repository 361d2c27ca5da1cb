"""Write docs/exam.md, the exam with mmviz's answers, and the sentence of the README about it.

python docs/exam.py
"""

from __future__ import annotations

import re
from pathlib import Path

from mmviz.cli.exam import VERDICTS, Answer, as_published, ask, in_unit, off_by, summary
from mmviz.files.exam import shipped
from mmviz.text import Text
from mmviz.words.speech import ENGLISH

PAGE = Path(__file__).with_name("exam.md")
README = Path(__file__).parent.parent / "README.md"
MARKED = re.compile(r"(<!-- exam -->\n).*?(\n<!-- /exam -->)", re.DOTALL)
HEAD = """# The exam

Published exercises and measured times, each answered by the command that stands with it; `mmviz
exam` prints the same, `mmviz exam FILE.csv` asks rows of yours as well. No constant was fitted to
these rows. Those of two reports set errors that are stated beside predictions: of products in one
launch (PyTorch issue 83272), and of rows that are no whole lines (181718); they say so. A row
passes within its tolerance: what is counted must be right, a clocked time may be 15 % off, as
reports of one product on one card differ by more. What is off stays.

This page is made by `docs/exam.py`; the rows stand in `assets/exam/exam.csv`.
"""


def page(answers: tuple[Answer, ...]) -> str:
    """The whole page, as Markdown."""
    kinds = (("Exercises", "exercise"), ("Measured by others", "measured"))
    tables = (_table(title, [a for a in answers if a.question.kind == k]) for title, k in kinds)
    return f"{HEAD}\n{sentence(answers)}\n" + "".join(tables)


def sentence(answers: tuple[Answer, ...]) -> str:
    """How many of each kind pass."""
    said = "; ".join(map(ENGLISH, summary(answers)[:2]))
    return f"{said[0].upper()}{said[1:]}."


def _table(title: str, answers: list[Answer]) -> str:
    head = ["", "question", "published", "mmviz", "off by", "command", "source"]
    rows = [head, ["---"] * len(head), *map(_row, answers)]
    return f"\n## {title}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(answer: Answer) -> list[str]:
    asked = answer.question
    source = f"[{asked.source}]({asked.url})" if asked.url else asked.source
    return [
        ENGLISH(Text(VERDICTS[answer.verdict])),
        f"{asked.question} ({asked.note})" if asked.note else asked.question,
        ENGLISH(as_published(asked)),
        ENGLISH(in_unit(answer.found, asked.unit)),
        ENGLISH(off_by(answer)),
        f"`{' '.join(asked.command)}`",
        source,
    ]


def main() -> None:
    """Write both."""
    answers = ask(shipped())
    PAGE.write_text(page(answers))
    text = README.read_text()
    said = f"{sentence(answers)} Every row with its source: [the exam](docs/exam.md)."
    README.write_text(MARKED.sub(lambda found: found[1] + said + found[2], text))


if __name__ == "__main__":
    main()
