"""The window's commands: name, what it says, its keys."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QKeySequence

from mmviz.state.export import PARTS
from mmviz.state.workspaces import Workspace
from mmviz.text import N_, Text
from mmviz.ui.look.tell import tell
from mmviz.ui.shell.key_names import keys_of

_COMMANDS = (
    # name, text, tool tip (marked msgids), keys
    (
        "widths",
        N_("Type widths …"),
        N_("Type the widths of a network, as 784-128-10"),
        "Ctrl+N",
    ),
    ("open", N_("Open network …"), N_("Open a network or a list of products"), "Ctrl+O"),
    ("save", N_("Save network …"), N_("Save this network as a file"), "Ctrl+S"),
    ("undo", N_("Undo"), N_("Take the last change back"), "Ctrl+Z"),
    ("redo", N_("Redo"), N_("Change again what was undone"), "Ctrl+Shift+Z;Ctrl+Y"),
    ("theme", "◐", N_("Dark or light"), "Ctrl+T"),
    ("run", N_("Run"), N_("Time this network on this computer"), "Ctrl+R"),
    (
        "pause",
        N_("Pause or go on"),
        N_("A timing run rests until it goes on; one that ended early is taken up again"),
        "Ctrl+Shift+R",
    ),
    ("race", N_("Race"), N_("Two configurations on one clock"), "Ctrl+G"),
    ("export", N_("Export picture …"), N_("A part of the window as PNG, SVG or PDF"), "Ctrl+E"),
    (
        "copy_picture",
        N_("Copy as picture"),
        N_("The part that was exported last, as it was then"),
        "Ctrl+Shift+C",
    ),
    ("export_csv", N_("Samples as CSV …"), N_("Export all samples as CSV"), ""),
    ("export_json", N_("Samples as JSON …"), N_("Export all samples as JSON"), ""),
    (
        "export_trace",
        N_("Schedule as trace …"),
        N_("Who computes which tile when, as it is shown: Chrome trace for Perfetto, or NPZ"),
        "",
    ),
    (
        "edit_device",
        N_("Edit device …"),
        N_("Change figures of the device and watch"),
        "Ctrl+D",
    ),
    (
        "save_device",
        N_("Save as own device …"),
        N_("Write the device as it is now to a file of yours"),
        "",
    ),
    ("device_to_file", N_("Back to the file"), N_("Drop every change of the device"), ""),
    ("play", N_("Play or pause"), N_("Play or pause"), ""),
    ("step_back", N_("A k-step back"), N_("A k-step back"), ""),
    ("step_on", N_("A k-step on"), N_("A k-step on"), ""),
    ("wave_back", N_("A wave back"), N_("A wave back"), ""),
    ("wave_on", N_("A wave on"), N_("A wave on"), ""),
    ("tile_back", N_("A tile back"), N_("Back to where a tile began or ended"), ""),
    ("tile_on", N_("A tile on"), N_("On to where a tile begins or ends"), ""),
    ("quit", N_("Quit"), N_("Close mmviz"), "Ctrl+Q"),
    ("view", N_("View ▾"), N_("Panels, arrangement, type, theme and language"), ""),
    ("reset_layout", N_("Reset layout"), N_("Every panel of this workspace back to its place"), ""),
    (
        "large_type",
        N_("Large type"),
        N_("All words and figures a quarter larger"),
        "Ctrl+L",
    ),
    (
        "full_screen",
        N_("Full screen"),
        N_("The window without its frame"),
        "F11",
    ),
    ("help", N_("Help"), N_("Keys, the words of mmviz, and what this is"), "F1"),
    (
        "computer",
        N_("This computer …"),
        N_("What it has, what would make it faster, what is missing"),
        "",
    ),
    ("explain", N_("Explain what is on screen"), N_("From word to word by the arrows"), "Shift+F1"),
    ("find", N_("Find …"), N_("A layer, a product, a word or a command"), "Ctrl+F"),
    ("theme_system", N_("As the system"), N_("Dark or light as the system is"), ""),
    ("theme_dark", N_("Dark"), "", ""),
    ("theme_light", N_("Light"), "", ""),
)

EXPORTED = N_("Into a file or onto the clipboard, in a size for a slide or a page")
_SIGNS = {"undo": "↶", "redo": "↷", "help": "?"}  # of those whose buttons have no room for a word


def make_actions(parent: QObject, workspaces: Sequence[Workspace]) -> dict[str, QAction]:
    """A QAction for every command and workspace, by name.

    Keys of the transport are none of them: they are plain keys, which a field with the focus must
    get first, so the window handles what is left over.
    """
    actions = {}
    places = ((place.id, place.title, place.tip, place.keys) for place in workspaces)
    parts: list[tuple[str, Text | str, str, str]] = [
        (f"export_{part}", Text(N_("{part} …"), part=Text(name)), EXPORTED, "")
        for part, name in PARTS.items()
    ]
    for name, text, tip, keys in (*_COMMANDS, *parts, *places):
        action = tell(QAction(parent), text=text)
        action.setObjectName(name)
        if name in _SIGNS:
            action.setIconText(_SIGNS[name])
        if keys:
            action.setShortcuts([QKeySequence(key) for key in keys.split(";")])
        tell(action, tip=_with_keys(tip, keys_of(action)))
        actions[name] = action
    return actions


def _with_keys(tip: str, keys: Sequence[Text]) -> Text:
    """'Open a network (Ctrl+O)'."""
    return Text(N_("{tip} ({keys})"), tip=Text(tip), keys=keys[0]) if tip and keys else Text(tip)
