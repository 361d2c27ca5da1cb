"""MODELLED AND RECORDED: both schedules of a product at the same instant, and why they differ."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.picture.playback import Playback
from mmviz.state.recording.view import HalfView, PairView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import FittedLabel, fitted
from mmviz.ui.look.plain import PlainLabel, as_tip
from mmviz.ui.look.ring import FocusRing
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked, muted
from mmviz.ui.picture.canvas import PictureCanvas

BETWEEN = 176  # pixels that the words between both pictures take
LEAST = 150, 96  # of a picture


class Half(Told, QWidget):
    """One side: whose it is, its picture. camera_moved: somebody wants to see it otherwise."""

    camera_moved = pyqtSignal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HalfView | None = None
        self.name, self.about, self.why = PlainLabel(), cut_short(), muted(wrap=True)
        self.name.setFont(fonts.words(bold=True))
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture = tell(PictureCanvas(alone=True), name=name)
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.setMinimumSize(*LEAST)
        self.picture.camera_moved.connect(self.camera_moved)
        frame = QWidget()
        frame.setObjectName("aside")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.picture)
        FocusRing(self.picture, frame)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.why)
        self._pages.addWidget(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addWidget(self._pages, 1)

    def show_half(self, view: HalfView | None, why: Text = NOTHING) -> None:
        """Show a side; None: there is none, and why."""
        self._view, self._why = view, why
        self._pages.setCurrentIndex(1 if view is not None and not view.why else 0)
        if view is not None:
            self.picture.show_view(view.picture)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.picture.set_theme(theme)
        inked(self.about, theme.muted)
        inked(self.why, theme.muted)

    def say(self) -> None:
        view = self._view
        self.name.setText("" if view is None else self.words(view.name))
        self.about.show_text("" if view is None else self.words(view.about))
        self.why.setText(self.words(self._why if view is None else view.why))

    _why: Text = NOTHING


class Evidence(FittedLabel):
    """A sentence in as much room as there is; while it is cut its tip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setObjectName("muted")
        self.setFont(fonts.words(fonts.SMALL))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_text(self, text: str) -> None:
        """Show as much of it as has room."""
        self._whole = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(fitted(self._whole, self.fontMetrics(), self.width(), self.height()))
        self.setToolTip(as_tip("" if self.text() == self._whole else self._whole))
        self.setAccessibleName(self._whole)


class PairPanel(Told, QWidget):
    """Shows its view; owns no process. camera_moved: both are to be seen otherwise; pointed: the
    tile (m, n) under the pointer, None for none.
    """

    camera_moved = pyqtSignal(object)
    pointed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._playback, self._theme = PairView(), Playback(), DARK
        self.hint = Hint()
        self.left = Half(N_("Picture of the schedule it is held against"))
        self.right = Half(N_("Picture of the recorded schedule"))
        for half in self.halves:
            half.camera_moved.connect(self.camera_moved)
            half.picture.pointed.connect(self.mark)
            half.picture.pointed.connect(self.pointed)
        self.same = muted(N_("same instant"))
        self.counts = [PlainLabel() for _ in self.halves]
        self.whose = [muted() for _ in self.halves]
        self.heading, self.evidence = PlainLabel(), Evidence()
        self.heading.setWordWrap(True)
        self.heading.setFont(fonts.words(bold=True))
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(self.left, 1)
        across.addWidget(self._between())
        across.addWidget(self.right, 1)
        inside = QWidget()
        inside.setLayout(across)
        across.setContentsMargins(0, 0, 0, 0)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.addWidget(self._pages)

    @property
    def halves(self) -> tuple[Half, Half]:
        """Both sides, the recorded one at the right."""
        return self.left, self.right

    def _between(self) -> QWidget:
        middle = QWidget()
        middle.setFixedWidth(round(BETWEEN * fonts.scale()))
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 34, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.same)
        for count, whose in zip(self.counts, self.whose, strict=True):
            count.setFont(fonts.words(bold=True))
            count.setWordWrap(True)  # of a million tiles
            column.addWidget(count)
            column.addWidget(whose)
            column.addSpacing(4)
        column.addSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.evidence, 1)
        return middle

    def mark(self, tile: tuple[int, int] | None) -> None:
        """Show a tile in both pictures, where both are cut alike."""
        for half in self.halves:
            half.picture.mark(tile if self._view.alike else None)

    def show_view(self, view: PairView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, view.offers)
        self._pages.setCurrentIndex(0 if view.why else 1)
        said = view.right is not None and bool(view.right.why)  # beside it, once is enough
        self.left.show_half(view.left, NOTHING if said else view.missing)
        self.right.show_half(view.right)
        self.say()
        self._show_moment()

    def show_playback(self, playback: Playback) -> None:
        """Follow the clock."""
        self._playback = playback
        self._show_moment()

    def _show_moment(self) -> None:
        view = self._view
        if view.pair is None:
            return
        for half, widget, count in zip(
            (view.left, view.right), self.halves, self.counts, strict=True
        ):
            if half is None:
                count.setText("")
                continue
            frame = view.frame_of(half, self._playback.position)
            widget.picture.show_frame(frame)
            done = Text(N_("{done:group} of {n:group} done"), done=frame.done, n=len(frame.trace))
            count.setText(self.words(done))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
        for half in self.halves:
            half.set_theme(theme)
        for label in (self.same, *self.whose, self.evidence):
            inked(label, theme.muted)
        inked(self.heading, theme.now_text)

    def say(self) -> None:
        view = self._view
        for half, whose in zip((view.left, view.right), self.whose, strict=True):
            whose.setText("" if half is None else self.words(Text("{name:small}", name=half.name)))
        heading, evidence = view.said
        self.heading.setText(self.words(heading))
        self.evidence.show_text(self.words(evidence))
        self._show_moment()
