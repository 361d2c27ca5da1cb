"""The application: QApplication, the window, its controller."""

from __future__ import annotations

import functools
import gc
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType

import msgspec
from PyQt6 import sip
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError, MmvizError, cause_of, passed_on
from mmviz.files.assets import asset
from mmviz.files.networks import NetworkFile
from mmviz.files.window_files import KeptSession, WindowFiles
from mmviz.state import settings as state
from mmviz.state.first import first_moment, first_session, first_session_on
from mmviz.state.learn.choice import choice_of
from mmviz.state.lessons.opening import LessonAt
from mmviz.state.recording.opening import beginning_with
from mmviz.state.session import Session
from mmviz.state.settings import Settings
from mmviz.state.workspaces import WORKSPACES, Workspace
from mmviz.text import N_, Text, joined
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.look import fonts
from mmviz.ui.look.style import system_theme
from mmviz.ui.look.theme import THEMES, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.device_control import DeviceControl
from mmviz.ui.shell.dialogs import Dialogs
from mmviz.ui.shell.docked import DOCKED, Docked
from mmviz.ui.shell.export_control import ExportControl
from mmviz.ui.shell.help_control import HelpControl
from mmviz.ui.shell.history_control import HistoryControl
from mmviz.ui.shell.language_menu import readable, say_qt
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.menus import Menus
from mmviz.ui.shell.opening import Opening
from mmviz.ui.shell.record_control import RecordControl, said_of
from mmviz.ui.shell.recording_files import RecordingFiles
from mmviz.ui.shell.teach_control import TeachControl
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.ui.start import first_line, layout
from mmviz.ui.start.collecting import Collecting
from mmviz.ui.start.leaving import heed_signals, save_when_told
from mmviz.ui.start.other_sessions import news, offer
from mmviz.ui.start.remember import Remembering, broken
from mmviz.words.speech import ENGLISH, Words


