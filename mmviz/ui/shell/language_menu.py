"""The window's language: as the system says, or one of those there is a catalogue of."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLibraryInfo, QLocale, QTranslator, pyqtSignal
from PyQt6.QtGui import QActionGroup
from PyQt6.QtWidgets import QApplication, QMenu

from mmviz.errors import InputError
from mmviz.text import N_, Text, own
from mmviz.ui import preflight
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import tell
from mmviz.words.speech import AUTO, ENGLISH, Words, asked, languages, own_name, speak

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow

LANGUAGE = N_("Language")
QT = "words of Qt's own"  # what their translator is called


class LanguageMenu(QMenu):
    """choice: AUTO or the id of a language, as the settings keep it."""

    chosen = pyqtSignal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.choice = AUTO
        self._window = window
        self._group = QActionGroup(self)
        tell(self, head=LANGUAGE)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def choose(self, choice: str) -> None:
        """Say all in another language, and in that at the next start; where it cannot be written
        or read here that is said, and all stays as it was.
        """
        try:
            words = asked(os.environ) if choice == AUTO else speak(choice)
        except InputError as error:
            self._window.notice.say(error.cause, error=True)
            return
        words, lost = readable(words)
        if lost and choice != AUTO:
            self._window.notice.say(lost, error=True)
            return
        self.choice = choice
        say_qt(words.language)
        self._window.set_words(words)
        self.chosen.emit()

    def show_choice(self, choice: str, words: Words) -> None:
        """What the settings say, where `words` are of that choice; else the words' own language, as
        when another one was asked for on the command line.
        """
        with contextlib.suppress(InputError):
            self.choice = choice if asked(os.environ, choice) == words else words.language

    def names(self) -> Iterator[tuple[str, Text]]:
        """Every choice, and what it is called: a language by its own name."""
        yield AUTO, Text(N_("As the system"))
        for language in languages():
            yield language, own(own_name(language))

    def _fill(self) -> None:
        """The languages there are now, each by its own name."""
        self.clear()
        for choice, name in self.names():
            action = self.addAction("")
            assert action is not None
            tell(action, self._window.words, text=name)
            action.setObjectName(f"language_{choice}")
            action.setCheckable(True)
            action.setChecked(choice == self.choice)
            self._group.addAction(action)
            action.triggered.connect(lambda _, choice=choice: self.choose(choice))


def readable(words: Words) -> tuple[Words, Text]:
    """The words, or English and the sentence why, where this computer has no font for them."""
    lacking = preflight.lacking_font(words.language)
    return (ENGLISH, lacking) if lacking else (words, lacking)


def say_qt(language: str) -> None:
    """What Qt says by itself, as in the menu of a field, in this language where Qt has it; and its
    signs in the forms they have there.
    """
    fonts.suit(language)
    application = QApplication.instance()
    if application is None:
        return
    for translator in application.findChildren(QTranslator, QT):
        application.removeTranslator(translator)
        translator.deleteLater()
    translator = QTranslator(application)
    translator.setObjectName(QT)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != ENGLISH.language and translator.load(QLocale(language), "qtbase", "_", folder):
        application.installTranslator(translator)
    else:
        translator.deleteLater()
