"""A drawing put where a network expects it, as MNIST's were: the same for every drawing there is.

Cropped to its ink, scaled so that the crop fits into 20 × 20 pixels, and shifted so that its centre
of mass is the middle of the 28 × 28 (LeCun, Cortes, Burges: The MNIST database, 1998). Scaling and
shifting rows, then columns, are two products with matrices of two weights a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.learning.digits.strokes import SIDE, Floats

BOX = 20
INKED = 0.1  # from which a pixel counts for the crop
_SHARE = 1000  # drawings at once


def centred(images: Floats) -> Floats:
    """[drawings × 28 × 28], 0 … 1, likewise. An empty drawing stays empty."""
    found: Floats = np.empty(images.shape, np.float32)
    for i in range(0, len(images), _SHARE):
        part = images[i : i + _SHARE]
        rows, columns = _extent(part.max(axis=2)), _extent(part.max(axis=1))
        longest = np.maximum(rows[1] - rows[0], columns[1] - columns[0])
        scale = BOX / np.maximum(longest, 1)
        down = _resampling(_middle(part.sum(axis=2), rows), scale, rows)
        across = _resampling(_middle(part.sum(axis=1), columns), scale, columns)
        np.matmul(down @ part, across.transpose(0, 2, 1), out=found[i : i + _SHARE])
    np.clip(found, 0, 1, out=found)
    return found


@dataclass(frozen=True, slots=True)
class Crop:
    """What `centred` does with one drawing, in pixels from its upper left corner: the rows and
    columns of its ink, first and behind the last; its centre of mass, row and column; and by how
    much the crop is scaled.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    middle: tuple[float, float]
    scale: float


def crop_of(image: Floats) -> Crop | None:
    """Of one drawing [28 × 28]; None where it has no ink that counts."""
    part = image[None]
    rows, columns = _extent(part.max(axis=2)), _extent(part.max(axis=1))
    high, wide = (tuple(int(end[0]) for end in extent) for extent in (rows, columns))
    if not (image > INKED).any():
        return None
    middle = _middle(part.sum(axis=2), rows)[0], _middle(part.sum(axis=1), columns)[0]
    longest = max(high[1] - high[0], wide[1] - wide[0])
    return Crop(
        (high[0], high[1]), (wide[0], wide[1]), (float(middle[0]), float(middle[1])), BOX / longest
    )


def _extent(most: Floats) -> tuple[Floats, Floats]:
    """First and behind the last pixel that is inked, of each drawing, along one axis."""
    inked = most > INKED
    first = inked.argmax(axis=1).astype(np.float32)
    last = SIDE - inked[:, ::-1].argmax(axis=1).astype(np.float32)
    none = ~inked.any(axis=1)
    return np.where(none, 0, first), np.where(none, SIDE, last)


def _middle(mass: Floats, extent: tuple[Floats, Floats]) -> Floats:
    """Centre of mass of what is in the crop, along one axis; its middle where there is no ink."""
    at = np.arange(SIDE, dtype=np.float32) + 0.5
    inside = (at > extent[0][:, None]) & (at < extent[1][:, None])
    kept = mass * inside
    total = kept.sum(axis=1)
    middle = (extent[0] + extent[1]) / 2
    return np.where(total > 0, (kept @ at) / np.maximum(total, 1e-12), middle)


def _resampling(middle: Floats, scale: Floats, extent: tuple[Floats, Floats]) -> Floats:
    """[drawings × 28 × 28]: a pixel of the result as a mean of pixels of the crop.

    A triangle as wide as the pixels that become one, so that ink is neither lost nor made.
    """
    at = np.arange(SIDE, dtype=np.float32) + 0.5
    from_ = middle[:, None] + (at - SIDE / 2) / scale[:, None]  # [drawing × result]
    reach = np.maximum(1, 1 / scale)[:, None, None]
    near = 1 - np.abs(from_[:, :, None] - at) / reach
    inside = (at > extent[0][:, None]) & (at < extent[1][:, None])
    weight = np.maximum(near, 0) / reach * inside[:, None, :]
    found: Floats = weight.astype(np.float32)
    return found