def application() -> QApplication:
    """The QApplication of this process, made where there is none yet."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(["mmviz"])
    made.setApplicationName("mmviz")
    made.setStyle("Fusion")  # the one style that looks the same everywhere under a style sheet
    made.setWindowIcon(QIcon(str(asset("icons", "mmviz.svg"))))
    return made


def build(
    session: Session,
    theme: Theme,
    *,
    words: Words = ENGLISH,
    large: bool = False,
    still: bool = False,
    survey: bool = True,
    docked: Sequence[Docked] = DOCKED,
    workspaces: Sequence[Workspace] = WORKSPACES,
) -> Controller:
    """A window on `session`, wired and not yet shown; it knows nothing of the user's settings.

    survey False: looking for backends, which may take a second, is left to the caller.
    """
    fonts.set_large(large)
    window = MainWindow(theme, reduced_motion=still, docked=docked, workspaces=workspaces)
    try:
        controller = Controller(window, session)
        Dialogs(controller)
        DeviceControl(controller)
        HelpControl(controller)
        HistoryControl(controller)
        TeachControl(controller)
        record = RecordControl(controller)
        ExportControl(controller)
        RecordingFiles(controller, Opening(controller), record)
        Menus(controller)
        WalkControl(controller)
        if words != ENGLISH:
            controller.window.set_words(words)
        if survey:
            controller.survey()
    except BaseException:
        window.close()  # half of one is of no use
        window.deleteLater()
        raise
    return controller


def start(file: Given | None, theme: str | None, words: Words = ENGLISH) -> Controller:
    """A shown window as the user left it; on `file`, else on the last session, which is there again
    after a lesson, too.

    Without a theme it is the one last chosen, else the system's. What cannot be restored, whatever
    the error, is left out and said. Raises InputError for a file that cannot be shown.
    """
    application()
    beside = WindowFiles()
    beside.clean()
    stage, own = WHOLE, file is None or isinstance(file, LessonAt)
    if own:
        stage = beside.begin(PLAIN)
    else:
        beside.shown()  # what a file does is nothing the settings are guilty of
    settings, lost = _stored(beside, stage, restore=own)
    words, unreadable = readable(words)
    while True:
        try:
            controller = _opened(file, settings, theme, words)
            break
        except Exception as error:
            if not own or stage == PLAIN:
                if file is None or isinstance(error, MmvizError):
                    raise
                said = N_("{name} cannot be shown: {why}")
                raise InputError(said, name=_name(file), why=passed_on(error)) from None
            stage += 1
            beside.try_at(stage)
            lost = _left_out(beside, passed_on(error))
            settings = _without(settings, stage)
    memory = Remembering(controller, beside, settings, theme or settings.theme)
    if own:
        memory.stems_from_stored(restored=settings.session is not None)
    window = controller.window
    notes = file.notes if isinstance(file, NetworkFile) else ()
    if isinstance(file, Recording):
        notes = (said_of(file),)
    opening = joined((lost, unreadable, *notes), "semicolons")
    if file is None and not opening and settings == Settings():
        first_line.say(window)
    else:
        window.notice.say(opening, error=bool(lost or unreadable))
    window.first_painted.connect(lambda: _all_shown(memory, lost))
    window.first_painted.connect(controller.run.journal.look)
    window.first_painted.connect(controller.look_around)
    window.first_painted.connect(controller.rates.look)
    for teaching in controller.findChildren(TeachControl):
        window.first_painted.connect(teaching.look)
    window.closing.connect(memory.finish)
    return controller


Given = NetworkFile | Recording | Foreign | LessonAt
"""What a window may be opened with."""

WHOLE, BARE, PLAIN = range(3)
"""What is restored: all; the look without the session; neither it nor the layout."""

DIED = N_("mmviz ended the last time before all was shown, and leaves the last session out")


def _stored(beside: WindowFiles, stage: int, *, restore: bool) -> tuple[Settings, Text]:
    """The settings as far as this stage wants them, and what is to be said."""
    settings, lost = state.load(beside, restore=restore and stage == WHOLE)
    if stage > WHOLE:
        lost = joined((Text(DIED), lost, state.superseded(beside)), "semicolons")
    return _without(settings, stage), lost


def _without(settings: Settings, stage: int) -> Settings:
    if stage >= BARE:
        settings = msgspec.structs.replace(settings, session=None)
    if stage >= PLAIN:
        settings = msgspec.structs.replace(settings, geometry="", layouts={}, workspace="")
    return settings


def _left_out(beside: WindowFiles, why: Text) -> Text:
    """What is said of a session that could not be shown; it is kept aside."""
    lost = Text(N_("the last session could not be shown: {why}"), why=why)
    return joined((lost, state.superseded(beside)), "semicolons")


def _name(file: Given) -> str:
    if isinstance(file, Foreign):
        return file.name
    if isinstance(file, LessonAt):
        return file.lesson.id
    return file.of.workload.name if isinstance(file, Recording) else file.network.name


def _asked(file: Given | None) -> Session | None:
    """The session of who named a file."""
    if isinstance(file, Recording):
        return beginning_with(file)
    return first_session_on(file) if isinstance(file, NetworkFile) else None


def _opened(file: Given | None, settings: Settings, theme: str | None, words: Words) -> Controller:
    """The window, shown."""
    asked = _asked(file)
    session = asked or settings.session or first_session()
    choice = theme or settings.theme
    colours = system_theme() if choice == "system" else THEMES[choice]
    controller = build(
        session,
        colours,
        words=words,
        large=settings.large_type,
        still=settings.still,
        survey=False,
    )
    try:
        controller.window.set_theme(colours, choice)
        controller.window.view_menu.languages.show_choice(settings.language, words)
        say_qt(words.language)
        controller.set_playback(replace(controller.playback, speed=settings.speed))
        if session == first_session():  # and nobody has edited it since
            _at_first_moment(controller)
        layout.show(controller.window, settings)
        if isinstance(file, Recording):
            for record in controller.findChildren(RecordControl):
                record.show(file)
        if isinstance(file, LessonAt):
            for walk in controller.findChildren(WalkControl):
                walk.begin(file.lesson, file.number)
        if isinstance(file, Foreign):
            for files in controller.findChildren(RecordingFiles):
                files.take(file)
        for panel in controller.window.findChildren(TeachingPanel):
            panel.recipe.show_choice(choice_of(settings.lesson))
        exports = controller.findChild(ExportControl)
        if exports is not None:
            exports.choice = state.choice_of(settings.export)
    except BaseException:
        controller.window.close()
        controller.window.deleteLater()
        raise
    return controller


def _at_first_moment(controller: Controller) -> None:
    position = first_moment(controller.derived.trace).position
    controller.set_playback(controller.playback.at(position))


def _all_shown(memory: Remembering, lost: Text) -> None:
    """The first painting is over: a session that cannot be shown whole is left out now."""
    controller, beside = memory.controller, memory.files
    always: Mapping[object, Text] = {}
    if found := broken(controller.window):
        session = controller.history.now
        controller.begin_anew(first_session())
        _at_first_moment(controller)
        controller.window.grab()  # which paints all of it
        always = broken(controller.window)
        asked = not memory.restored or controller.aside is not None  # a file, or a lesson
        if always or asked:  # it is so whatever is shown; or it is what somebody wants to see
            controller.begin_anew(session)
        else:
            lost = _left_out(beside, next(iter(found.values())))
            memory.stems_from_stored(restored=False)
            controller.window.notice.say(lost, error=True)
    beside.shown()
    memory.begin(always)
    memory.look(lambda: list(state.others(beside)), lambda kept: _offer(memory, kept, lost))


def _offer(memory: Remembering, kept: list[tuple[KeptSession, Session]], lost: Text) -> None:
    """Sessions of other windows; what is lost is said still."""
    offer(memory.controller, kept)
    said = news(kept, memory.told_of)
    memory.tell_of(tuple(one.window for one, _ in kept))
    if said:
        memory.controller.window.notice.say(joined((lost, said), "lines"), error=bool(lost))


def open_window(file: Given | None, theme: str | None, words: Words) -> int:
    """Show the window as `start` does and stay until it is closed; returns the exit code."""
    app = application()
    sys.excepthook = functools.partial(_survive, app)
    heed_signals(app)
    controller = start(file, theme, words)
    gc.freeze()  # what the window is made of stays
    Collecting(controller)
    memory = controller.findChild(Remembering)
    assert memory is not None
    save_when_told(app, memory.now, memory.finish)
    code = app.exec()
    # Else PyQt deletes one by one, as Python ends, what lies in it and is Python's, docks that are
    # hidden, while it walks a list in which others are that go with them: a crash now and then.
    sip.delete(controller.window)
    return code


def _survive(
    app: QApplication,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """An error nobody foresaw: Qt would abort the process, but the session is worth more."""
    traceback.print_exception(kind, error, trace)
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow):
            said = Text(N_("{error}; your work is untouched"), error=cause_of(error))
            window.notice.say(said, error=True)
