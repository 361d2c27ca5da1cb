"""Record and Stop: a pass is recorded in the child; recordings are kept, listed, shown, saved."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

from PyQt6.QtCore import QObject

from mmviz.bench.messages import Message
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files.ordinary import Tick
from mmviz.files.recordings import shelf
from mmviz.files.recordings.shelf import KeptRecording
from mmviz.state.facts import Facts
from mmviz.state.recording.listed import Entry
from mmviz.state.recording.opening import last_kept, looking_at
from mmviz.state.workspaces import PICTURE, RECORDING
from mmviz.text import N_, NOTHING, Text, own
from mmviz.ui.look.beside import Beside
from mmviz.ui.recording.lanes import LanesPanel
from mmviz.ui.recording.listed import ListPanel
from mmviz.ui.recording.ran import RanPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.desk import Outcome
from mmviz.words.names import spoken

WHO = N_("a pass is being recorded")
MODELLED = N_("this file has a modelled schedule: recordings of its product are held against it")
Then = Callable[[Recording], None]


class RecordControl(QObject):
    """One recording at a time."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self._desk, self._learn = controller.desk, controller.found_out
        self._beside = Beside(self)
        self._recalling = Beside(self)
        self._looked = False
        self._recalled: KeptRecording | None = None
        window = self.window
        self.controls = window.recording_controls
        self.controls.record_asked.connect(self.toggle)
        for panel in window.findChildren(ListPanel):
            panel.show_asked.connect(lambda entry: self.with_entry(entry, self.show))
            panel.against_asked.connect(self._hold_entry)
        for lanes in window.findChildren(LanesPanel):
            lanes.canvas.pointed.connect(window.pair.mark)
            window.pair.pointed.connect(lanes.canvas.mark)
            lanes.sought.connect(lambda at: controller.set_playback(controller.playback.at(at)))
            lanes.transport.speed_chosen.connect(window.transport.speed_chosen)
            lanes.transport.loop_chosen.connect(window.transport.loop_chosen)
        for ran in window.findChildren(RanPanel):
            ran.product_selected.connect(controller.look_at)
        window.pair.camera_moved.connect(controller.see)
        window.pair.product_stepped.connect(window.product_stepped)
        window.workspace_changed.connect(self._entered)
        controller.changed.connect(self._recall)
        window.closing.connect(self.close)

    @property
    def running(self) -> bool:
        """Whether a pass is being recorded."""
        return self._desk.lent_to(self)

    @property
    def keeping(self) -> bool:
        """Whether something is read from disk or on its way there."""
        return self._beside.working or self._recalling.working

    def toggle(self) -> None:
        """Record the pass that is wanted, or stop."""
        if self.running:
            self._desk.cancel(self)
            return
        try:
            plan = self.controls.asked.plan(self.controller.session.timed)
            self._desk.ask(plan, self, Text(WHO), self._hear, self._ended)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self.window.notice.say(NOTHING)
        self.controller.pause()
        self._show_on(Text(N_("recording {name} …"), name=spoken(plan.workload.name)))

    def look(self) -> None:
        """Which recordings there are on disk."""
        self._looked = True

        def found(kept: tuple[KeptRecording, ...]) -> None:
            self._learn(lambda facts: _with_kept(facts, kept))

        self._beside.ask(_all_kept, found, self.window.notice.say_why)

    def show(self, recording: Recording) -> None:
        """Look at a recording, and at the pass that it is of; what a file has of a model is what
        recordings are held against, and is seen as a picture where there are none.
        """
        if recording.ran:
            self._learn(lambda facts: facts.with_recording(recording))
        else:
            self.hold_against(recording)
        self.controller.set_out(looking_at, recording, told=said_of(recording))
        beside = recording.ran or self.controller.facts.recording_of(recording.of) is not None
        room = RECORDING.id if beside else PICTURE.id
        if self.window.docks.workspace != room:
            self.window.go_to(room)

    def close(self) -> None:
        """The window closes: nothing is read any more."""
        self._beside.close()
        self._recalling.close()

    def _entered(self, workspace: str) -> None:
        if workspace == RECORDING.id and not self._looked:
            self.look()
        self._recall()

    def _recall(self) -> None:
        """What this user recorded of the pass comes back where nobody has to look for it."""
        derived = self.controller.derived
        if self.window.docks.workspace != RECORDING.id or derived.recording is not None:
            return
        own = (one for one in derived.facts.kept_recordings if not one.shipped)
        kept = last_kept(own, derived.setup.timed)
        if kept is None or kept == self._recalled or self.running:
            return
        self._recalled = kept  # one that cannot be read is asked for once

        def found(recording: Recording) -> None:
            if self.controller.facts.recording_of(recording.of) is None:  # else there is a newer
                self._learn(lambda facts: facts.with_recording(recording))

        self._recalling.ask(functools.partial(_read, kept), found, self.window.notice.say_why)

    def _hear(self, message: Message) -> None:
        """All of it is told at the end."""

    def _ended(self, outcome: Outcome) -> None:
        self._show_on(NOTHING)
        found = outcome.found
        if isinstance(found, Recording):
            self._learn(lambda facts: facts.with_recording(found))
            self._keep(found)
        elif outcome.reason:
            self.window.notice.say(outcome.reason, error=True)

    def _keep(self, recording: Recording) -> None:
        self._beside.ask(
            lambda _: shelf.keep(recording),
            lambda _: self.look(),
            self.window.notice.say_why,
        )

    def _show_on(self, on: Text) -> None:
        self.controls.show_on(on)

    def hold_against(self, recording: Recording | None) -> None:
        """Hold what is shown against it; None: against the model."""
        self._learn(lambda facts: facts.with_against(recording))

    def _hold_entry(self, entry: Entry | None) -> None:
        if entry is None:
            self.hold_against(None)
        else:
            self.with_entry(entry, self.hold_against)

    def with_entry(self, entry: Entry, then: Then) -> None:
        """Do something with a recording, that is read where it was not yet."""
        if entry.recording is not None:
            then(entry.recording)
        elif (kept := entry.kept) is not None:
            about = Text(N_("reading {name} …"), name=own(os.path.basename(kept.path)))
            self.controller.errand.ask(about, functools.partial(_read, kept), then)


def said_of(recording: Recording) -> Text:
    """What whoever opens it is told of it; NOTHING of what ran."""
    return NOTHING if recording.ran else Text(MODELLED)


def _all_kept(tick: Tick) -> tuple[KeptRecording, ...]:
    tick(0, 1)
    return (*shelf.kept(), *shelf.shipped())


def _read(kept: KeptRecording, tick: Tick) -> Recording:
    return kept.read(tick)


def _with_kept(facts: Facts, kept: tuple[KeptRecording, ...]) -> Facts:
    return facts.with_kept_recordings(kept)
