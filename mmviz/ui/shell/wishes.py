"""What the user wants, and what of it is shown: the round from Session and Facts to the panels.

What is small is shown at once. What may last is derived beside the window, which shows the session
before until then and takes every further wish: each is made of the newest session that is wanted,
the newest is derived, and what it replaces is never seen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject

from mmviz.errors import InputError, passed_on
from mmviz.files.ordinary import Tick
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.ahead import all_shown, is_long, ready
from mmviz.state.derived import Derived, derive
from mmviz.state.facts import Facts
from mmviz.state.history import History
from mmviz.state.session import Session
from mmviz.state.snapshot import Snapshot
from mmviz.text import NOTHING, Text, joined
from mmviz.ui.look.beside import Beside
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.formats import in_stead


class Wishes(QObject):
    """history, derived, snapshot: what is shown. facts: what was found out, the newest."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self.window = window
        self.history = History(session)
        self.derived = derive(session, _beside_it(Facts().knowing(session.device)))
        self.facts = self.derived.facts
        self.snapshot: Snapshot = {}
        self.beside = Beside(self)
        self.aside: History | None = None  # the user's own, while a lesson's session is shown
        self.make_way: Callable[[str], Text] = lambda _: NOTHING  # leaves a lesson; what is said
        self._wanted: History | None = None  # what is derived beside the window
        self._restart = False  # it shows another product, from its beginning
        self._again = False  # controls may stand at a wish that was replaced

    @property
    def session(self) -> Session:
        """What is wanted; `derived.session` is shown, an older one while `working`."""
        return self._latest.now

    @property
    def to_keep(self) -> Session:
        """What the next start brings back: the user's own."""
        return (self.history if self.aside is None else self.aside).now

    @property
    def working(self) -> bool:
        """Whether what is wanted is not shown yet."""
        return self._wanted is not None

    def edit(self, topic: str, action: Callable[..., Session], *arguments: object) -> None:
        """Do `action` to the session; what it refuses is said, and nothing changes."""
        before = self._latest
        self._want(lambda: before.edit(action(before.now, *arguments), topic))

    def set_out(
        self,
        action: Callable[..., Session],
        *arguments: object,
        other: str = "",
        told: Text = NOTHING,
    ) -> Text:
        """Another session, an edit like any; a lesson is left for it, but where it has `other` of
        these changed. What is said: that it is, and what else is `told`, unless that went wrong.
        """
        said = joined((self.make_way(other), told), "semicolons")
        self.edit("", action, *arguments)
        if said and self.window.notice.isHidden():
            self.window.notice.say(said)
        return said

    def turn_to(self, device: str) -> None:
        """Another device; where it does not have the number format, it is said which one stands."""
        before = self._latest.now.dtype
        self.edit("", actions.set_device, device)
        now = self._latest.now
        if now.dtype != before:
            self.window.notice.say(in_stead(self.facts.devices[now.device], before, now.dtype))

    def look(self, action: Callable[..., Session], *arguments: object) -> None:
        """Change only what is looked at and how, in what is shown: nothing to undo."""
        self._show_again(lambda: action(self.history.now, *arguments))

    def look_at(self, product: int) -> None:
        """Look at another product, from its beginning."""
        before = self._latest
        session = actions.select_product(before.now, product)
        if session.product != before.now.product:
            self._want(lambda: before.look(session), hush=False, restart=True)

    def undo(self) -> None:
        """Back to before the last edit."""
        self._travel(self._latest.undo())

    def redo(self) -> None:
        """On to after the next one."""
        self._travel(self._latest.redo())

    def travel_to(self, history: History) -> None:
        """Another line of sessions, with a past of its own, from its beginning."""
        self._want(lambda: history, restart=True)

    def settle(self) -> None:
        """The next edit can be undone by itself, whatever it is about."""
        self.history = self.history.settle()
        if self._wanted is not None:
            self._wanted = self._wanted.settle()

    def let_go(self) -> None:
        """What is shown is wanted; what is derived beside it no more."""
        if self._wanted is None:
            return
        self.beside.drop()
        self._wanted, self._restart, self._again = None, False, False
        self.facts = self._facts_shown
        self._show_history()
        self._put_back()
        self.followed()

    def learn(self, facts: Facts) -> None:
        """Something was found out."""
        before, self.facts = self.facts, facts
        if facts.devices == before.devices:
            learnt = self._show_again(lambda: self.history.now)
        else:  # what is wanted hangs on them
            learnt = self._want(lambda: self._latest, hush=False)
        if not learnt:
            self.facts = before

    def found_out(self, change: Callable[[Facts], Facts]) -> None:
        """Something was found out: what becomes of the facts by it."""
        self.learn(change(self.facts))

    def read_again(self, device: str) -> None:
        """A device's file has changed."""
        try:
            facts = self.facts.read_again(device)
        except InputError as error:
            self.refuse(error.cause)
        else:
            self.learn(facts)

    def refuse(self, sentence: Text) -> None:
        """Say why nothing changed, and put every control back to how it was."""
        self.window.notice.refuse(sentence)
        self._put_back()

    def followed(self) -> None:
        """Called when something else is shown; what is told of it beside the panels follows."""

    def begun_again(self) -> None:
        """Called when another product is about to be shown, from its beginning."""

    def _put_back(self) -> None:
        self.window.follow({}, self.snapshot)  # all of it: a control may stand elsewhere by itself

    @property
    def _latest(self) -> History:
        return self.history if self._wanted is None else self._wanted

    @property
    def _facts_shown(self) -> Facts:
        """With the devices as they are shown, not as they were read for what is wanted."""
        return replace(self.facts, devices=self.derived.facts.devices)

    def _travel(self, history: History) -> None:
        now = self.history.now
        look = _looked_at_as(now, history.now)
        self._want(lambda: history.look(look))  # a file of the user's may be gone

    def _knowing(self, session: Session) -> Facts:
        """Raises InputError. A device is read when it is turned to, not at every look at it, and
        this machine, which stands beside any other, with it.
        """
        facts, now = self.facts, self.session
        if session.edited is not None:
            return facts
        if session.device != now.device or now.edited is not None:
            return _beside_it(facts).read_again(session.device)
        return facts.knowing(session.device)

    def _want(
        self, make: Callable[[], History], *, hush: bool = True, restart: bool = False
    ) -> bool:
        """Show what is wanted from now on. False: that went wrong, which is said, and nothing has
        changed. hush: what was said before is over.
        """
        try:
            wanted = make()
            facts = self._knowing(wanted.now)
            known = wanted.now, facts, self.derived, self.window.view_parts, self.snapshot
            found = None if is_long(wanted.now, facts, self.derived) else all_shown(*known)
        except Exception as error:
            self.refuse(passed_on(error))
            return False
        self._again |= self._wanted is not None
        self._wanted, self.facts = wanted, facts
        self._restart |= restart
        if hush:
            self.window.notice.say(NOTHING)
        if found is not None:
            self.beside.drop()
            self._take(*found)
            return True

        def work(tick: Tick) -> tuple[Derived, Snapshot]:
            made = all_shown(*known)
            ready(made, tick)
            return made

        self.beside.ask(work, self._arrived, self._failed)
        self._show_history()
        return True

    def _arrived(self, found: tuple[Derived, Snapshot]) -> None:
        """It is derived; meanwhile something may have been found out, or looked at otherwise."""
        derived, snapshot = found
        now = self.history.now
        session = _looked_at_as(now, derived.session)
        facts = replace(self.facts, devices=derived.facts.devices)
        try:
            self._take(*all_shown(session, facts, derived, self.window.view_parts, snapshot))
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.let_go()
        self.window.notice.say_why(error)

    def _take(self, derived: Derived, snapshot: Snapshot) -> None:
        """Show what is wanted."""
        self.history, self._wanted = self._latest.look(derived.session), None
        self.facts = derived.facts
        if self._restart:
            self.begun_again()
        if self._again:
            self.snapshot = {}
        self._restart = self._again = False
        self._show(derived, snapshot)

    def _show_again(self, make: Callable[[], Session]) -> bool:
        """Show what is shown, looked at otherwise, or with what was found out. False: that went
        wrong, which is said, and nothing has changed.
        """
        try:
            session = make()
            known = self._facts_shown, self.derived, self.window.view_parts, self.snapshot
            found = all_shown(session, *known)
        except Exception as error:
            self.refuse(passed_on(error))
            return False
        self.history = self.history.look(session)
        self._show(*found)
        return True

    def _show(self, derived: Derived, snapshot: Snapshot) -> None:
        self.derived = derived
        before, self.snapshot = self.snapshot, snapshot
        self.window.follow(before, self.snapshot)
        self._show_history()
        self.followed()

    def _show_history(self) -> None:
        self.window.commands["undo"].setEnabled(bool(self._latest.past))
        self.window.commands["redo"].setEnabled(bool(self._latest.future))


def _looked_at_as(now: Session, session: Session) -> Session:
    """Another session, drawn the way that holds for all of them."""
    drawn = replace(session, colour_by=now.colour_by, turned=now.turned)
    return actions.set_schedule(drawn, now.schedule)


def _beside_it(facts: Facts) -> Facts:
    """With this machine as its file is now."""
    with contextlib.suppress(InputError):  # it is said where somebody asks for it
        return facts.read_again(THIS_MACHINE)
    return facts
