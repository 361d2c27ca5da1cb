"""Which backends to time and how long: a row of check boxes and the seconds."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from mmviz import numerals
from mmviz.backends.registry import Entry
from mmviz.files.journal import MOST_RUNS
from mmviz.text import N_, Text
from mmviz.ui.clock.backend_boxes import BackendBoxes
from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import RealBox
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading, inked
from mmviz.words.earlier import BUTTON
from mmviz.words.timing import Note, Tone, missing

SHORTEST_S, LONGEST_S, DEFAULT_S = 0.1, 600.0, 2.0
SPACING = 8
DECIMALS = 3
NAME = N_("Seconds per backend")
EARLIER = Text("{button} ▾", button=Text(BUTTON))
EARLIER_TIP = Text(
    N_("The last {n:group} runs are kept on this computer as they are measured"), n=MOST_RUNS
)


class SecondsBox(RealBox):
    """How long each backend is timed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(SHORTEST_S, LONGEST_S)
        self.setDecimals(DECIMALS)
        self.setValue(DEFAULT_S)
        self.setSuffix(" s")
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
        tell(self, name=NAME, tip=N_("How long each backend is timed at each batch"))
        self.setFixedWidth(74)

    def textFromValue(self, value: float) -> str:
        return f"{value:.{DECIMALS}f}".rstrip("0").ljust(len(f"{int(value)}.0"), "0")

    def read(self, text: str) -> float:
        must = Text(
            N_("a number of seconds from {least:g} to {most:g}"), least=SHORTEST_S, most=LONGEST_S
        )
        value = numerals.real(text, Text(NAME), must, self._fits, unit="s")
        return self.kept(value, Text(NAME), text)

    def _fits(self, value: float) -> bool:
        return SHORTEST_S <= value <= LONGEST_S


class TimingControls(QWidget, Told):
    """Heading, one check box a backend, seconds each backend gets. refused: a Text."""

    refused = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._heading = heading(N_("Live timing"))
        self.who = BackendBoxes()
        self._each = tell(PlainLabel(), text=N_("seconds each"))
        self._each.setFont(fonts.words(fonts.SMALL))
        self.spin = SecondsBox()
        self.spin.refused.connect(self.refused)
        self._each.setBuddy(self.spin)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._heading)
        layout.addSpacing(SPACING)
        layout.addWidget(self.who)
        layout.addStretch(1)
        self.earlier = tell(QToolButton(), text=EARLIER, name=BUTTON, tip=EARLIER_TIP)
        self.earlier.setFont(fonts.words(fonts.SMALL))
        self.earlier.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.earlier.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.earlier.hide()
        self._offered = False
        layout.addWidget(self.earlier)
        layout.addWidget(self._each)
        layout.addWidget(self.spin)

    def set_backends(self, survey: Sequence[Entry]) -> None:
        """Offer these; one that was offered before keeps its state, a new one that runs is on."""
        self.who.set_backends(survey)
        self._fit()

    def offer_earlier(self, on: bool) -> None:
        """Whether there are runs that were kept."""
        self._offered = on
        self._fit()

    def say(self) -> None:
        self._fit()  # its texts may be longer now

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow panel the boxes and the seconds stay, of many boxes the first ones: a tab
        names the panel, a tip the seconds, and the menu of exports has the earlier runs, too.
        """
        around = self.spin.sizeHint().width() + 3 * SPACING  # its width is as wide as its last text
        self.setMinimumWidth(self.who.least + around)
        self.who.fit(self.width() - around)
        least = self.who.sizeHint().width() + around
        for part in (self.earlier, self._each, self._heading):
            if part is not self.earlier or self._offered:
                least += part.sizeHint().width() + SPACING
            part.setVisible(least <= self.width() and (part is not self.earlier or self._offered))

    @property
    def boxes(self) -> dict[str, QCheckBox]:
        """Of the backends that can run here, by their ids."""
        return self.who.boxes

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the backends that are on, in the survey's order."""
        return self.who.selected

    def missing_notes(self) -> tuple[Note, ...]:
        """One sentence for each backend that cannot run here."""
        return tuple(
            Note(Tone.REMARK, missing(entry)) for entry in self.who.survey if not entry.available
        )

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on; a check box is filled with its backend's colour."""
        self._theme = theme
        inked(self._heading, theme.muted)
        inked(self._each, theme.muted)
        self.who.set_theme(theme)
