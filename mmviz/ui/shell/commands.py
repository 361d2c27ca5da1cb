"""The window's commands: name, what it says, its keys."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QKeySequence

from mmviz.state.workspaces import Workspace

_COMMANDS = (
    # name, text, tool tip, keys
    ("open", "Open network …", "Open a network or a list of products (Ctrl+O)", "Ctrl+O"),
    ("save", "Save network …", "Save this network as a file (Ctrl+S)", "Ctrl+S"),
    ("undo", "↶", "Undo (Ctrl+Z)", "Ctrl+Z"),
    ("redo", "↷", "Redo (Ctrl+Shift+Z)", "Ctrl+Shift+Z;Ctrl+Y"),
    ("theme", "◐", "Dark or light (Ctrl+T)", "Ctrl+T"),
    ("run", "Run", "Time this network on this computer (Ctrl+R)", "Ctrl+R"),
    ("race", "Race", "Two configurations on one clock (Ctrl+G)", "Ctrl+G"),
    ("export_chart", "Chart as SVG, PDF or PNG …", "Export the chart (Ctrl+E)", "Ctrl+E"),
    ("export_sweep", "Sweep as SVG, PDF or PNG …", "Export the chart of the sweep", ""),
    ("export_csv", "Samples as CSV …", "Export all samples as CSV", ""),
    ("export_json", "Samples as JSON …", "Export all samples as JSON", ""),
    ("edit_device", "Edit device …", "Change figures of the device and watch (Ctrl+D)", "Ctrl+D"),
    ("save_device", "Save as own device …", "Write the device as it is now to a file of yours", ""),
    ("device_to_file", "Back to the file", "Drop every change of the device", ""),
    ("play", "Play or pause", "Play or pause (Space)", ""),
    ("step_back", "A k-step back", "A k-step back (←)", ""),
    ("step_on", "A k-step on", "A k-step on (→)", ""),
    ("wave_back", "A wave back", "A wave back (Shift+←)", ""),
    ("wave_on", "A wave on", "A wave on (Shift+→)", ""),
    ("tile_back", "A tile back", "Back to where a tile began or ended (↓)", ""),
    ("tile_on", "A tile on", "On to where a tile begins or ends (↑)", ""),
    ("quit", "Quit", "Close mmviz (Ctrl+Q)", "Ctrl+Q"),
    ("view", "View ▾", "Panels, arrangement, type and theme", ""),
    ("reset_layout", "Reset layout", "Every panel of this workspace back to its place", ""),
    ("large_type", "Large type", "All words and figures a quarter larger (Ctrl+L)", "Ctrl+L"),
    ("theme_system", "As the system", "Dark or light as the system is", ""),
    ("theme_dark", "Dark", "Dark", ""),
    ("theme_light", "Light", "Light", ""),
)


def make_actions(parent: QObject, workspaces: Sequence[Workspace]) -> dict[str, QAction]:
    """A QAction for every command and workspace, by name.

    Keys of the transport are none of them: they are plain keys, which a field with the focus must
    get first, so the window handles what is left over.
    """
    actions = {}
    places = ((place.id, place.title, place.tip, place.keys) for place in workspaces)
    for name, text, tip, keys in (*_COMMANDS, *places):
        action = QAction(text, parent)
        action.setToolTip(tip)
        action.setObjectName(name)
        if keys:
            action.setShortcuts([QKeySequence(key) for key in keys.split(";")])
        actions[name] = action
    return actions
