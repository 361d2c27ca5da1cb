"""A stream of bytes, cut into lines."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_LINE = 16 * 1024 * 1024  # bytes; a longer line is thrown away, it is no message


class LineReader:
    """Cuts a stream of bytes into lines; a line longer than `longest` is dropped whole."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0
        self._dropping = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes in, give the lines they complete, without their line ends."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._keep(end)
            if not self._dropping:
                yield b"".join(self._parts)
            self._parts, self._size, self._dropping = [], 0, False
        self._keep(rest)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            self._parts, self._dropping = [], True
        elif part:
            self._parts.append(part)
