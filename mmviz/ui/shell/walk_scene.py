"""How a walk is seen in the window: its card, what may be clicked on, what is veiled meanwhile."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.files.lessons.shelf import Shelf
from mmviz.state.derived import Derived
from mmviz.state.lessons.card import card_of, summary_of
from mmviz.state.lessons.walk import Walk
from mmviz.ui.lessons.clicks import Clicks, places
from mmviz.ui.lessons.veil import Veil
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.lessons import Spoken

SEEN_IN = {"facts": ("roofline", "waterfall"), "strip": ("strip",), "time": ("units",)}
"""Panels whose figures may be what a question asks for, and what is clicked on in them."""


class WalkScene(QObject):
    """clicked: the items of a click that answers."""

    clicked = pyqtSignal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self._clicks = Clicks(self)
        self._clicks.clicked.connect(self.clicked)
        self._veils = {name: self._veil(name) for name in SEEN_IN}

    def show(self, walk: Walk, derived: Derived, shelf: Shelf | None) -> None:
        """Show a walk beside what the window shows."""
        card = self.window.card
        if walk.finished:
            title = Spoken(walk.lesson.title)
            card.show_over(title, summary_of(walk.lesson, walk.progress))
        else:
            card.show_card(card_of(walk, derived.facts, shelf))
        self._draw_veils(walk)
        asked = walk.asks and walk.form == "click" and walk.wish is None and not walk.finished
        items = [(gemm.layer, gemm.role) for gemm in derived.gemms]
        self._clicks.listen(places(walk.step.on, self.window, items) if asked else {})

    def clear(self) -> None:
        """No lesson is on."""
        self._clicks.listen({})
        self._draw_veils(None)

    def _veil(self, dock: str) -> Veil:
        inside = self.window.docks.all[dock].widget()
        assert inside is not None  # each has its panel
        veil = Veil(inside, ground=dock != "facts")
        veil.set_theme(self.window.theme)
        return veil

    def _draw_veils(self, walk: Walk | None) -> None:
        """No panel tells what a question asks for, but the one that is clicked on for it."""
        asked = walk is not None and not walk.finished and walk.form is not None
        if walk is None or walk.revealed or walk.why:
            asked = False
        for name, veil in self._veils.items():
            clicked = walk is not None and walk.step.on in SEEN_IN[name]
            veil.draw(on=asked and not clicked)
        self.window.picture.be_quiet(asked)
        self.window.strip.summary.setVisible(not asked)
