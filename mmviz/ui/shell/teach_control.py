"""Teach, Pause, Go on and Stop: a network is taught in the child, and its course goes into the
facts; weights are written to files of the user's, and read from them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PyQt6.QtCore import QObject, QTimer

from mmviz.bench.messages import Finished, Message
from mmviz.bench.plan import GivenData, Learnt, MadeData, TrainPlan
from mmviz.bench.teaching import given
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.weights import at_rest
from mmviz.errors import InputError, MmvizError
from mmviz.files import courses, idx, weights
from mmviz.files.courses import KeptLesson
from mmviz.files.ordinary import Tick
from mmviz.state import actions
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.course import MADE_HERE, Course
from mmviz.state.learn.kept import as_course
from mmviz.text import N_, NOTHING, Text, own
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.desk import Outcome
from mmviz.ui.shell.dialogs import ask_for_folder, ask_to_read, ask_to_write
from mmviz.ui.shell.lesson_keeper import LessonKeeper

WHO = N_("a network is being taught")
SHOWN_MS = 100  # between two times that all panels follow
_NPZ = (Text(N_("Weights")), (".npz",))


class TeachControl(QObject):
    """One course at a time."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self._desk, self._learn = controller.desk, controller.found_out
        window = self.window
        window.closing.connect(self.close)
        self._course: Course | None = None  # the one that is taught
        self._pausing = False
        self._keeper = LessonKeeper(self, window.notice.say_why)
        self._read: tuple[str, GivenData] | None = None  # the folder that was read last
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOWN_MS)
        self._soon.timeout.connect(self._show)
        for panel in window.findChildren(TeachingPanel):
            panel.teach_asked.connect(functools.partial(self.toggle, panel))
            panel.pause_asked.connect(functools.partial(self.pause, panel))
            panel.save_asked.connect(self.save)
            panel.take_asked.connect(self.take)
            panel.open_asked.connect(functools.partial(self.open, panel))
            panel.recipe.folder_asked.connect(functools.partial(self._ask_folder, panel))
            panel.recipe.pace_chosen.connect(self.pace)
            panel.recipe.refused.connect(window.notice.refuse)

    @property
    def running(self) -> bool:
        """Whether a network is being taught."""
        return self._desk.lent_to(self)

    @property
    def keeping(self) -> bool:
        """Whether what was learnt is on its way to disk."""
        return self._keeper.working

    def toggle(self, panel: TeachingPanel) -> None:
        """Begin a course, or stop the one that is on."""
        if self.running:
            self._pausing = False
            self._desk.cancel(self)
            return
        try:
            self._desk.check()
            choice = panel.recipe.choice()
            self._check(choice)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self._with_data(choice.folder, functools.partial(self._begin, choice))

    def teach(self, plan: TrainPlan) -> None:
        """Begin a course that nobody chose here; raises InputError."""
        self._desk.check()
        self._start(Course(plan, time.time()))

    def pause(self, panel: TeachingPanel) -> None:
        """Let the course rest, or go on with the last one of the network that is shown, at the
        speed that is chosen now.
        """
        if self.running:
            self._pausing = True
            self._desk.cancel(self)
            return
        network = self.controller.derived.session.network.layered
        course = None if network is None else self.controller.derived.facts.lesson_of(network)
        if course is None or not course.resumable:
            self.window.notice.say(Text(N_("no course of this network waits to go on")))
            return
        again = course.taken_up()

        def begin(data: MadeData | GivenData) -> None:
            self._start(with_data(again, data, panel.recipe.pace.currentData()))

        self._with_data(course.folder, begin)

    def pace(self, pace: float | None) -> None:
        """The lesson that is on goes on so fast, steps a second at most; None: as it computes."""
        if self._course is not None:
            self._course = self._course.paced(pace)
            self._desk.pace(self, pace)
            self._show()

    def save(self) -> None:
        """Write what the network that is shown has learnt."""
        course = self._shown()
        if course is None or course.weights is None:
            self.window.notice.say(Text(N_("this network has learnt nothing yet")))
            return
        path = ask_to_write(self.window, N_("Save weights"), "weights.npz", (_NPZ,))
        if not path:
            return
        try:
            weights.save(path, course.weights.weights, course.weights.biases)
        except MmvizError as error:
            self.window.notice.say_why(error)
        else:
            self.window.notice.say(Text(N_("saved {path}"), path=path), folder=path)

    def open(self, panel: TeachingPanel) -> None:
        """Take weights of the network that is shown from a file."""
        path = ask_to_read(self.window, N_("Open weights"), (_NPZ,))
        if not path:
            return
        try:
            self._take(path, panel.recipe.choice())
        except MmvizError as error:
            self.window.notice.say_why(error)
        else:
            self.window.notice.say(NOTHING)  # what was said of a file before is over

    def take(self) -> None:
        """What was learnt becomes the numbers of the network that is shown; can be undone."""
        course = self._shown()
        if course is not None and course.weights is not None:
            self.controller.edit("", actions.take_weights, course.weights)

    def look(self) -> None:
        """Which lessons were kept: the last one of each network can go on."""

        def found(kept: tuple[KeptLesson, ...]) -> None:
            known = {one.began for one in self.controller.facts.lessons}
            new = [as_course(one) for one in kept if one.when not in known]
            if new:
                self._learn(lambda facts: functools.reduce(Facts.with_lesson, new, facts))

        self._keeper.look(found, self.window.notice.say_why)

    def close(self) -> None:
        """The window closes: nothing is shown any more; what was learnt until then is kept."""
        self._soon.stop()
        course, self._course = self._course, None
        self._keeper.close(course)

    def _shown(self) -> Course | None:
        derived = self.controller.derived
        network = derived.session.network.layered
        on = next((one for one in derived.facts.lessons if one.doing == "teaching"), None)
        return on if on is not None or network is None else derived.facts.lesson_of(network)

    def _take(self, path: str, choice: Choice) -> None:
        """A course of no step, that knows what the file says, and goes on by this choice."""
        session = self.controller.derived.session
        found = at_rest(*weights.read(path, teachable(session.network)))
        plan = plan_of(session.network, session.dtype, choice, made())
        course = Course(
            plan,
            time.time(),
            own(choice.folder) if choice.folder else MADE_HERE,
            choice.folder,
            Text(N_("weights of {path}"), path=path),
            "over",
            weights=found,
        )
        self._learn(lambda facts: facts.with_lesson(course))

    def _check(self, choice: Choice) -> None:
        """Raise InputError where nothing could be taught, before any file is read."""
        session = self.controller.derived.session
        plan_of(session.network, session.dtype, choice, made())

    def _with_data(self, folder: str, then: Callable[[MadeData | GivenData], None]) -> None:
        """Do something with the drawings of a folder, "" for those that mmviz makes."""

        def was_read(found: GivenData) -> None:
            self._read = folder, found
            then(found)

        if not folder:
            then(made())
        elif self._read is not None and self._read[0] == folder:
            then(self._read[1])
        else:
            work = functools.partial(_drawings, folder)
            self.controller.errand.ask(Text(N_("reading drawings …")), work, was_read)

    def _begin(self, choice: Choice, data: MadeData | GivenData) -> None:
        session = self.controller.derived.session
        try:
            plan = plan_of(session.network, session.dtype, choice, data)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        drawings = own(choice.folder) if choice.folder else MADE_HERE
        self.controller.edit("", actions.as_taught, plan.recipe.batch)
        self._start(Course(plan, time.time(), drawings, folder=choice.folder))

    def _start(self, course: Course) -> None:
        try:
            self._desk.check()
            course = self._held(course)
            self._desk.ask(course.rest(), self, Text(WHO), self._hear, self._ended)
        except InputError as error:
            self._keeper.let_go()
            self.window.notice.say_why(error)
            return
        self.window.notice.say(NOTHING)
        self._pausing = False
        self._course = course
        self._show()
        if not courses.fits(course.plan.network):
            said = Text(courses.NOT_KEPT, n=course.plan.network.parameters)
            self.window.notice.say(said)

    def _held(self, course: Course) -> Course:
        """The course, which nobody else teaches from now on, with what others taught it before;
        raises InputError where somebody does, or nothing is left.
        """
        asked, course = course, self._keeper.take(course)
        if course.complete and course is not asked:  # one of no step is looked at, too
            self._learn(lambda facts: facts.with_lesson(course))
            raise InputError(N_("another mmviz taught this course to its end"))
        return course.taken_up()

    def _hear(self, message: Message) -> None:
        if self._course is None:
            return
        # The child says it is done before it is gone: until then nothing else can begin.
        if not isinstance(message, Finished):
            self._course = self._course.heard(message)
        if isinstance(message, Learnt) and self._keeper.due:
            self._keeper.keep(self._course)
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        course = self._course
        if course is not None:
            self._learn(lambda facts: facts.with_lesson(course))

    def _ended(self, outcome: Outcome) -> None:
        self._soon.stop()
        course = self._course
        if course is None:
            return
        ended = outcome.reason or course.ended
        doing = "over" if course.complete or (outcome.cancelled and not self._pausing) else "paused"
        self._course = course.left(doing, ended)  # type: ignore[arg-type]
        self._show()
        self._keeper.keep(self._course, last=True)
        self._course = None
        if ended:
            self.window.notice.say(ended, error=True)

    def _ask_folder(self, panel: TeachingPanel) -> None:
        folder = ask_for_folder(self.window, N_("Folder with MNIST's four files"))
        if folder:
            panel.recipe.show_folder(folder)


def with_data(course: Course, data: MadeData | GivenData, pace: float | None) -> Course:
    """The course with its drawings, which are not kept, at another speed."""
    return replace(course, plan=msgspec.structs.replace(course.plan, data=data, pace=pace))


def _drawings(folder: str, tick: Tick) -> GivenData:
    """MNIST's files of a folder; raises InputError."""
    tick(0, 1)
    return given(*idx.read_folder(Path(folder)))
