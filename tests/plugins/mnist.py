"""MNIST's four files, of drawings mmviz makes."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

from mmviz.core.learning.digits.made import Digits


def write_mnist(folder: Path, seen: Digits, unseen: Digits, *, packed: bool = False) -> Path:
    """Write them to `folder`, the drawings as gzip where `packed`; returns the folder."""
    for part, digits in (("train", seen), ("t10k", unseen)):
        count = len(digits)
        pixels = np.rint(255 * digits.x).astype(np.uint8).tobytes()
        images = struct.pack(">4I", 0x803, count, 28, 28) + pixels
        labels = struct.pack(">2I", 0x801, count) + digits.labels.astype(np.uint8).tobytes()
        name = f"{part}-images-idx3-ubyte{'.gz' * packed}"
        (folder / name).write_bytes(gzip.compress(images) if packed else images)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(labels)
    return folder
