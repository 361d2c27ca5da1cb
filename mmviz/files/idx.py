"""MNIST's own files, where the user has them: idx, plain or gzipped, checked to the last byte.

An idx file is a magic number, that says how many numbers of what kind, the sizes of each
dimension as 32-bit big-endian integers, then the numbers (LeCun, Cortes, Burges, 1998).
"""

from __future__ import annotations

import contextlib
import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import psutil
from numpy.typing import NDArray

from mmviz.core.learning.digits.made import CLASSES, Digits
from mmviz.core.learning.digits.strokes import PIXELS, SIDE
from mmviz.errors import InputError
from mmviz.files.ordinary import reading
from mmviz.text import N_, Text

MOST = 1_000_000  # drawings of a file
_COPIES = 10  # bytes a pixel takes while it is read: itself, as a float, and on its way to a child
_IMAGES, _LABELS = 0x0803, 0x0801  # unsigned bytes, in three dimensions and in one
PARTS = ("train", "t10k")

_File = tuple[Path, int, tuple[int, ...]]  # with its magic number, and the sizes of one in it


def read_folder(folder: Path) -> tuple[Digits, Digits]:
    """What to learn from, and what to be judged by, from the four files of a folder.

    `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the same with `t10k`, each as it is or
    with `.gz`. Raises InputError for one that is missing, cut off or of another kind, and for more
    than the memory there is for all four, before the first is read.
    """
    pairs = [_found(folder, part) for part in PARTS]
    _check_memory(folder, sum(_promised(*file) for pair in pairs for file in pair))
    seen, unseen = (_pair(*pair) for pair in pairs)
    return seen, unseen


def _find(folder: Path, name: str) -> Path:
    """Some unpack the files with a dot in their names."""
    dotted = name.replace("-idx", ".idx")
    for each in (name, f"{name}.gz", dotted, f"{dotted}.gz"):
        if (folder / each).is_file():
            return folder / each
    raise InputError(N_("{folder} has no file {name} or {name}.gz"), folder=str(folder), name=name)


def _found(folder: Path, part: str) -> tuple[_File, _File]:
    """Its drawings and its labels."""
    images = _find(folder, f"{part}-images-idx3-ubyte")
    labels = _find(folder, f"{part}-labels-idx1-ubyte")
    return (images, _IMAGES, (SIDE, SIDE)), (labels, _LABELS, ())


def _pair(drawn: _File, labelled: _File) -> Digits:
    pixels, answers, labels = _read(*drawn), _read(*labelled), labelled[0]
    if len(pixels) != len(answers):
        raise InputError(
            N_("{path} has {n:group} labels for {m:group} drawings"),
            path=str(labels),
            n=len(answers),
            m=len(pixels),
        )
    if answers.max(initial=0) >= CLASSES:
        raise InputError(
            N_("{path} has the label {label:d}; digits are 0 to 9"),
            path=str(labels),
            label=int(answers.max()),
        )
    x = pixels.reshape(len(pixels), PIXELS).astype(np.float32)
    x /= 255
    return Digits(x, answers.astype(np.int64))


def _read(path: Path, magic: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The numbers, [count × shape]; raises InputError."""
    with _opened(path) as file:
        length = _length(file, magic, shape, path)
        data = file.read(length + 1)
    if len(data) != length:
        said = (
            N_("{path} has fewer bytes than it says")
            if len(data) < length
            else N_("{path} has more bytes than it says")
        )
        raise InputError(said, path=str(path))
    return np.frombuffer(data, np.uint8).reshape(-1, *shape)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """The file, unfolded; raises InputError for one that breaks off while it is read."""
    with reading(path):
        try:
            with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
                yield file
        except (struct.error, EOFError, zlib.error, gzip.BadGzipFile):
            raise InputError(N_("{path} is cut off or damaged"), path=str(path)) from None


def _promised(path: Path, magic: int, shape: tuple[int, ...]) -> int:
    """How many bytes of numbers it says it has."""
    with _opened(path) as file:
        return _length(file, magic, shape, path)


def _check_memory(folder: Path, length: int) -> None:
    """Raise InputError where so many pixels and labels do not fit."""
    needed, free = _COPIES * length, psutil.virtual_memory().available
    if needed > free:
        raise InputError(
            N_("{path} needs {needed:size} of memory, this machine has {free:size} free"),
            path=str(folder),
            needed=needed,
            free=free,
        )


def _length(file: IO[bytes] | gzip.GzipFile, magic: int, shape: tuple[int, ...], path: Path) -> int:
    """How many bytes should follow the header, which is read."""
    head = f">{2 + len(shape)}I"
    found: int
    count: int
    found, count, *sides = struct.unpack(head, file.read(struct.calcsize(head)))
    if found != magic:
        raise InputError(
            N_("{path} is no idx file of {what}: it begins with {found:d}"),
            path=str(path),
            what=Text(N_("drawings") if shape else N_("labels")),
            found=found,
        )
    if tuple(sides) != shape:
        raise InputError(
            N_("{path} has drawings of {sides} pixels, not 28 × 28"),
            path=str(path),
            sides=" × ".join(map(str, sides)),
        )
    if count == 0:
        what = Text(N_("drawings") if shape else N_("labels"))
        raise InputError(N_("{path} has no {what} at all"), path=str(path), what=what)
    if count > MOST:
        raise InputError(
            N_("{path} says it has {count:group} entries; at most {most:group}"),
            path=str(path),
            count=count,
            most=MOST,
        )
    return count * math.prod(shape)
