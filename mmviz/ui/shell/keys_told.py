"""All keys of the window, as the help lists them: taken from the commands themselves.

Only what a hand does without a command is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PyQt6.QtGui import QAction

from mmviz.text import N_, Text, joined, own
from mmviz.ui.help.pages import Chapter, Row
from mmviz.ui.shell.key_names import PLAIN, keys_of
from mmviz.ui.shell.main_window import MainWindow

_MORE_OF_TIME = (
    (N_("Home, End"), N_("The beginning and the end of the product")),
    (N_("Page Up, Page Down"), N_("The product before and the one after")),
)
_PICTURE = (
    (N_("wheel, +, −"), N_("Closer and further, about the pointer")),
    (N_("0"), N_("The whole picture")),
    (N_("drag, Ctrl+arrows"), N_("Move what is seen")),
    (N_("click"), N_("Pick a tile out, its row of X and its column of W")),
    (N_("Ctrl+Page Up, Ctrl+Page Down"), N_("The slice of a batched product before, and after")),
    (N_("double click"), N_("Set a number of X or W, where single numbers are seen")),
)
_NETWORK = (
    (N_("Insert"), N_("Add a layer behind the selected one")),
    (N_("Delete"), N_("Remove the selected layer")),
    (N_("drag"), N_("Move a layer to another place")),
    (N_("drop a file"), N_("Open a network, a list of products or a device")),
)
_SWEEP = (
    (N_("click, Enter"), N_("To the batch or the width of this point")),
    (N_("A, B, Shift+click"), N_("Place the pins A and B, which are compared")),
    (N_("Delete"), N_("Take both pins off")),
    (N_("wheel, +, −"), N_("Closer and further, about the pointer")),
    (N_("drag"), N_("Move what is seen; at its flag, a pin")),
    (N_("0, double click"), N_("The whole sweep")),
)
_ALSO = (
    (N_("right click, Shift+F10"), N_("What can be done with what is there: copy, race, sweep …")),
    (N_("Enter"), N_("What was typed counts; Space and arrows play again")),
    (N_("Esc"), N_("Close what is open, let go of what is picked out")),
    (N_("Tab"), N_("To the next control, which then has Space and arrows")),
)


def chapters(window: MainWindow) -> tuple[Chapter, ...]:
    """Keys by what they are for; a command without any is left out."""
    places = {workspace.id for workspace in window.named}
    actions = list(_with_keys(window))
    time = [action for action in actions if action.objectName() in PLAIN]
    there = [action for action in actions if action.objectName() in places]
    others = [action for action in actions if action not in time and action not in there]
    return (
        Chapter(Text(N_("Time")), (*map(_row, time), *_typed(_MORE_OF_TIME))),
        Chapter(Text(N_("The picture")), _typed(_PICTURE)),
        Chapter(Text(N_("Layers")), _typed(_NETWORK)),
        Chapter(Text(N_("The sweep")), _typed(_SWEEP)),
        Chapter(Text(N_("Workspaces")), tuple(map(_row, there))),
        Chapter(Text(N_("Commands")), (*map(_row, others), *_typed(_ALSO))),
    )


def _with_keys(window: MainWindow) -> Iterator[QAction]:
    """Every command with a key, those of the panels too."""
    known = list(window.commands.values())
    of_panels = [action for action in window.findChildren(QAction) if action.shortcuts()]
    for action in (*known, *(one for one in of_panels if one not in known)):
        if keys_of(action) and (action.text() or action.toolTip()):
            yield action


def _row(action: QAction) -> Row:
    """A command whose text is a sign is told by its tip."""
    text = action.text().replace("&&", "&")
    if not any(letter.isalpha() for letter in text):
        text = action.toolTip().rpartition(" (")[0]
    return Row(joined(keys_of(action), "commas"), own(text.removesuffix(" …")))


def _typed(rows: Sequence[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple(Row(Text(left), Text(right)) for left, right in rows)
