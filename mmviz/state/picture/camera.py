"""Which part of the output is looked at, and how large: zoom and pan as pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace

LEAST_CELLS = 4.0  # closest: so many cells along the longer side
STEP = 1.25  # one notch of the wheel


@dataclass(frozen=True, slots=True)
class Camera:
    """A window on an output of any size, in shares of its sides: 0 … 1 along rows and columns.

    slice: which product of a stack is in front, None: the one computed now.
    """

    top: float = 0.0
    left: float = 0.0
    height: float = 1.0
    width: float = 1.0
    slice: int | None = None

    @property
    def whole(self) -> bool:
        """True while all of the output is in view."""
        return self.height >= 1.0 and self.width >= 1.0


WHOLE = Camera()


def in_front(camera: Camera, which: int | None) -> Camera:
    """The same part of another slice of a stack."""
    return replace(camera, slice=which)


def zoomed(
    camera: Camera, factor: float, row: float, column: float, sides: tuple[int, int]
) -> Camera:
    """Closer (factor > 1) or farther, keeping the point (row, column; shares) where it is.

    sides: rows and columns of the output, in cells; no closer than LEAST_CELLS of them.
    """
    height = min(1.0, max(camera.height / factor, min(1.0, LEAST_CELLS / sides[0])))
    width = min(1.0, max(camera.width / factor, min(1.0, LEAST_CELLS / sides[1])))
    top = row - (row - camera.top) * height / camera.height
    left = column - (column - camera.left) * width / camera.width
    return _inside(replace(camera, top=top, left=left, height=height, width=width))


def panned(camera: Camera, rows: float, columns: float) -> Camera:
    """Moved by shares of what is in view; stays inside the output."""
    return _inside(
        replace(
            camera,
            top=camera.top + rows * camera.height,
            left=camera.left + columns * camera.width,
        )
    )


def _inside(camera: Camera) -> Camera:
    top = min(max(camera.top, 0.0), 1.0 - camera.height)
    left = min(max(camera.left, 0.0), 1.0 - camera.width)
    return replace(camera, top=max(0.0, top), left=max(0.0, left))
