"""Between the user's wishes and the window: Session in, Derived out, one way round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal

from mmviz.backends import registry
from mmviz.core.schedule.trace import Trace
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files.networks import NetworkFile
from mmviz.files.ordinary import no_tick
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.clock.enter import enter
from mmviz.state.history import History
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.learnt import learning_of
from mmviz.state.picture.playback import Playback, toggle
from mmviz.state.picture.selection import Selection
from mmviz.state.race.race import Race
from mmviz.state.recording.playing import Played, played
from mmviz.state.session import Session, open_file
from mmviz.state.snapshot import resolve
from mmviz.state.workspaces import PICTURE
from mmviz.text import N_, Text, joined
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.player import Length, Player
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.race.lineup import Found, first_race
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.advice_control import AdviceControl
from mmviz.ui.shell.calibrate_control import CalibrateControl
from mmviz.ui.shell.desk import Desk
from mmviz.ui.shell.errand import Errand
from mmviz.ui.shell.ladder_control import LadderControl
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.offered import Offered
from mmviz.ui.shell.probe_control import ProbeControl
from mmviz.ui.shell.rates_control import RatesControl
from mmviz.ui.shell.run_control import RunControl
from mmviz.ui.shell.since_control import SinceControl
from mmviz.ui.shell.views import name_of
from mmviz.ui.shell.wishes import Wishes


class Controller(Wishes):
    """Holds the history and the playback; applies every change to the window at once."""

    changed = pyqtSignal()  # another session is shown, or something was found out

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window, session)
        self.errand = Errand(self)
        self._probe = ProbeControl(self, window.notice, self._surveyed)
        self.desk = Desk(self)
        self.run = RunControl(
            window, self.desk, self.derived, self.found_out, self.look_around, self.errand
        )
        self.calibrate = CalibrateControl(
            window, self.desk, self.pause, lambda: self.read_again(THIS_MACHINE)
        )
        Offered(window, self.calibrate.begin, self._open_alone, self._open_preset)
        self.advice = AdviceControl(window, self.desk, self.edit, self.pause, self.found_out)
        self.since = SinceControl(
            window.findChildren(SincePanel), self, self.found_out, self._look_at_layer
        )
        self.ladder = LadderControl(
            window, self.desk, lambda: self.derived, self.found_out, self.look_around, self.pause
        )
        self.rates = RatesControl(
            window, self.desk, lambda: self.derived, self.found_out, self.look_around, self.pause
        )
        self.player = Player(self._length, self._next_product, self)
        self.player.moved.connect(self._show_moment)
        self._shown: tuple[Trace | None, Playback] | None = None
        self._connect()
        self._show(self.derived, resolve(self.derived, window.view_parts, {}))

    @property
    def playback(self) -> Playback:
        return self.player.playback

    def open(self, file: NetworkFile) -> Text:
        """Open a preset or a file from its beginning; can be undone like any edit. What is said."""
        notes = joined(file.notes, "semicolons")
        said = self.set_out(lambda now: open_file(file, now), other="network", told=notes)
        self.set_playback(replace(self.playback, position=0.0, playing=False))
        return said

    def begin_anew(self, session: Session) -> None:
        """Another session, before which there was none."""
        self._want(lambda: History(session), restart=True)

    def followed(self) -> None:
        self.run.follow(self.derived)
        self.advice.follow(self.derived)
        self._show_moment()
        self.changed.emit()

    def begun_again(self) -> None:
        self.player.playback = replace(self.playback, position=0.0)

    def set_playback(self, playback: Playback) -> None:
        """Move in time, start or stop."""
        self.player.set(playback)

    def step(self, direction: int, by: str) -> None:
        """One k-step or wave on or back."""
        played = self._played()
        if played is not None:
            self.set_playback(played.stepped(self.playback, direction, by))

    def close(self) -> None:
        """Stop every timer and the timing child."""
        self.player.stop()
        self.beside.close()
        self.errand.close()
        self.run.close()
        self._probe.close()
        self.since.close()
        self.desk.close()
        self.window.sweep.stop()
        for digit in self.window.findChildren(DigitPanel):
            digit.stop()
        self.advice.close()
        for race in self.window.findChildren(RaceWindow):
            race.close()

    def _connect(self) -> None:
        window, top, panel = self.window, self.window.top, self.window.network
        top.preset_chosen.connect(self._open_preset)
        top.batch_chosen.connect(lambda n: self.edit("batch", actions.set_batch, n))
        top.batch_settled.connect(self.settle)
        top.training_chosen.connect(lambda on: self.edit("", actions.set_training, on))
        top.dtype_chosen.connect(lambda dtype: self.edit("", actions.set_dtype, dtype))
        top.device_chosen.connect(self.turn_to)
        panel.layer_selected.connect(self._look_at_layer)
        panel.inputs_chosen.connect(lambda n: self.edit("", actions.set_inputs, n))
        panel.units_chosen.connect(lambda i, n: self.edit("", actions.set_units, i, n))
        panel.activation_chosen.connect(lambda i, a: self.edit("", actions.set_activation, i, a))
        panel.name_chosen.connect(lambda i, name: self.edit("", actions.rename_layer, i, name))
        panel.add_asked.connect(
            lambda: self._edit_and_look(len(self.session.layered.layers), actions.add_layer)
        )
        panel.insert_asked.connect(lambda i: self._edit_and_look(i, actions.insert_layer, i))
        panel.alone_asked.connect(self._open_alone)
        panel.remove_asked.connect(lambda i: self._edit_and_look(i - 1, actions.remove_layer, i))
        panel.move_asked.connect(lambda i, to: self._edit_and_look(to, actions.move_layer, i, to))
        window.strip.product_selected.connect(self.look_at)
        window.product_stepped.connect(lambda by: self.look_at(self.session.product + by))
        for view in (window.units, window.transport):
            view.sought.connect(lambda at: self.set_playback(self.playback.at(at)))
        window.keys.escapes.insert(-1, self._let_selection_go)  # before full screen is left
        window.key_sought.connect(lambda at: self.set_playback(self.playback.at(at)))
        window.transport.speed_chosen.connect(
            lambda speed: self.set_playback(replace(self.playback, speed=speed))
        )
        picture = window.picture
        picture.camera_moved.connect(self.see)
        picture.selected.connect(lambda selection: self.look(actions.select, selection))
        picture.editor.edited.connect(self._set_number)
        picture.bar.colour_chosen.connect(lambda what: self.look(actions.colour_by, what))
        picture.bar.schedule_chosen.connect(lambda which: self.look(actions.set_schedule, which))
        picture.bar.turn_chosen.connect(lambda on: self.look(actions.turn, on))
        controls = window.facts.controls
        controls.tile_chosen.connect(lambda tile: self.edit("", actions.set_tile, tile))
        controls.tile_refused.connect(self.refuse)
        controls.kernel_chosen.connect(lambda tile: self.edit("", actions.as_computed, tile))
        controls.order_chosen.connect(lambda order: self.edit("", actions.set_order, order))
        window.facts.roofline.product_selected.connect(self.look_at)
        window.layers.table.product_selected.connect(self.look_at)
        window.parts.canvas.product_selected.connect(self.look_at)
        window.sweep.entered.connect(lambda *point: self.edit("", actions.enter, *point))
        window.sweep.timed.connect(self.run.sweep)
        window.sweep.budget_chosen.connect(lambda s: self.edit("budget", actions.set_budget, s))
        window.sweep.chosen.connect(lambda choice: self.edit("", actions.set_sweep, choice))
        window.passes.product_entered.connect(self.look_at)
        window.passes.sought.connect(self._seek_in)
        window.units.unit_picked.connect(lambda unit: self._pick(Selection("unit", unit)))
        window.transport.wave_picked.connect(lambda wave: self._pick(Selection("wave", wave)))
        window.transport.loop_chosen.connect(
            lambda on: self.set_playback(replace(self.playback, loop=on))
        )
        for digit in window.findChildren(DigitPanel):
            digit.chosen.connect(lambda drawing: self.edit("", actions.set_drawing, drawing))
        for box in window.findChildren(CountBox):
            box.refused.connect(lambda why, box=box: window.notice.refuse(why, box))
        window.sweep.verdicts.box.refused.connect(window.notice.refuse)
        window.timing.controls.refused.connect(window.notice.refuse)
        window.timing.table.entered.connect(self._enter_run)
        picture.editor.refused.connect(window.notice.refuse)
        self._connect_commands()
        window.closing.connect(self.close)

    def _connect_commands(self) -> None:
        commands = self.window.commands
        for name, slot in (
            ("play", lambda: self.set_playback(toggle(self.playback))),
            ("step_back", lambda: self.step(-1, "k-step")),
            ("step_on", lambda: self.step(1, "k-step")),
            ("tile_back", lambda: self.step(-1, "tile")),
            ("tile_on", lambda: self.step(1, "tile")),
            ("race", lambda: self.open_race()),
            ("quit", self.window.close),
            ("wave_back", lambda: self.step(-1, "wave")),
            ("wave_on", lambda: self.step(1, "wave")),
            ("undo", lambda: self.undo()),
            ("redo", lambda: self.redo()),
            ("theme", self._swap_theme),
        ):
            commands[name].triggered.connect(slot)

    def _put_back(self) -> None:
        super()._put_back()
        self._shown = None
        self._show_moment()

    def _seek_in(self, product: int, share: float) -> None:
        """To a place within a product of the pass."""
        self.look_at(product)
        self.set_playback(self.playback.at(share))

    def open_race(
        self,
        make: Callable[[Session], Race] | None = None,
        then: Callable[[RaceWindow], None] = lambda _: None,
    ) -> None:
        """A race of the session, the first ready-made one where nobody says which. then: what comes
        once it is shown.

        One window is enough, and it may lie behind: it is raised, or makes room for `make`.
        """
        window = self.window
        for race in window.findChildren(RaceWindow):
            if race.isVisible() and make is not None:
                race.close()
            elif race.isVisible():
                race.raise_()
                race.activateWindow()
                return
        session, facts = self.session, self.facts

        def opened(first: Found) -> None:
            try:
                race = RaceWindow(session, window.theme, window, window.words, facts, first)
                race.export_asked.connect(lambda: window.export_asked.emit("race"))
                race.copy_asked.connect(lambda: window.copy_asked.emit("race"))
                race.addActions([window.commands["help"], window.commands["explain"]])
                race.show()
                then(race)
            except Exception as error:
                window.notice.say_why(error)
                for half in window.findChildren(RaceWindow):
                    half.setParent(None)  # it may have nothing yet that could be closed
                    half.deleteLater()

        try:
            long, work = first_race(session, facts, make)
            if long:
                self.errand.ask(Text(N_("lining the race up …")), work, opened)
            else:
                opened(work(no_tick))
        except Exception as error:
            window.notice.say_why(error)

    def _pick(self, selection: Selection) -> None:
        """Pick out a unit or a wave; the same once more lets go."""
        same = self.session.selection == selection
        self.look(actions.select, None if same else selection)

    def _let_selection_go(self) -> bool:
        """Nothing is picked out any more; whether anything was."""
        picked = self.history.now.selection is not None
        if picked:
            self.look(actions.select, None)
        return picked

    def _set_number(self, which: int, row: int, column: int, value: float) -> None:
        """Change a number; where all are what the network learnt, they become its own with it."""
        weights = learning_of(self.derived).weights
        course = None if weights is None else self.facts.lesson_of(self.session.layered)
        if course is not None and course.doing == "teaching":
            self.refuse(Text(N_("pause the course first: its weights change with every step")))
            return

        def changed(session: Session) -> Session:
            taken = session if weights is None else actions.take_weights(session, weights)
            return actions.set_number(taken, which, row, column, value)

        self.edit("", changed)

    def _look_at_layer(self, layer: int) -> None:
        if layer >= 0:
            self.look_at(layer)

    def _open_alone(self) -> None:
        """The product looked at as a network of its own, from its beginning; can be undone."""
        self.edit("", actions.open_alone)
        self.set_playback(replace(self.playback, position=0.0, playing=False))

    def _open_preset(self, preset: str) -> None:
        self.open(networks.read_preset(preset))

    def _enter_run(self, backend: str, batch: int) -> None:
        """The picture of what took longest in a run of the table."""
        try:
            found = enter(self.session, self.facts, backend, batch)
        except InputError as error:
            self.refuse(error.cause)
            return
        if (found.batch, found.tile) != (self.session.batch, self.session.tile):
            self.edit("", enter, self.facts, backend, batch)
        else:
            self.look_at(found.product)
        self.window.go_to(PICTURE.id)

    def _edit_and_look(
        self, layer: int, action: Callable[..., Session], *arguments: object
    ) -> None:
        """An edit after which the layer it was about is looked at."""
        self.edit("", lambda session: actions.select_product(action(session, *arguments), layer))

    def _swap_theme(self) -> None:
        self.window.set_theme(LIGHT if self.window.theme is DARK else DARK)

    def survey(self) -> None:
        """Look which backends there are; once, since looking loads CuPy where it is installed."""
        if not self.facts.backends:
            self._surveyed(registry.survey())

    def look_around(self, then: Callable[[], None] | None = None) -> None:
        """The same in a child, beside the window; `then` waits until it is known."""
        if not self.facts.backends:
            self._probe.look(then)
        elif then is not None:
            then()

    def _surveyed(self, entries: tuple[registry.Entry, ...]) -> None:
        if not self.facts.backends:
            self.found_out(lambda facts: replace(facts, backends=entries))
            self.run.order_tab()

    def see(self, camera: Camera) -> None:
        """Look at the output from elsewhere."""
        self.look(actions.set_camera, camera)

    def pause(self) -> None:
        """Nothing moves while something is measured."""
        self.set_playback(replace(self.playback, playing=False))

    def _show_moment(self) -> None:
        """Frame and position, where they are not those on screen."""
        trace = self.derived.trace
        moment = trace, self.playback
        if self._shown is not None and self._shown[0] is trace and self._shown[1] == moment[1]:
            return
        self._shown = moment
        window = self.window
        key = "moment", "frame"
        window.apart.do(key, lambda: name_of(window.picture), lambda: self._show_frame(trace))

    def _show_frame(self, trace: Trace | None) -> None:
        frame = None if trace is None else trace.at(self.playback.position * trace.duration)
        self.window.show_moment(self.playback, frame)

    def _length(self) -> Length | None:
        """How long the product looked at is played, and at which pace."""
        played = self._played()
        return None if played is None else (played.end, played.typical)

    def _played(self) -> Played | None:
        """What the clock goes along: the schedule of the picture, or both of a recording."""
        return played(self.derived, self.window.docks.workspace)

    def _next_product(self) -> bool:
        """Go on to the product after this one, if there is one; one that is derived is awaited."""
        if self.working:
            return True
        if self.session.product >= self.session.products - 1:
            return False
        self.look_at(self.session.product + 1)
        return True
