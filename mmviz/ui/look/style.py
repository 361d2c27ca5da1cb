"""The look of Qt's own widgets: one style sheet from a theme."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication, QPalette

from mmviz.files.assets import asset
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, LIGHT, Theme


def system_theme() -> Theme:
    """The system's choice of dark or light; dark where it has made none."""
    hints = QGuiApplication.styleHints()
    light = hints is not None and hints.colorScheme() == Qt.ColorScheme.Light
    return LIGHT if light else DARK


def palette(theme: Theme) -> QPalette:
    """Qt's palette in the theme's colours, for what the style sheet does not reach."""
    colours = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, theme.ground),
        (role.WindowText, theme.text),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.selected),
        (role.HighlightedText, theme.text),
    ):
        colours.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return colours


def style_sheet(theme: Theme) -> str:
    """The style sheet of the window."""
    t, arrow = theme, asset("icons", "down.svg").as_posix()
    tall = max(20, round(17.6 * fonts.scale()))  # a line of it
    return f"""
    QWidget {{ color: {t.text}; }}
    QMainWindow, #centre {{ background: {t.ground}; }}
    #centre[ringed="true"], #aside[ringed="true"] {{ border: 1px solid {t.now_text}; border-radius: 6px; }}
    QMainWindow::separator {{ background: {t.ground}; width: 4px; height: 4px; }}
    QMainWindow::separator:hover {{ background: {t.muted}; }}
    QDockWidget {{ background: {t.panel}; }}
    QDockWidget[ground="true"] {{ background: {t.ground}; }}
    #titlebutton {{ background: transparent; border: 1px solid transparent; border-radius: 4px;
        padding: 0; min-height: 0; }}
    #titlebutton:hover {{ background: {t.selected}; border-color: {t.edge}; }}
    #titlebutton:focus {{ border: 1px solid {t.now_text}; }}
    QMainWindow > QTabBar {{ background: {t.panel}; }}
    QTabBar::tab {{ background: {t.panel}; color: {t.muted}; border: 1px solid transparent;
        border-bottom: 2px solid {t.line}; padding: 5px 12px; min-width: 60px; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.text}; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabBar {{ outline: 0; }}
    QTabBar::tab:focus {{ border-color: {t.now_text}; }}
    #left, #right, #topbar {{ background: {t.panel}; }}
    #topbar {{ border-bottom: 1px solid {t.line}; }}
    QLabel#muted {{ color: {t.muted}; }}
    QLabel#heading {{ color: {t.muted}; }}
    QLabel#lost {{ color: {t.loss}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px; }}
    QPushButton, QToolButton, QComboBox, QSpinBox, QLineEdit, QDoubleSpinBox {{
        background: {t.raised}; border: 1px solid {t.edge}; border-radius: 6px;
        padding: 3px 8px; min-height: {tall}px; selection-background-color: {t.now};
        selection-color: {t.on_now};
    }}
    QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {t.muted}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus, QLineEdit:focus,
    QDoubleSpinBox:focus, QListView:focus, QCheckBox:focus, QTableView:focus {{ border: 1px solid {t.now_text}; }}
    QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QSpinBox:disabled,
    QDoubleSpinBox:disabled
        {{ color: {t.muted}; background: {t.panel}; }}
    QPushButton:checked, QToolButton:checked {{ background: {t.selected}; border-color: {t.muted}; }}
    QPushButton:checked:focus, QToolButton:checked:focus {{ border-color: {t.now_text}; }}
    QPushButton:checked:disabled {{ background: {t.panel}; border-color: {t.edge}; }}
    QToolButton#tab {{ padding: 3px 4px; }}
    QPushButton#primary {{ background: {t.now}; color: {t.on_now}; border: 1px solid {t.now};
        font-weight: 600; padding: 4px 16px; }}
    QPushButton#primary:focus {{ border: 1px solid {t.text}; }}
    QPushButton#primary:disabled {{ background: {t.panel}; color: {t.muted}; border-color: {t.edge}; }}
    QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox::down-arrow {{ image: url("{arrow}"); width: 10px; height: 10px; }}
    QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.edge};
        selection-background-color: {t.selected}; selection-color: {t.text}; outline: 0; }}
    #dropline {{ background: {t.text}; }}
    #popup {{ background: {t.raised}; border: 1px solid {t.muted}; border-radius: 6px; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.edge}; padding: 4px; }}
    QMenu::item {{ padding: 5px 18px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.selected}; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QSlider::groove:horizontal {{ height: 4px; background: {t.edge}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.now}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ background: {t.now}; width: 14px; height: 14px; margin: -5px 0;
        border-radius: 7px; }}
    QSlider::handle:horizontal:focus {{ border: 2px solid {t.text}; width: 10px; height: 10px; }}
    QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled
        {{ background: {t.edge}; }}
    QListView {{ background: transparent; border: 1px solid transparent; outline: 0; }}
    QTextBrowser {{ background: transparent; border: 1px solid transparent; border-radius: 6px; }}
    QTextBrowser:focus {{ border-color: {t.now_text}; }}
    QTabWidget::pane {{ border: none; }}
    QScrollArea {{ background: transparent; border: 1px solid transparent; }}
    QScrollArea:focus {{ border-color: {t.now_text}; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
    QScrollBar::handle {{ background: {t.edge}; border-radius: 4px; min-width: 24px; min-height: 24px; }}
    QScrollBar::handle:hover {{ background: {t.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QSplitter::handle {{ background: {t.line}; }}
    QCheckBox {{ spacing: 6px; }}
    QMessageBox, QDialog {{ background: {t.panel}; }}
    #finder {{ background: {t.raised}; border: 1px solid {t.muted}; border-radius: 8px; }}
    #card {{ background: {t.raised}; border: 1px solid {t.muted}; }}
    #ring {{ background: transparent; border: 2px solid {t.now_text}; border-radius: 5px; }}
    #notice {{ background: {t.raised}; border: 1px solid {t.muted}; border-radius: 6px; }}
    #notice[error="true"] {{ border-color: {t.now}; }}
    #working {{ background: {t.raised}; border: 1px solid {t.now}; border-radius: 6px; }}
    """
