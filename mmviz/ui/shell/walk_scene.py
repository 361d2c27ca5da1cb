"""How a walk is seen in the window: its card, what may be clicked on, what is veiled meanwhile."""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.files.lessons.shelf import Shelf
from mmviz.state.derived import Derived
from mmviz.state.lessons.card import card_of, summary_of
from mmviz.state.lessons.hidden import PANELS, hidden
from mmviz.state.lessons.walk import Walk
from mmviz.text import Text
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.lessons.clicks import Clicks, places
from mmviz.ui.lessons.lights import Lights
from mmviz.ui.lessons.veil import Veil
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.lesson_card import TO_CLICK
from mmviz.words.lessons import Spoken

Held = Literal["", "clicked", "walked"]
PANEL_OF = {on: panel for panel, clicked in PANELS.items() for on in clicked}


class WalkScene(QObject):
    """clicked: the items of a click that answers."""

    clicked = pyqtSignal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self._clicks = Clicks(self)
        self._clicks.clicked.connect(self.clicked)
        self._clicks.missed.connect(self._missed)
        self._asked = ""  # what is to be clicked on, as a lesson's file names it
        self._on: Dock | None = None  # what is to be clicked on
        self._shown: object = None
        window.card.place_asked.connect(self._bring_up)
        self._veils = {name: self._veil(name) for name in PANELS}
        self.lights = Lights(window, window.picture, lambda: window.theme, self._is_behind)

    def show(self, walk: Walk, derived: Derived, shelf: Shelf | None) -> None:
        """Show a walk beside what the window shows."""
        card = self.window.card
        asked = walk.asks and walk.form == "click" and walk.wish is None and not walk.finished
        self._asked = walk.step.on if asked else ""
        self._look_for(walk, asked=asked)
        if walk.finished:
            then = shelf.after(walk.lesson.id) if shelf is not None else None
            title = Spoken(walk.lesson.title)
            rows = summary_of(walk.lesson, walk.progress)
            card.show_over(title, rows, None if then is None else Spoken(then.title))
        else:
            card.show_card(card_of(walk, derived.facts, shelf))
        self._draw_veils(walk)
        items = [(gemm.layer, gemm.role) for gemm in derived.gemms]
        self.lights.answer(walk, derived.gemms)
        if walk.step.on == "strip" and walk.answer is not None:
            right = walk.answer.value
            found = [i for i, one in enumerate(items) if _is_in(one, right)]
            self.window.strip.bring_up(found[0] if found else 0)
        self._clicks.listen(places(walk.step.on, self.window, items) if asked else {})

    def who_has_keys(self, *lists: QWidget) -> Held:
        """Whether the focus is in the card or one of these, and whether it was walked to by Tab."""
        focus = QApplication.focusWidget()
        if focus is None or not any(one.isAncestorOf(focus) for one in (self.window.card, *lists)):
            return ""
        return "walked" if self.window.keys.plain.kept is focus else "clicked"

    def give_keys(self, held: Held) -> None:
        """What had the focus may be gone with the step before: the card has it still. A number that
        is asked for is typed at once.
        """
        card, plain = self.window.card, self.window.keys.plain
        field = card.answering.field
        if held != "walked" and field.isVisible() and field.isEnabled():
            plain.walk_to(field, keeps=False)
        elif held:
            to = card.leads_to() if held == "walked" else card.area
            plain.walk_to(to, keeps=to is not card.area)

    def clear(self) -> None:
        """No lesson is on."""
        self._clicks.listen({})
        self._draw_veils(None)
        self.lights.clear()
        self.lights.answer(None, ())
        self._on = self._shown = None

    def _missed(self) -> None:
        """Something else was clicked on than what is asked about."""
        if self._asked in TO_CLICK:
            self.window.notice.say(Text(TO_CLICK[self._asked]))

    def _look_for(self, walk: Walk, *, asked: bool) -> None:
        """What is asked, and what came out, lies on top; so does what is clicked on, or the card
        offers to bring that up where it would cover the question.
        """
        docks, name = self.window.docks.all, PANEL_OF.get(walk.step.on, "")
        step, self._on = docks["step"], docks[name] if asked and name else None
        shown = (walk.lesson.id, walk.number, walk.revealed)
        anew, self._shown = shown != self._shown, shown
        beside = self.window.tabifiedDockWidgets(step)
        self.window.card.answering.behind = self._on in beside
        if anew and not step.isHidden():
            step.raise_()
        if anew and self._on is not None and self._on not in beside:
            self._bring_up()

    def _bring_up(self) -> None:
        if self._on is not None and not self._on.isHidden():
            self._on.raise_()

    def _veil(self, dock: str) -> Veil:
        inside = self.window.docks.all[dock].widget()
        assert inside is not None  # each has its panel
        veil = Veil(inside, ground=dock != "facts")
        veil.set_theme(self.window.theme)
        return veil

    def _is_behind(self, panel: str) -> bool:
        """Whether a panel shares its place with the card, so that only one of both is seen."""
        docks = self.window.docks.all
        return docks[panel] in self.window.tabifiedDockWidgets(docks["step"])

    def _draw_veils(self, walk: Walk | None) -> None:
        """Nothing tells what a question asks for, nor what the lesson asks further on."""
        parts = frozenset[str]() if walk is None else hidden(walk)
        for name, veil in self._veils.items():
            veil.lay(on=name in parts)
        self.window.picture.hide_parts(parts & {"foot", "step", "bars", "sums"})
        for digit in self.window.findChildren(DigitPanel):
            digit.be_quiet("scores" in parts, unmoved="moves" in parts)
        self.window.network.be_quiet(walk is not None and not walk.finished)
        strip = self.window.strip
        strip.hide_parts(parts & {"times", "shapes"})


def _is_in(item: object, value: object) -> bool:
    return isinstance(value, frozenset) and item in value
