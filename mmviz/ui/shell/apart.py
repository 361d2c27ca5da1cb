"""Panels shown one by one: one that fails leaves the others and the session whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from mmviz.errors import passed_on
from mmviz.text import N_, Text
from mmviz.ui.look.notice import Notice

Key = tuple[str, Hashable]

FAILED = N_("{panel} cannot be shown as it should be: {reason}; everything else goes on")


class Apart:
    """failed: what could not be done the last time it was tried, and why; by what it was (view,
    moment, theme …) and whose.

    What has failed is said at every try; the error itself is passed on once, until it succeeds.
    """

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._errors: dict[Key, str] = {}
        self.failed: dict[Key, Text] = {}

    def do(self, key: Key, panel: Callable[[], Text], work: Callable[[], object]) -> None:
        """Do one piece of work; `panel`: what the panel it is for is called."""
        try:
            work()
        except Exception as error:
            if self._errors.get(key) != repr(error):
                self._errors[key] = repr(error)
                self.failed[key] = Text(FAILED, panel=panel(), reason=passed_on(error))
            self._notice.say(self.failed[key], error=True)
        else:
            if self.failed:
                self.forget(key)

    def forget(self, key: Key) -> None:
        """It failed, and is of no account any more."""
        self._errors.pop(key, None)
        self.failed.pop(key, None)
