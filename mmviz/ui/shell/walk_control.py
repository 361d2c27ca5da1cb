"""A walk through a lesson in the window: its session is shown, guesses are heard, what has to be
measured is, and afterwards the user's own session is back with its past.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, QTimer

from mmviz.errors import InputError
from mmviz.files.lessons.format import Lesson
from mmviz.files.lessons.shelf import Shelf
from mmviz.state.history import History
from mmviz.state.learn.course import alike
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.guesses import Choice, Click, Guess, Unsure, read_number
from mmviz.state.lessons.here import Request, Teaching, Timing, share_of
from mmviz.state.lessons.measuring import measured_again, refused, stopped
from mmviz.state.lessons.opening import checked
from mmviz.state.lessons.quantities.learning import plan_of
from mmviz.state.lessons.quantities.measured import timing_plan
from mmviz.state.lessons.remember import where_left
from mmviz.state.lessons.walk import Walk
from mmviz.state.workspaces import LEARN, LESSONS
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.playing import Playing
from mmviz.ui.shell.teach_control import TeachControl
from mmviz.ui.shell.walk_scene import WalkScene
from mmviz.ui.shell.walk_shelf import WalkShelf

AGAIN = N_("the guess could not be compared: {why}")
LEFT = Text(N_("the lesson is left for what you opened; it goes on in Learn where it was"))


class WalkControl(QObject):
    """One lesson at a time, or none."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.listed = WalkShelf(self.window)
        self.walk: Walk | None = None
        self._before: tuple[History, str] | None = None  # the user's own, and its workspace
        self._shown: object = None  # the step whose moment the picture stands at
        self._at_work = False
        self._asked: Request | None = None  # of the desk, until that is free again
        self._over: Request | None = None  # what it was asked last, answered or not
        self._scene, self._playing = WalkScene(self.window), Playing(controller)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._follow)
        self._connect()

    def _connect(self) -> None:
        self._scene.clicked.connect(lambda items: self._guess(Click(items)))
        self.listed.asked.connect(self.open)
        self.listed.forgotten.connect(self._forgotten)
        self.controller.make_way = self._make_way
        card = self.window.card
        card.guessed.connect(self._guessed)
        card.typed.connect(self._typed)
        card.unsure.connect(lambda: self._guess(Unsure()))
        card.noted.connect(self._noted)
        card.again_asked.connect(lambda: self._step(measured_again))
        card.back_asked.connect(self._back)
        card.on_asked.connect(self._on)
        card.skip_asked.connect(self._skip)
        card.stay_asked.connect(lambda: self.leave(stay=True))
        card.leave_asked.connect(lambda: self.leave())
        self.controller.changed.connect(self._soon.start)
        self.controller.desk.freed.connect(self._freed)
        self.window.workspace_changed.connect(lambda _: self.look())
        self.window.closing.connect(self.close)

    @property
    def own(self) -> History | None:
        """What the user had before the lesson, None outside of one."""
        return None if self._before is None else self._before[0]

    def look(self) -> None:
        """Read which lessons there are, once the list of them is seen; who comes back to Learn is
        in the lesson still.
        """
        if self.walk is not None and self.window.docks.workspace == LEARN.id:
            self.window.go_to(_workspace(self.walk))
        self.listed.look()

    def read(self) -> Shelf:
        """Which lessons there are, and how far each is."""
        return self.listed.read()

    def open(self, id: str, number: int | None = None) -> None:
        """Begin a lesson, or go on with it where it was left. Says why where it cannot be."""
        shelf = self.listed.shelf or self.read()
        try:
            lesson = checked(shelf.find(id), shelf)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self.begin(lesson, where_left(lesson, self.listed.progress) if number is None else number)

    def begin(self, lesson: Lesson, number: int) -> None:
        """Begin a lesson at one of its steps. Says why where that cannot be."""
        if self.listed.shelf is None:
            self.read()
        try:
            own, known = self.own or self.controller.history, self.listed.progress
            walk = walks.begin(lesson, self.controller.facts, own.now, known, number)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        if self._before is None:
            self._before = own, self.window.docks.workspace
            self.controller.aside = own
        self._playing.stop()
        self._know_since(time.time())  # each lesson begins with a network that knows nothing
        self._take(walk, anew=True)

    def leave(self, *, stay: bool = False) -> None:
        """Back to the user's own session; stay: go on with the lesson's, which undo takes back."""
        if self.walk is None or self._before is None:
            return
        walk, (history, workspace) = self.walk, self._before
        held = self._scene.who_has_keys()
        self._playing.stop()
        self.walk = self._before = self.controller.aside = None
        self._know_since(-math.inf)
        if stay:
            self.controller.travel_to(history.edit(walk.session))
            self.window.go_to(_plain(self.window.docks.workspace))
        else:
            self.controller.travel_to(history)
            self.window.go_to(workspace)
        self._scene.clear()  # once the user's own is there again, whatever becomes of the card
        self.listed.save()
        if held:
            self.window.keys.rest()
        self._list()

    def _know_since(self, when: float) -> None:
        """What was taught before is not looked at: it would be other numbers than a step's."""
        self.controller.found_out(lambda facts: replace(facts, taught_since=when))

    def _make_way(self, other: str) -> Text:
        """Something else is opened, `other` of what a step may ask to be changed: where it does
        not, that would be gone with the lesson.
        """
        walk = self.walk
        on = walk is not None and not walk.finished
        if walk is not None and on and other in walk.step.free:
            return NOTHING
        self.leave()
        return LEFT if on else NOTHING

    def close(self) -> None:
        """The window closes: what is remembered is the user's own session."""
        self._soon.stop()
        self._playing.stop()
        if self.walk is not None and self._before is not None:
            self.listed.save()
            self.controller.history = self._before[0]
            self.walk = self._before = self.controller.aside = None

    # --- what the learner does ------------------------------------------------------------------

    def _guessed(self, what: object) -> None:
        self._guess(Choice(what) if isinstance(what, int) else Click(what))  # type: ignore[arg-type]

    def _typed(self, text: str) -> None:
        walk = self.walk
        if walk is None:
            return
        try:
            guess = read_number(text, walk.step.unit)
        except InputError as error:
            self.window.notice.refuse(error.cause)
            self.window.card.answering.correct()
            return
        self._guess(guess)

    def _guess(self, guess: Guess) -> None:
        if self.walk is None or not self.walk.asks:
            return
        self._step(lambda walk, facts: walks.guessed(walk, facts, guess))

    def _noted(self, note: str) -> None:
        if self.walk is not None and note != self.walk.note:
            self._take(walks.noted(self.walk, note))

    def _on(self) -> None:
        walk = self.walk
        if walk is None or not walk.finished:
            self._move(lambda walk, facts: walks.forward(walk, facts, time.time))
            return
        shelf = self.listed.shelf
        then = shelf.after(walk.lesson.id) if shelf is not None else None
        if then is not None:
            self.open(then.id)
        else:
            self.leave()
            self.window.go_to(LEARN.id)

    def _back(self) -> None:
        self._move(lambda walk, facts: walks.back(walk, facts, time.time))

    def _skip(self) -> None:
        self._move(lambda walk, facts: walks.skipped(walk, facts, time.time))

    def _move(self, work: Callable[..., Walk]) -> None:
        """To another step."""
        self._playing.stop()
        before = self.walk
        self._step(work, anew=True)
        if self.walk is not None and before is not None and self.walk.progress != before.progress:
            self.listed.save()

    # --- what is shown --------------------------------------------------------------------------

    def _step(self, work: Callable[..., Walk], *, anew: bool = False) -> None:
        if self.walk is None:
            return
        try:
            walk = work(self.walk, self.controller.facts)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self._take(walk, anew=anew and walk.number != self.walk.number)

    def _take(self, walk: Walk, *, anew: bool = False) -> None:
        """Show a walk. anew: another step, whose session is shown from where it says."""
        before, self.walk = self.walk, walk
        self.listed.progress = walk.progress
        held = self._scene.who_has_keys(*self.listed.lists)
        if anew and not walk.finished:
            self._shown = None
            self.window.go_to(_workspace(walk))
            self.controller.travel_to(walk.history)
        self._say()
        self._seek()
        revealed = before is None or not before.revealed or before.number != walk.number
        if walk.plays and revealed:
            self._playing.play(walk.plays, walk)
        if anew or (walk.revealed and revealed):
            self._scene.give_keys(held)
        self._wish(walk)

    def _follow(self) -> None:
        """The session was changed, or something was found out."""
        walk, controller = self.walk, self.controller
        if walk is None or walk.finished or controller.working:
            return
        history = controller.history
        if history.now != walk.session and walk.step.is_changed:
            walk = replace(walks.edited(walk, controller.facts, history.now), history=history)
        elif history.now != walk.session:
            walk = replace(walk, history=history)
        walk = stopped(self._learnt(walks.learnt(walk, controller.facts)), self._over)
        self._over = None
        if walk is not self.walk:
            self._take(walk)
        else:
            self._wish(walk)  # it may have waited until now
        self._seek()

    def _learnt(self, walk: Walk) -> Walk:
        """With a course that is over, whether the step asked for it or the learner."""
        facts = self.controller.facts
        last = facts.lessons[-1] if facts.lessons else None
        if last is None or last.doing != "over" or any(last is one for one in walk.courses):
            return walk
        wish, plan = walk.wish, last.plan
        if isinstance(wish, Teaching) and wish.answers(last):
            return walks.with_course(walk, facts, last)
        asked = walk.taught is not None and {"lr", "steps"} & set(walk.step.free)
        if wish is not None or not asked or plan.steps is None:
            return walk
        network = walk.session.network.layered
        if network is None or not alike(plan.network, network):
            return walk
        walk = walks.with_course(walk, facts, last)
        return walks.trained(walk, facts, plan.recipe.rate, plan.steps)

    def _seek(self) -> None:
        """The picture stands where the step asks about it, once it is shown."""
        walk, derived = self.walk, self.controller.derived
        if walk is None or walk.finished or self._shown == walk.number or derived.trace is None:
            return
        if self.controller.working or derived.session.network != walk.stage.session.network:
            return
        self._shown = walk.number
        at = share_of(walk.stage.at, derived.trace)
        self.controller.set_playback(replace(self.controller.playback, position=at, playing=False))

    def _say(self) -> None:
        if self.walk is not None:
            self._scene.show(self.walk, self.controller.derived, self.listed.shelf)
            self._list()

    def _list(self) -> None:
        self.listed.on = "" if self.walk is None else self.walk.lesson.id
        self.listed.show()

    def _forgotten(self) -> None:
        if self.walk is not None:
            self._take(replace(self.walk, progress=self.listed.progress))

    # --- what is measured -----------------------------------------------------------------------

    def _wish(self, walk: Walk) -> None:
        """What a value waits for is measured, as soon as nothing else is."""
        wish = walk.wish
        if wish is None or walk.stopped or self._at_work or self.controller.desk.busy:
            return
        self._at_work = True
        try:
            if isinstance(wish, Timing):
                of = replace(wish.of, batch=wish.batches[0])
                self.controller.run.time(timing_plan(wish), of)
            elif isinstance(wish, Teaching):
                for teach in self.controller.findChildren(TeachControl):
                    teach.teach(plan_of(wish))
            self._asked = wish
        except InputError as error:
            self._take(refused(walk, Text(AGAIN, why=error.cause)))
        finally:
            self._at_work = False

    def _freed(self) -> None:
        """Something was measured to its end, or stopped: what waits for it has its turn."""
        self._over, self._asked = self._asked, None
        self._soon.start()


def _workspace(walk: Walk) -> str:
    """Where a step is looked at."""
    return (LESSONS.get(walk.stage.view or "picture") or LESSONS["picture"]).id


def _plain(workspace: str) -> str:
    """The workspace a lesson's goes by, in which to go on freely."""
    with contextlib.suppress(StopIteration):
        view = next(view for view, one in LESSONS.items() if one.id == workspace)
        return {"picture": "picture", "clock": "clock"}.get(view, LEARN.id)
    return workspace
