"""The window of F1: keys, the words of mmviz, this computer, what this is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QDialog,
    QLineEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mmviz.text import N_, Text
from mmviz.ui.help.about import About
from mmviz.ui.help.computer import Computer
from mmviz.ui.help.pages import Chapter, any_fit, glossary, page
from mmviz.ui.look import fonts
from mmviz.ui.look.first_size import first_size
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

KEYS, WORDS, COMPUTER, ABOUT = range(4)
ABOVE = 80  # pixels seen above a word that is opened


class HelpWindow(Told, QDialog):
    """Stands beside the window it explains; keys: chapters of keys, made when they are shown."""

    problem = pyqtSignal(object)  # a Text: a folder could not be shown

    def __init__(
        self, theme: Theme, keys: Callable[[], Sequence[Chapter]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._keys, self._marked = theme, keys, ""
        self._all: dict[int, Sequence[Chapter]] = {}  # of each page, since it was shown
        self._said: dict[int, str] = {}
        tell(self, title=N_("Help"))
        self.setModal(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        self.search = tell(
            QLineEdit(), hint=N_("Search keys and words"), name=N_("Search keys and words")
        )
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._searched)
        column.addWidget(self.search)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        bar = self.tabs.tabBar()
        assert bar is not None
        tell(bar, name=N_("Pages of the help"))
        bar.setDrawBase(False)
        self.keys, self.words_page = _browser(N_("Keys")), _browser(N_("Words"))
        self.computer = Computer(theme)
        self.about = About()
        self.about.problem.connect(self.problem)
        for part in (self.keys, self.words_page, self.computer, self.about):
            self.tabs.addTab(part, "")
        self.tabs.currentChanged.connect(lambda _: self._enable())
        column.addWidget(self.tabs, 1)
        wanted = QSize(640, 600) * fonts.scale()
        screen = self.screen()
        self.resize(wanted if screen is None else first_size(wanted, screen.availableSize()))
        self.say()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.computer.set_theme(theme)
        self.say()

    def set_words(self, words: Words) -> None:
        self.computer.set_words(words)
        self.about.set_words(words)
        super().set_words(words)

    def open_at(self, term: str = "") -> None:
        """Show it; at a term of the glossary, where one is named."""
        self._marked = term
        if term:
            self.search.clear()
            self.tabs.setCurrentIndex(WORDS)
        self.say()
        self.show()
        self.raise_()
        self.activateWindow()
        self._scroll()
        self.search.setFocus()

    def open_computer(self) -> None:
        """Show what this computer has and lacks."""
        self.open_at()
        self.tabs.setCurrentIndex(COMPUTER)
        self.computer.page.setFocus()

    def say(self) -> None:
        for tab, text in (
            (KEYS, N_("Keys")),
            (WORDS, N_("Words")),
            (COMPUTER, N_("This computer")),
            (ABOUT, N_("About")),
        ):
            self.tabs.setTabText(tab, self.words(Text(text)))
        self._all = {KEYS: self._keys(), WORDS: glossary(self.words)}
        self._fill()

    def _fill(self) -> None:
        """Both pages, with what is searched."""
        for tab, browser in ((KEYS, self.keys), (WORDS, self.words_page)):
            typed = self.search.text()
            said = page(self._all[tab], typed, self.words, self._theme, self._marked)
            if said != self._said.get(tab):  # to lay a page out takes longer than to write it
                self._said[tab] = said
                browser.setHtml(said)
        self._enable()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._scroll()  # lines have their places only now

    def _scroll(self) -> None:
        """To the marked line, with something of what stands above it."""
        bar = self.words_page.verticalScrollBar()
        if self._marked and bar is not None:
            self.words_page.scrollToAnchor(self._marked)
            bar.setValue(bar.value() - ABOVE)

    def _searched(self, typed: str) -> None:
        """Search where there is something to be found, on the other page too."""
        pages = self._all.items()
        has = [tab for tab, chapters in pages if any_fit(chapters, typed, self.words)]
        if typed and has and self.tabs.currentIndex() not in has:
            self.tabs.setCurrentIndex(has[-1])
        self._marked = ""
        self._fill()

    def _enable(self) -> None:
        self.search.setEnabled(self.tabs.currentIndex() in (KEYS, WORDS))


def _browser(name: str) -> QTextBrowser:
    browser = tell(QTextBrowser(), name=name)
    browser.setFont(fonts.words())
    browser.setOpenLinks(False)
    browser.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return browser
