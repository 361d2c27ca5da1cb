"""The panels of the window: whose view each one shows. A new panel is one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from mmviz.state.snapshot import Part

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow


class Shows(Protocol):
    """What shows a view; it knows no session and no other panel."""

    def show_view(self, view: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Panel:
    """part: how the view is made; find: the widget that shows it."""

    part: Part[Any]
    find: Callable[[MainWindow], Shows]


PANELS: tuple[Panel, ...] = ()
