"""What can leave the window as a picture, for which paper, and how it was last wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from mmviz.text import N_

PARTS: dict[str, str] = {
    "picture": N_("Picture"),
    "units": N_("Units over time"),
    "recording": N_("Schedules side by side"),
    "race": N_("Race"),
    "roofline": N_("Roofline"),
    "peak": N_("Where the peak goes"),
    "sweep": N_("Sweep"),
    "timing": N_("Timing"),
    "parts": N_("Where a pass goes"),
    "layers": N_("Layers"),
    "pass": N_("The pass over time"),
    "lesson": N_("Loss and drawings told right"),
    "filters": N_("Weights of ten neurons"),
    "digit": N_("Pixel × weight"),
    "ladder": N_("Ladder"),
    "rates": N_("Batch size"),
}
"""By id, what each part is called, a marked text; the ids are those of `--part` too."""

LEARNT = ("lesson", "filters", "digit", "ladder", "rates")
"""Those that show learning; each is a table as well."""

KINDS = ("png", "svg", "pdf")
SIZES: dict[str, str] = {
    "slide": N_("Slide 16:9"),
    "column85": N_("Column of 85 mm"),
    "column170": N_("Column of 170 mm"),
    "screen": N_("As on screen"),
    "pixels": N_("In pixels"),
}
"""By id, what each size is called, a marked text."""

SMALLEST_TYPE = 11.0  # logical pixels, as the window has it
PRINTED_TYPE = 7.0  # points the smallest type has in a printed column
PRINTED_DPI = 600.0
SLIDE = (1920, 1080)
SLIDE_TYPE = 2.5  # pixels of a slide a logical pixel has: 28 at least, 14 points of 13.3 inches
SLIDE_POINTS = 960.0 / SLIDE[0]  # a slide is 13.33 inches wide
LEAST, MOST = 160, 16_384  # pixels of a side that can be asked for
MOST_SCALE = 4
MOST_PIXELS = MOST * MOST  # of an image: a gigabyte while it is painted


@dataclass(frozen=True, slots=True)
class Paper:
    """width, height: logical pixels, of which type is 11 to 14 high; height None: what suits.

    pixels: of an image in one of them. points: 1/72 inch in one of them, where inches count.
    """

    width: float
    height: float | None
    pixels: float
    points: float

    def enlarged(self, factor: float) -> Paper:
        """As large as before for who sees it, with room for so many times more."""
        height = None if self.height is None else self.height * factor
        return Paper(self.width * factor, height, self.pixels / factor, self.points / factor)


CHART = Paper(960.0, None, 2.0, 0.75)
"""What commands draw a chart on."""


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """part, size, kind: ids of PARTS, SIZES, KINDS. theme: "" for the window's.

    width, height: pixels, of size "pixels". scale: how many times finer an image is. title, legend,
    prose, units: whether they are in it, as far as the part has them.
    """

    part: str = "picture"
    size: str = "slide"
    kind: str = "png"
    theme: str = ""
    width: int = SLIDE[0]
    height: int = SLIDE[1]
    scale: int = 1
    title: bool = True
    legend: bool = True
    prose: bool = True
    units: bool = True


def paper_of(choice: ExportChoice, screen: tuple[float, float]) -> Paper:
    """What is painted on. screen: logical pixels the part has in the window."""
    if choice.size == "slide":
        found = _pixels(*SLIDE, SLIDE_POINTS)
    elif choice.size == "column85":
        found = _column(85.0)
    elif choice.size == "column170":
        found = _column(170.0)
    elif choice.size == "pixels":
        found = _pixels(choice.width, choice.height, 0.75)
    else:
        found = Paper(*screen, 2.0, 0.75)
    return replace(found, pixels=found.pixels * choice.scale)


def _pixels(width: int, height: int, points: float) -> Paper:
    """Type grows with the sides, so that it is read from where the whole is seen."""
    whole = SLIDE[0] * SLIDE[1]
    each = max(1.0, SLIDE_TYPE * math.sqrt(width * height / whole))
    return Paper(width / each, height / each, each, points * each)


def _column(millimetres: float) -> Paper:
    points = PRINTED_TYPE / SMALLEST_TYPE
    return Paper(millimetres / 25.4 * 72 / points, None, PRINTED_DPI / 72 * points, points)
