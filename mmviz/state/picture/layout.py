"""Where X, W and Y stand: pure geometry in pixels, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

GAP = 10.0  # between the matrices
BAR, BAR_WIDTH = 34.0, 370.0  # the bar at the picture's upper right corner
LABEL = 36.0  # the bar and a line of text above a matrix
FOOT = 48.0  # the caption and the legend below Y
SLIM = 84.0  # X's width and W's height where Y takes all the room
MOST_STRETCHED = 7.0  # Y is never drawn flatter than 1 : 7
NAME = 122.0  # room for X's name and sides, right-aligned above it
SHARE, LONGEST_K = 0.7, 260.0
LARGEST_CELL = (76.0, 60.0)
CELL_GAP = 4.0
EDGE = 3.0  # around Y alone: the mark of what is picked out lies outside of it


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom


@dataclass(frozen=True, slots=True)
class PictureLayout:
    """a left of c, b above c, c at the corner; cell: its size where cells are drawn, else None."""

    a: Box
    b: Box
    c: Box
    cell: tuple[float, float] | None = None

    @property
    def alone(self) -> bool:
        """Whether c stands without a and b."""
        return not self.a.w


def tiles_layout(
    width: float, height: float, m: int, n: int, k: int, bar: float = BAR_WIDTH
) -> PictureLayout:
    """`tiles_below` with just the room above that the bar and the name of W need.

    bar: what the bar takes of the width, from the right.
    """
    layout = tiles_below(width, height, m, n, k, LABEL)
    if layout.b.x + NAME + 20 <= width - bar:
        return layout
    return tiles_below(width, height, m, n, k, LABEL + 20)  # the name stands below the bar


def tiles_below(width: float, height: float, m: int, n: int, k: int, label: float) -> PictureLayout:
    """Y as large as fits, its sides in proportion up to 1 : 7; k is drawn to no scale.

    Room that Y leaves goes to the k sides of X and W, as far as they are that long.
    """
    a_w = min(SLIM, width * 0.12)
    b_h = min(SLIM, height * 0.2)
    room_w = max(40.0, width - max(a_w, NAME) - 2 * GAP - 4)
    room_h = max(40.0, height - b_h - GAP - label - FOOT)
    ratio = min(max(n / m, 1 / MOST_STRETCHED), MOST_STRETCHED)
    c_w = min(room_w, room_h * ratio)
    c_h = min(room_h, c_w / ratio)
    a_w = max(a_w, min(a_w + SHARE * (room_w - c_w), c_w * k / n, LONGEST_K))
    b_h = max(b_h, min(b_h + SHARE * (room_h - c_h), c_h * k / m, LONGEST_K))
    room_w, room_h = width - max(a_w, NAME) - 2 * GAP - 4, height - b_h - GAP - label - FOOT
    left = GAP + max(a_w, NAME) + GAP + max(0.0, (room_w - c_w) / 2)
    top = label + b_h + GAP + max(0.0, (room_h - c_h) / 2)
    c = Box(round(left), round(top), round(c_w), round(c_h))
    return PictureLayout(
        Box(c.x - GAP - round(a_w), c.y, round(a_w), c.h),
        Box(c.x, c.y - GAP - round(b_h), c.w, round(b_h)),
        c,
    )


def alone_layout(width: float, height: float, m: int, n: int) -> PictureLayout:
    """Y alone, as large as fits, at the left and top; X and W have no room."""
    ratio = min(max(n / m, 1 / MOST_STRETCHED), MOST_STRETCHED)
    room_w, room_h = max(20.0, width - 2 * EDGE), max(20.0, height - 2 * EDGE)
    c_w = min(room_w, room_h * ratio)
    c = Box(EDGE, EDGE, round(c_w), round(min(room_h, c_w / ratio)))
    return PictureLayout(Box(c.x, c.y, 0.0, 0.0), Box(c.x, c.y, 0.0, 0.0), c)


def cells_layout(
    width: float, height: float, m: int, n: int, k: int, bar: float = 0.0
) -> PictureLayout:
    """All cells of one size, as in a notebook; the whole is centred, beside or below the bar.

    bar: what it takes of the width, from the right.
    """
    room_w, room_h = width - 4 * GAP, height - LABEL - FOOT - 3 * GAP
    cell_w = min(LARGEST_CELL[0], room_w / (k + n))
    cell_h = min(LARGEST_CELL[1], room_h / (k + m), cell_w)
    cell_w = min(cell_w, cell_h * 1.5)
    left = (width - (k + n) * cell_w - GAP) / 2
    top = LABEL + (height - LABEL - FOOT - (k + m) * cell_h - 2 * GAP) / 2
    if top < LABEL + 20:  # the name of W stands as high as the bar
        under = left + k * cell_w + GAP + NAME + 20 - (width - bar)
        left -= min(max(0.0, under), max(0.0, left - GAP))
    c = Box(left + k * cell_w + GAP, top + k * cell_h + 2 * GAP, n * cell_w, m * cell_h)
    return PictureLayout(
        Box(left, c.y, k * cell_w, c.h), Box(c.x, top, c.w, k * cell_h), c, (cell_w, cell_h)
    )
