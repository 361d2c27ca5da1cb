"""What - means in every command: standard input where a file is read, else standard output."""

from __future__ import annotations

import io
import sys
from typing import Any

from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.text import N_, Text

STREAM = "-"
STDIN = Text(N_("standard input"))


def stdin() -> io.BufferedReader:
    """Standard input, as bytes; an empty one where it is closed. It stays open."""
    raw: Any = io.BytesIO() if sys.stdin is None else sys.stdin.buffer
    return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)


def put(path: str, data: bytes) -> None:
    """Write text in UTF-8 to the file, or to standard output; raises InputError."""
    if path == STREAM:
        sys.stdout.write(data.decode())
    else:
        atomic.write_bytes(path, data)


def put_bytes(data: bytes) -> None:
    """Write what is no text to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def check_one_stream(**targets: str | None) -> bool:
    """Whether one of the options' targets is standard output; raises InputError for two."""
    taken = [f"--{name}" for name, path in targets.items() if path == STREAM]
    if len(taken) > 1:
        raise InputError(
            N_("{one} and {other} cannot both be written to standard output"),
            one=taken[0],
            other=taken[1],
        )
    return bool(taken)
