"""The events of a Chrome trace, one after the other: nothing is held but the one that is read.

The format is that of Chrome's Trace Event Format: an object with the list `traceEvents` among other
fields, or the list alone. Its times are microseconds, unless a tool says otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from mmviz.errors import InputError
from mmviz.files.ordinary import BLOCK, Tick, no_tick
from mmviz.text import N_

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_HEAD = re.compile(rb'"traceEvents"|^\s*\[\s*\{[^}]{0,400}"ph"\s*:')


def is_trace(head: bytes) -> bool:
    """Whether a file that begins so is a Chrome trace."""
    return head.lstrip()[:1] in (b"{", b"[") and _HEAD.search(head) is not None


@dataclass(slots=True)
class Events:
    """Iterate it once for the events; `fields` is what else the object says, complete afterwards.

    Raises InputError, naming `where`, for text that is no such trace.
    """

    text: str
    where: str
    tick: Tick = no_tick
    fields: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        found = False
        try:
            at = self._space(0)
            if self.text.startswith("[", at):
                at = yield from self._list(at)
                found = True
            elif self.text.startswith("{", at):
                at = self._space(at + 1)
                more = not self.text.startswith("}", at)
                while more:
                    if not self.text.startswith('"', at):
                        raise self._broken(at)
                    key, at = _DECODER.raw_decode(self.text, at)
                    at = self._space(at)
                    if not self.text.startswith(":", at):
                        raise self._broken(at)
                    at = self._space(at + 1)
                    if key == "traceEvents" and self.text.startswith("[", at):
                        at = yield from self._list(at)
                        found = True
                    else:
                        self.fields[key], at = _DECODER.raw_decode(self.text, at)
                    at = self._space(at)
                    more = self.text.startswith(",", at)
                    at = self._space(at + 1) if more else at
                if not self.text.startswith("}", at):
                    raise self._broken(at)
                at += 1
            if found and self._space(at) < len(self.text):
                raise self._broken(self._space(at))
        except (ValueError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError):
                raise self._broken(error.pos) from None
            raise InputError(N_("{where} is no JSON that can be read"), where=self.where) from None
        if not found:
            raise InputError(N_("{where} has no traceEvents"), where=self.where)

    def _list(self, at: int) -> Generator[dict[str, Any], None, int]:
        """Its events, from the bracket on; returns where it ends."""
        at = self._space(at + 1)
        ticked = 0
        while not self.text.startswith("]", at):
            event, at = _DECODER.raw_decode(self.text, at)
            if not isinstance(event, dict):
                raise InputError(N_("{where}: an event is no object"), where=self.where)
            yield event
            if at - ticked > BLOCK:
                ticked = at
                self.tick(at, len(self.text))
            at = self._space(at)
            if self.text.startswith(",", at):
                at = self._space(at + 1)
            elif not self.text.startswith("]", at):
                raise self._broken(at)
        return at + 1

    def _space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _broken(self, at: int) -> InputError:
        if at >= len(self.text):
            return InputError(N_("{where} ends in the middle: it is cut off"), where=self.where)
        return InputError(N_("{where}: no JSON at character {at}"), where=self.where, at=at + 1)
