"""What the finder finds in a window: layers, products, words, panels, commands."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from PyQt6.QtGui import QAction

from mmviz.state.network.network import TITLES
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.ui.help.findable import Findable
from mmviz.ui.look.tell import told_text
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.key_names import keys_of
from mmviz.ui.shell.language_menu import LANGUAGE
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.glossary import GROUPS
from mmviz.words.products import layer_name, shape, titled

LAYER, PRODUCT, WORD = Text(N_("layer")), Text(N_("product")), Text(N_("word"))
PANEL, COMMAND = Text(N_("panel")), Text(N_("command"))
UNITS = N_("{n:group} units · {activation}")


def findables(controller: Controller, explain: Callable[[str], object]) -> Iterator[Findable]:
    """All of it, what is computed first. explain: opens a term of the glossary by its id."""
    yield from _computed(controller)
    yield from _panels(controller.window)
    yield from _commands(controller.window)
    yield from _words(controller.window, explain)


def _computed(controller: Controller) -> Iterator[Findable]:
    """Layers, and the products where they are others: in training there are several a layer."""
    session = controller.session
    network = session.network.layered
    products = session.network.lower(session.batch, session.training)
    layers = () if network is None else network.layers
    for i, layer in enumerate(layers):
        activation = Text(TITLES.get(layer.activation, layer.activation))
        more = Text(UNITS, n=layer.units, activation=activation)
        look = functools.partial(controller.look_at, i)
        yield Findable(layer_name(layers, i), LAYER, look, more)
    if len(products) != len(layers):
        for i, gemm in enumerate(products):
            look = functools.partial(controller.look_at, i)
            yield Findable(titled(gemm.name, gemm.role), PRODUCT, look, shape(gemm))


def _words(window: MainWindow, explain: Callable[[str], object]) -> Iterator[Findable]:
    for group in GROUPS:
        for term in group.terms if group.shown else ():
            word, meaning = term.said(window.words)
            yield Findable(
                own(word), WORD, functools.partial(explain, term.id), own(meaning), told=True
            )


def _panels(window: MainWindow) -> Iterator[Findable]:
    """Those of the workspace that is shown."""
    for name, dock in window.docks.all.items():
        if name in window.docks.now:
            yield Findable(Text(dock.title), PANEL, functools.partial(_show, dock))


def _show(dock: Dock) -> None:
    dock.show()
    dock.raise_()


def _commands(window: MainWindow) -> Iterator[Findable]:
    """Those that can be given now, with what they do and their keys."""
    for name, action in window.commands.items():
        if action.isEnabled() and action.menu() is None and name != "find":
            title, tip = _named(action)
            more = joined((tip, joined(keys_of(action), "commas")))
            yield Findable(title, COMMAND, action.trigger, more, told=True)
    menu = window.view_menu.languages  # found from whichever language somebody is lost in
    for choice, called in menu.names():
        choose = functools.partial(menu.choose, choice)
        yield Findable(called, COMMAND, choose, Text(LANGUAGE), told=True)


def _named(action: QAction) -> tuple[Text, Text]:
    """What a command is called, and what else is said of it; a sign is no name."""
    title, tip = told_text(action, "text"), told_text(action, "tip")
    plain = dict(tip.values).get("tip", tip)  # without its keys
    if any(letter.isalpha() for letter in action.text()):
        return title, NOTHING if plain == title else plain
    return plain, NOTHING
