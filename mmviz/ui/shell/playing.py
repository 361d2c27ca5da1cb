"""What a lesson plays once a guess is made: each of its verbs, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import QObject

from mmviz.core.schedule.trace import Trace
from mmviz.files.lessons.format import Verb
from mmviz.state import actions
from mmviz.state.lessons.card import card_of
from mmviz.state.lessons.here import share_of
from mmviz.state.lessons.stage import changed
from mmviz.state.lessons.walk import Walk
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.race.race import Race
from mmviz.state.workspaces import LESSONS
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.lessons.lights import Lights
from mmviz.ui.lessons.past import judged
from mmviz.ui.race.lesson_row import LessonRow
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.words.lessons import say
from mmviz.words.speech import Words

_SHOWS = {"live": "clock", "sweep": "clock", "code": "loops", "filters": "digit"}
_RAISED = {"live": "timing", "sweep": "sweep", "roofline": "facts", "waterfall": "facts"}


class Playing(QObject):
    """Plays what the window can show; what moves, moves on its own until it is there."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self._left: list[Verb] = []
        self._walk: Walk | None = None
        self._target: float | None = None
        controller.player.moved.connect(self._moved)

    @property
    def busy(self) -> bool:
        """Whether something is on its way still."""
        return self._target is not None or bool(self._left)

    def play(self, verbs: Sequence[Verb], walk: Walk) -> None:
        """One after the other."""
        self.stop()
        self._left, self._walk = list(verbs), walk
        self._next()

    def stop(self) -> None:
        """Where it is; what was to come does not, and nothing is lit any more."""
        for lights in self.window.findChildren(Lights):
            lights.clear()
        moving, self._target, self._left = self._target is not None, None, []
        if moving:
            self.controller.set_playback(self.controller.playback.paused())

    def _next(self) -> None:
        while self._left and self._target is None:
            self._do(self._left.pop(0))

    def _moved(self) -> None:
        playback, target = self.controller.playback, self._target
        if target is None:
            return
        if playback.position >= target or not playback.playing:
            self._target = None
            if playback.playing:
                self.controller.set_playback(replace(playback.at(target), playing=False))
            self._next()

    def _do(self, verb: Verb) -> None:
        controller, window, trace = self.controller, self.window, self.controller.derived.trace
        match verb.do:
            case "play" | "seek" if trace is not None:
                share = share_of(verb["to"], trace)
                playback = controller.playback
                still = verb.do == "seek" or window.reduced_motion
                if still or playback.position >= share:
                    controller.set_playback(replace(playback.at(share), playing=False))
                else:
                    self._target = share
                    controller.set_playback(replace(playback, playing=True))
            case "light" if trace is not None:
                for lights in window.findChildren(Lights):
                    lights.light(verb["what"], _whole(verb.get("index")))
            case "select" if trace is not None:
                self._select(verb)
            case "zoom" if trace is not None:
                controller.see(WHOLE if verb["to"] == "all" else _edge(trace, self._turned))
            case "turn":
                controller.look(actions.turn, True)
            case "colour":
                controller.look(actions.colour_by, verb["by"])
            case "show":
                self._show(verb["panel"])
            case "race" if self._walk is not None:
                self._race(verb, self._walk)
            case _:  # run, train and sweep were measured for the answer already
                pass

    def _select(self, verb: Verb) -> None:
        trace, what, index = self.controller.derived.trace, verb["what"], verb["index"]
        if trace is None:
            return
        counts = {"tile": len(trace), "unit": trace.tiling.units, "wave": trace.waves}
        if what == "product":
            products = len(self.controller.derived.gemms)
            self.controller.look_at(products - 1 if index == "last" else _at(index) - 1)
            return
        last = counts[what]
        number = last if index == "last" else min(_at(index), last)
        self.controller.look(
            actions.select, Selection(what, number if what == "wave" else number - 1)
        )

    @property
    def _turned(self) -> bool:
        return self.controller.session.turned

    def _show(self, panel: str) -> None:
        view = _SHOWS.get(panel)
        if view is not None:
            self.window.go_to(LESSONS[view].id)
        for loops in self.window.findChildren(LoopsPanel) if panel == "code" else ():
            loops.stepper.finish()
        dock = self.window.docks.all.get(_RAISED.get(panel, ""))
        if dock is not None and not dock.isHidden():
            dock.raise_()

    def _race(self, verb: Verb, walk: Walk) -> None:
        stage = walk.stage
        left, right = changed(stage, verb["a"]).session, changed(stage, verb["b"]).session
        card = card_of(walk, self.controller.facts)

        def told(words: Words) -> str:
            line = judged(card.line, words) if card.line is not None else ""
            return f"{line}\n{say(card.tell, words)}".strip()

        def run(race: RaceWindow) -> None:
            race.come_from(LessonRow(told))
            still = self.window.reduced_motion
            race.set_playback(replace(race.playback.at(float(still)), playing=not still))

        self.controller.open_race(lambda _: Race(left, right), run)


def _edge(trace: Trace, turned: bool) -> Camera:
    """Close to the last corner of Y, with all that its tiles compute beyond it."""
    tiling = trace.tiling
    rows = _end(tiling.gemm.m, tiling.tile[0], tiling.tiles_m)
    columns = _end(tiling.gemm.n, tiling.tile[1], tiling.tiles_n)
    if turned:
        rows, columns = columns, rows
    return Camera(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0])


def _end(side: int, tile: int, tiles: int) -> tuple[float, float]:
    """From where to where along a side its last tile and as much before it are, in shares."""
    return max(0.0, (tiles - 2) * tile / side), tiles * tile / side


def _whole(index: object) -> int:
    return index if isinstance(index, int) else 0


def _at(index: object) -> int:
    return 1 if index == "first" else int(str(index))
