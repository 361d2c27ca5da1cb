"""How far apart two colours are, for each kind of sight; and a picture as such an eye sees it.

    uv run python tests/plugins/sight.py deuteranopia window.png seen.png

Sight without one kind of cone is that of Machado, Oliveira and Fernandes (2009) at full severity.
Differences are ΔE in CAM02-UCS (Luo, Cui and Li 2006), contrast is that of WCAG 2.
"""

from __future__ import annotations

import functools
import sys
import warnings

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    # Its docstrings have backslashes that newer Pythons warn of when they compile them.
    warnings.simplefilter("ignore")
    import colorspacious

MISSING = {
    "deuteranopia": "deuteranomaly",
    "protanopia": "protanomaly",
    "tritanopia": "tritanomaly",
}
SIGHTS = ("normal", *MISSING)


def rgb(colour: str) -> NDArray[np.float64]:
    """'#rrggbb' as three shares of 0 … 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def seen(colours: NDArray[np.float64], sight: str) -> NDArray[np.float64]:
    """sRGB of 0 … 1 [… × 3], as an eye of this sight takes it for."""
    if sight == "normal":
        return colours
    space = {"name": "sRGB1+CVD", "cvd_type": MISSING[sight], "severity": 100}
    return np.clip(colorspacious.cspace_convert(colours, space, "sRGB1"), 0, 1)


@functools.cache
def _place(colour: str, sight: str) -> NDArray[np.float64]:
    return np.asarray(colorspacious.cspace_convert(seen(rgb(colour), sight), "sRGB1", "CAM02-UCS"))


def difference(one: str, other: str, sight: str) -> float:
    """ΔE of two colours for this sight: 1 is just seen side by side, 20 is another colour."""
    return float(np.linalg.norm(_place(one, sight) - _place(other, sight)))


def luminance(colour: str) -> float:
    """Relative luminance, 0 … 1."""
    c = rgb(colour)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    """1 … 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def main(sight: str, source: str, target: str) -> None:
    """Writes the picture `source` to `target`, as this sight sees it."""
    from PyQt6.QtGui import QImage

    image = QImage(source).convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    if bits is None:
        sys.exit(f"{source} is no picture")
    lines = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8)
    pixels = lines.reshape(image.height(), -1)[:, : 3 * image.width()]
    shown = seen(pixels.reshape(image.height(), image.width(), 3) / 255, sight)
    data = np.ascontiguousarray(np.rint(255 * shown), dtype=np.uint8)
    size = image.width(), image.height(), 3 * image.width()
    QImage(data.tobytes(), *size, QImage.Format.Format_RGB888).save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
