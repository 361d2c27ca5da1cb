"""The panels of the window: whose view each one shows. A new panel is one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from mmviz.state.clock.parts import PARTS
from mmviz.state.clock.view import TIMING
from mmviz.state.device.calibration import CALIBRATE_NOTE
from mmviz.state.device.views import EDITOR
from mmviz.state.network.network import NETWORK
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.advice import ADVICE
from mmviz.state.peak.column import FACTS
from mmviz.state.peak.layers import LAYERS
from mmviz.state.peak.roofline import ROOFLINE
from mmviz.state.peak.tiling import TILING
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.picture.playback import Playback
from mmviz.state.picture.time_views import PASS, TRANSPORT, UNITS
from mmviz.state.picture.view import PICTURE
from mmviz.state.snapshot import Part
from mmviz.state.sweep.view import SWEEP
from mmviz.state.top import TITLE, TOP


class Shows(Protocol):
    """What shows a view; it knows no session and no other panel."""

    def show_view(self, view: Any) -> None: ...


@runtime_checkable
class Moves(Protocol):
    """What shows an instant, too, of the time that its own view has."""

    def show_playback(self, playback: Playback) -> None: ...


@dataclass(frozen=True, slots=True)
class Panel:
    """part: how the view is made; find: the widget of a `MainWindow` that shows it."""

    part: Part[Any]
    find: Callable[[Any], Shows]


PANELS: tuple[Panel, ...] = (
    Panel(NETWORK, lambda window: window.network),
    Panel(STRIP, lambda window: window.strip),
    Panel(ADVICE, lambda window: window.advice),
    Panel(WATERFALL, lambda window: window.facts.waterfall),
    Panel(ROOFLINE, lambda window: window.facts.roofline),
    Panel(LAYERS, lambda window: window.layers.table),
    Panel(TILING, lambda window: window.facts.controls),
    Panel(FACTS, lambda window: window.facts.view),
    Panel(TITLE, lambda window: window),
    Panel(TOP, lambda window: window.top),
    Panel(CALIBRATE_NOTE, lambda window: window.facts.calibrate),
    Panel(EDITOR, lambda window: window.device_editor),
    Panel(PICTURE, lambda window: window.picture),
    Panel(PASS, lambda window: window.passes),
    Panel(UNITS, lambda window: window.units),
    Panel(TRANSPORT, lambda window: window.transport),
    Panel(SWEEP, lambda window: window.sweep),
    Panel(TIMING, lambda window: window.timing),
    Panel(PARTS, lambda window: window.parts),
)
