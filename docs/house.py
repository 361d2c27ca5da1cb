"""Draws docs/house.svg: the rooms, and the walks through them.

uv run python docs/house.py
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1120, 640
ROOMS = (
    ("cli", "the commands: read, and print"),
    ("ui", "the window: the only room with Qt"),
    ("state", "the application without a window"),
    ("words", "causes become sentences, in a language"),
    ("files", "reading and writing"),
    ("bench", "how long it takes here: the child's clock"),
    ("backends", "who multiplies; none knows another"),
    ("core", "what is computed, where, when, at what cost"),
    ("numerals · errors · text · units", "what all rooms read numbers and say things with"),
)
WALKS = (
    (
        "The picture",
        ("Network + batch", "Gemms", "Tiling", "Trace", "Frame", "painter"),
        "a Device gives units, peaks and orders; trace.at(t) is one instant",
    ),
    (
        "The clock",
        ("Network + batch", "Backend", "child process", "Samples", "Run", "charts, files"),
        "a crash, a hang or a lack of memory there never takes the window down",
    ),
    (
        "The window",
        ("Session + Facts", "derive", "Derived", "views", "panels", "signals"),
        "signals become actions, and an action makes the next Session; a result, the next Facts",
    ),
)
STYLE = """
  .ground { fill: #f7f8fa }
  .box { fill: #ffffff; stroke: #9aa4b2 }
  .step { fill: #e8eef7; stroke: #6c87ad }
  text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 15px; fill: #1d2530 }
  .name { font-weight: 600 }
  .note { font-size: 13px; fill: #55606e }
  .line { stroke: #6b7684; fill: none; stroke-width: 1.5 }
  .head { fill: #6b7684 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #14181e }
    .box { fill: #1d232b; stroke: #5c6775 }
    .step { fill: #1f2f45 }
    text { fill: #e8ecf1 }
    .note { fill: #a7b1bd }
    .line { stroke: #97a2b0 }
    .head { fill: #97a2b0 }
  }
"""


def text(x: float, y: float, said: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(said)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" class="{kind}"/>'


def arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1} {y1} L{x2} {y2}" class="line" marker-end="url(#head)"/>'


def rooms() -> list[str]:
    drawn = [text(56, 42, "Rooms: imports point down", "name")]
    for i, (name, what) in enumerate(ROOMS):
        y = 60 + 61 * i
        drawn += [
            box(56, y, 340, 50, "box"),
            text(72, y + 21, name, "name"),
            text(72, y + 40, what, "note"),
        ]
    return [*drawn, arrow(34, 60, 34, 60 + 61 * len(ROOMS) - 16)]


def walk(y: float, title: str, steps: tuple[str, ...], note: str) -> list[str]:
    """Six steps in two rows of three, as one reads."""
    drawn = [text(450, y, title, "name")]
    for i, step in enumerate(steps):
        x, top = 450 + 216 * (i % 3), y + 18 + 62 * (i // 3)
        drawn += [box(x, top, 170, 40, "step"), text(x + 85, top + 25, step, anchor="middle")]
        if i % 3:
            drawn.append(arrow(x - 46, top + 20, x - 9, top + 20))
    back = f"M967 {y + 58} V{y + 69} H535 V{y + 71}"  # to the beginning of the second row
    drawn.append(f'<path d="{back}" class="line" marker-end="url(#head)"/>')
    return [*drawn, text(450, y + 145, note, "note")]


def house() -> str:
    parts = rooms()
    for i, (title, steps, note) in enumerate(WALKS):
        parts += walk(42 + 198 * i, title, steps, note)
    head = (
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 L8 4 L0 8 z" class="head"/></marker>'
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
            f"<style>{STYLE}</style><defs>{head}</defs>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" class="ground"/>',
            *parts,
            "</svg>\n",
        )
    )


if __name__ == "__main__":
    Path(__file__).with_name("house.svg").write_text(house(), encoding="utf-8")
