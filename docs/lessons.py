"""Write the table of quantities in docs/lessons.md, from the quantities that mmviz computes.

python docs/lessons.py
"""

from __future__ import annotations

from pathlib import Path

from mmviz.state.lessons.quantities.quantity import Quantity
from mmviz.state.lessons.quantities.table import QUANTITIES

PAGE = Path(__file__).with_name("lessons.md")
BEGIN, END = "<!-- quantities -->\n", "<!-- end of quantities -->\n"


def table() -> str:
    """All quantities, a row each, by name."""
    rows = [["name", "kind", "unit", "what it is"], ["---"] * 4]
    rows += [_row(name, QUANTITIES[name]) for name in sorted(QUANTITIES)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def page(written: str) -> str:
    """The page with its table made anew."""
    before, _, rest = written.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def _row(name: str, quantity: Quantity) -> list[str]:
    arguments = "" if not quantity.most else "[…]" if quantity.least else "[…] or bare"
    about = quantity.about + (f"; clicked on `{quantity.on}`" if quantity.on else "")
    shown = "" if quantity.unit in ("number", "digit", "loss") else quantity.unit
    return [f"`{name}`{arguments}", quantity.kind, shown, about]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
