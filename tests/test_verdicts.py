"""Green says that something is better, or was checked: who shows it has a reason for it."""

from __future__ import annotations

import ast
from pathlib import Path

MMVIZ = Path(__file__).parents[1] / "mmviz"
REASONS = {
    "ui/lessons/board.py": "the lanes that a step's reveal is of, computed",
    "ui/lessons/card.py": "what came out, computed or measured, beside the guess",
    "ui/lessons/listed.py": "steps that were walked to their end",
    "ui/lessons/marks.py": "what came out, computed or measured, beside the click",
    "ui/race/table.py": "the side that core.verdict calls better",
    "ui/peak/advice_card.py": "a gain its error does not undo, or a shape as it should be",
    "ui/peak/waterfall.py": "a prediction whose error is known and that nothing measured denies",
    "ui/clock/painter.py": "results that differ from float64 by no more than rounding does",
    "ui/clock/verdict_table.py": "a run that bench.against calls faster than the one before",
    "ui/picture/lanes.py": "a sum that is complete",
}
"""Where the colour `agreed` is taken from the theme, and what makes it true there."""


def test_green_is_shown_only_where_a_verdict_or_a_check_stands_behind_it() -> None:
    """A place that is new belongs here with its reason: a comparison goes through core.verdict."""
    found = {
        path.relative_to(MMVIZ).as_posix()
        for path in MMVIZ.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "agreed" and _of_theme(node.value)
    }
    assert found == set(REASONS)


def _of_theme(node: ast.expr) -> bool:
    """Whether this is `theme` or something's `.theme`."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.lower().lstrip("_") in ("theme", "dark", "light")
