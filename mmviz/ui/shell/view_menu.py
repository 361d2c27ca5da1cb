"""The View menu: workspaces, panels, large type, theme and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup, QGuiApplication
from PyQt6.QtWidgets import QMenu

from mmviz.text import N_
from mmviz.ui.look import fonts
from mmviz.ui.look.style import system_theme
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import THEMES
from mmviz.ui.shell.language_menu import LanguageMenu

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow

CHOICES = ("system", *THEMES)


class ViewMenu(QMenu):
    """Shows the state of the window when it opens; every entry is a command or a panel."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)  # its button has the words
        self.window_ = window
        commands = window.commands
        self.setToolTipsVisible(True)
        self._group(self, tuple(workspace.id for workspace in window.named))
        self.addSeparator()
        for dock in window.docks.all.values():
            self.addAction(dock.view_action)
        self.addAction(commands["reset_layout"])
        self.addAction(commands["race"])
        self.addSeparator()
        commands["large_type"].setCheckable(True)
        self.addAction(commands["large_type"])
        commands["full_screen"].setCheckable(True)
        self.addAction(commands["full_screen"])
        themes = tell(QMenu(self), head=N_("Theme"))
        self._group(themes, tuple(f"theme_{choice}" for choice in CHOICES))
        self.addMenu(themes)
        self.languages = LanguageMenu(window)
        self.addMenu(self.languages)
        self.addSeparator()
        self.addAction(commands["computer"])
        commands["view"].setMenu(self)
        self._connect()

    def follow(self) -> None:
        """Tick what is so."""
        window, commands = self.window_, self.window_.commands
        commands[window.docks.now.named].setChecked(True)
        commands["large_type"].setChecked(fonts.scale() > 1)
        commands["full_screen"].setChecked(window.isFullScreen())
        commands[f"theme_{window.theme_choice}"].setChecked(True)

    def choose_theme(self, choice: str) -> None:
        """One of CHOICES; the system's may change while the window is open."""
        self.window_.set_theme(system_theme() if choice == "system" else THEMES[choice], choice)

    def _group(self, menu: QMenu, names: tuple[str, ...]) -> None:
        group = QActionGroup(menu)
        for name in names:
            action: QAction = self.window_.commands[name]
            action.setCheckable(True)
            group.addAction(action)
            menu.addAction(action)

    def _connect(self) -> None:
        window, commands = self.window_, self.window_.commands
        for name in (workspace.id for workspace in window.named):
            commands[name].triggered.connect(lambda _, name=name: window.go_to(name))
        for choice in CHOICES:
            commands[f"theme_{choice}"].triggered.connect(
                lambda _, choice=choice: self.choose_theme(choice)
            )
        commands["reset_layout"].triggered.connect(lambda _: window.docks.reset())
        commands["large_type"].triggered.connect(window.set_large)
        commands["full_screen"].triggered.connect(window.fill_screen)
        window.workspace_changed.connect(lambda _: self.follow())
        self.aboutToShow.connect(self.follow)
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_changed)

    def _system_changed(self) -> None:
        if self.window_.theme_choice == "system":
            self.choose_theme("system")
