"""Who is timed: a check box for each backend that can run here; who cannot is one quiet menu."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QActionGroup, QFontMetricsF
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QToolButton, QWidget

from mmviz.backends import registry
from mmviz.backends.base import SOFTWARE
from mmviz.backends.registry import Entry
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.leaving import copy
from mmviz.ui.look.plain import as_label, as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme, backend_colour
from mmviz.words.timing import backend_name

_WIDEST = 620  # pixels of a reason in the menu; its tip has all of it
_BETWEEN = 10
_ARROW = 20  # pixels of what opens the menu of adapters
_ANY = ""  # the adapter that is taken by itself


class BackendBoxes(Told, QWidget):
    """boxes: of those that can run here, by their ids. more: the menu of the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self.survey: tuple[Entry, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        self.adapters: dict[str, QToolButton] = {}
        self._chosen: dict[str, str] = {}
        self._over: list[str] = []  # of the boxes, those there is no room for
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_BETWEEN)
        self.more = _menu_button()
        self.more.setMenu(QMenu(self.more))
        self._row.addWidget(self.more)
        self.more.hide()

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the backends that are on, in the survey's order, on the adapters chosen."""
        on = (name for name, box in self.boxes.items() if box.isChecked())
        return tuple(self._id(name) for name in on)

    def _id(self, name: str) -> str:
        adapter = self._chosen.get(name, _ANY) if name in self.adapters else _ANY
        return f"{name}@{adapter}" if adapter else name

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab comes to before `more`, as they stand."""
        found = ((box, self.adapters.get(name)) for name, box in self.boxes.items())
        return tuple(part for pair in found for part in pair if part is not None)

    def set_backends(self, survey: Sequence[Entry]) -> None:
        """Offer these; one that was offered before keeps its state, a new one that runs is on, but
        for those made to record.
        """
        before = {name: box.isChecked() for name, box in self.boxes.items()}
        for part in (*self.boxes.values(), *self.adapters.values()):
            self._row.removeWidget(part)
            part.deleteLater()
        self.survey, self.boxes, self.adapters = tuple(survey), {}, {}
        self._over = []
        for entry in survey:
            if self._chosen.get(entry.id, _ANY) not in (_ANY, *entry.adapters):
                del self._chosen[entry.id]
        for entry in (entry for entry in survey if entry.available):
            box = self.boxes[entry.id] = self._make_box(entry)
            box.setChecked(before.get(entry.id, not registry.records(entry.id)))
            self._add(box)
            if len(entry.adapters) > 1:
                button = self.adapters[entry.id] = self._make_adapters(entry)
                self._add(button)
        self.set_theme(self._theme)
        self.say()

    def fit(self, room: int) -> None:
        """Of more boxes than `room` pixels hold the last are in the menu, to be checked there; so
        are those made to record, which few time.
        """
        used = self.more.sizeHint().width()
        over: list[str] = []
        for name, box in self.boxes.items():
            if registry.records(name):
                over.append(name)
                continue
            used += box.sizeHint().width() + _BETWEEN
            used += self.adapters[name].width() + _BETWEEN if name in self.adapters else 0
            if used > room:
                over.append(name)
        if over != self._over:
            self._over = over
            for name, box in self.boxes.items():
                for part in (box, self.adapters.get(name)):
                    if part is not None:
                        part.setVisible(name not in over)
            self.say()

    @property
    def least(self) -> int:
        """Pixels of width with all boxes in the menu."""
        return self.more.sizeHint().width()

    def _add(self, part: QWidget) -> None:
        self._row.insertWidget(self._row.count() - 1, part)
        part.setVisible(True)  # else it has no width until Qt shows it later

    def _make_box(self, entry: Entry) -> QCheckBox:
        name = backend_name(entry.id)
        if entry.note == SOFTWARE:  # said wherever it is named
            name = joined((name, SOFTWARE))
        told = joined((entry.title, own(entry.gpu), entry.note))
        box = tell(
            QCheckBox(),
            self.words,
            text=name,
            name=Text(N_("Time {name}"), name=name),
            tip=told,
            description=told,
        )
        box.setFont(fonts.words())
        return box

    def _make_adapters(self, entry: Entry) -> QToolButton:
        """Which of several adapters a backend computes on."""
        button = _menu_button()
        name = Text(N_("What {name} computes on"), name=backend_name(entry.id))
        tell(button, self.words, text=own("▾"), name=name, tip=name)
        button.setFixedWidth(round(_ARROW * fonts.scale()))
        menu = QMenu(button)
        group = QActionGroup(menu)
        first = Text(N_("the one a person would take: {adapter}"), adapter=entry.adapters[0])
        for adapter, said in ((_ANY, first), *((each, own(each)) for each in entry.adapters)):
            action = menu.addAction(as_label(self.words(said)))
            assert action is not None
            action.setCheckable(True)
            action.setChecked(self._chosen.get(entry.id, _ANY) == adapter)
            action.triggered.connect(
                lambda _, id=entry.id, adapter=adapter: self._chosen.update({id: adapter})
            )
            group.addAction(action)
        button.setMenu(menu)
        return button

    def say(self) -> None:
        """The menu of those that cannot run here: why, and what helps, which a click copies."""
        absent = [entry for entry in self.survey if not entry.available]
        more = len(absent) + len(self._over)
        self.more.setVisible(more > 0)
        text = Text(P_("{n:group} more …", "{n:group} more …"), n=more)
        tip = Text(N_("What cannot run here, why, and what helps"))
        tell(self.more, self.words, text=text, name=tip, tip=tip)
        menu = self.more.menu()
        if menu is None:
            return
        menu.clear()
        menu.setToolTipsVisible(True)
        for id in self._over:
            box = self.boxes[id]
            checked = menu.addAction(as_label(self.words(backend_name(id))))
            assert checked is not None
            checked.setCheckable(True)
            checked.setChecked(box.isChecked())
            checked.toggled.connect(box.setChecked)
        metrics = QFontMetricsF(menu.font())
        for entry in absent:
            name = backend_name(entry.id)
            why = self.words(Text("{name}: {reason}", name=name, reason=entry.reason))
            cut = metrics.elidedText(why, Qt.TextElideMode.ElideRight, _WIDEST)
            action = menu.addAction(as_label(cut))
            assert action is not None
            helps = self.words(entry.remedy)
            action.triggered.connect(lambda _, helps=helps or why: copy(helps))
            copies = Text(N_("{remedy}: a click copies it"), remedy=helps) if helps else NOTHING
            action.setToolTip(
                as_tip("\n".join((why if why != cut else "", self.words(copies))).strip())
            )

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on; a check box is filled with its backend's colour."""
        self._theme = theme
        for name, box in self.boxes.items():
            colour = backend_colour(theme, name)
            box.setStyleSheet(
                f"QCheckBox {{ color: {theme.text};"
                " spacing: 6px; padding: 2px 4px; border: 1px solid transparent;"
                " border-radius: 4px; }"
                f"QCheckBox:focus {{ border-color: {theme.now_text}; }}"
                "QCheckBox::indicator { width: 9px; height: 9px; border-radius: 3px;"
                f" border: 2px solid {colour}; background: transparent; }}"
                f"QCheckBox::indicator:checked {{ background: {colour}; }}"
            )
        for button in (self.more, *self.adapters.values()):
            button.setStyleSheet(
                f"QToolButton {{ color: {theme.muted}; border: 1px solid transparent;"
                " border-radius: 4px; padding: 2px 4px; background: transparent; }"
                f"QToolButton:hover {{ color: {theme.text}; }}"
                f"QToolButton:focus {{ border-color: {theme.now_text}; }}"
                "QToolButton::menu-indicator { image: none; }"
            )


def _menu_button() -> QToolButton:
    button = QToolButton()
    button.setFont(fonts.words(fonts.SMALL))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
