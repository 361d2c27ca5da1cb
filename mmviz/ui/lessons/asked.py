"""What of a window a question is about: the panels that are clicked on, or marked, for its word."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtWidgets import QDockWidget, QWidget

from mmviz.ui.learn.neurons import Neurons
from mmviz.ui.learn.pixels import Pixels
from mmviz.ui.network.strip import ProductStrip
from mmviz.ui.peak.waterfall import WaterfallCanvas
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.timeline.units_canvas import UnitsCanvas

_KINDS: Mapping[str, type[QWidget]] = {
    "output": PictureCanvas,
    "input": PictureCanvas,
    "weights": PictureCanvas,
    "tiles": PictureCanvas,
    "units": UnitsCanvas,
    "strip": ProductStrip,
    "waterfall": WaterfallCanvas,
    "filters": Neurons,
    "drawing": Pixels,
}


def asked_on(on: str, window: QWidget) -> list[QWidget]:
    """Those of a window, of its panels that were taken out too, but none of another window, as a
    race is.
    """
    kind = _KINDS.get(on)
    found = [] if kind is None else window.findChildren(kind)
    return [widget for widget in found if _is_of(window, widget) and not _is_recording(widget)]


def _is_recording(widget: QWidget) -> bool:
    return isinstance(widget, PictureCanvas) and widget.part != "picture"


def _is_of(window: QWidget, widget: QWidget) -> bool:
    home = widget.window()
    return home is window or (isinstance(home, QDockWidget) and home.parent() is window)
