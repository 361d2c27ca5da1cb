"""Where a systolic array stands at the right of the picture: pure geometry in pixels, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.body import Dataflow
from mmviz.core.schedule.systolic import Array
from mmviz.state.picture.layout import BAR, Box

WORDS = 216.0  # width of the column of words
GAP = 18.0
TALL = 300.0  # pixels of height from which the words need no more than the array has
LEAST = 660.0  # narrower pictures have no room for an array
SHARE = 0.62  # of the picture's width, at most
LARGEST = 110.0  # pixels a multiplier, at most
NUMBER = 22.0  # pixels a multiplier from which there is room for a number
THINNEST = 3.0  # pixels of width of a front, at least
WHOLE = 3.0  # pixels from which a multiplier's side is whole, so that all look alike


@dataclass(frozen=True, slots=True)
class ArrayLayout:
    """px: side of a multiplier. left, above, below: places shown around the array.

    whole: all of them, array: the multipliers alone, words: the column beside.
    """

    px: float
    left: int
    above: int
    below: int
    whole: Box
    array: Box
    words: Box

    def thin(self, through: int) -> bool:
        """Whether a front of so many diagonals would hardly be seen, and is drawn wider."""
        return through * self.px < THINNEST


def around(array: Array, dataflow: Dataflow, height: float) -> tuple[int, int, int]:
    """Places at the left, above and below: enough to see that they are skewed.

    Above and below fewer where that leaves the multipliers room for their numbers.
    """
    rows, columns = array
    left = max(3, columns // 4)
    if dataflow == "os":
        return left, 2 if height < (rows + 3) * NUMBER <= height + NUMBER else max(3, rows // 4), 0
    few = height < (rows + 4) * NUMBER <= height + 2 * NUMBER
    many = 1 if few else max(2, rows // 8)
    return left, many, many


def array_width(width: float, height: float, array: Array, dataflow: Dataflow) -> float:
    """How much of a picture's width the array takes; 0 where it has no room."""
    if width < LEAST:
        return 0.0
    left, above, below = around(array, dataflow, height - BAR - 8)
    px = min(LARGEST, (height - BAR - 8) / (above + array[0] + below))
    return min(px * (left + array[1]) + WORDS + 2 * GAP, SHARE * width)


def array_layout(area: Box, array: Array, dataflow: Dataflow) -> ArrayLayout:
    """The array as large as fits at the left of `area`, in its middle; the words beside."""
    left, above, below = around(array, dataflow, area.h)
    down, across = above + array[0] + below, left + array[1]
    px = min(LARGEST, area.h / down, (area.w - WORDS - 2 * GAP) / across)
    px = float(int(px)) if px >= WHOLE else px
    x, y = round(area.x + GAP / 2), round(area.y + (area.h - px * down) / 2)
    whole = Box(x, y, px * across, px * down)
    inner = Box(x + left * px, y + above * px, array[1] * px, array[0] * px)
    top = whole.y if whole.h >= TALL else area.y
    words = Box(whole.right + GAP, top, WORDS, area.bottom - top)
    return ArrayLayout(px, left, above, below, whole, inner, words)
