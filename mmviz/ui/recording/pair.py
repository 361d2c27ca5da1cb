"""MODELLED AND RECORDED: both schedules of a product at the same instant, and why they differ."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
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
LEAST_LINES = 3  # of what is said of a side, where it is so long; more of a high panel


class Wrapped(FittedLabel):
    """Secondary text in as much room as there is; while it is cut its tip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = ""
        self.setObjectName("muted")
        self.setFont(fonts.words(fonts.SMALL))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_text(self, text: str) -> None:
        """Show as much of it as has room."""
        self.whole = text
        self._fit()

    def tall(self, width: int) -> int:
        """Pixels of height that all of it takes in lines of this width."""
        room = QRect(0, 0, max(1, width), 100_000)
        wrap = Qt.TextFlag.TextWordWrap
        return self.fontMetrics().boundingRect(room, wrap, self.whole).height()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(fitted(self.whole, self.fontMetrics(), self.width(), self.height()))
        self.setToolTip(as_tip("" if self.text() == self.whole else self.whole))
        self.setAccessibleName(self.whole)


class Half(Told, QWidget):
    """One side: whose it is, its picture. camera_moved: somebody wants to see it otherwise.

    resized: there is other room for what is said of it.
    """

    camera_moved = pyqtSignal(object)
    resized = pyqtSignal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HalfView | None = None
        self.name, self.about, self.why = PlainLabel(), Wrapped(), muted(wrap=True)
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

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def say(self) -> None:
        view = self._view
        self.name.setText("" if view is None else self.words(view.name))
        self.about.show_text("" if view is None else self.words(view.about))
        self.why.setText(self.words(self._why if view is None else view.why))

    _why: Text = NOTHING


class PairPanel(Told, QWidget):
    """Shows its view; owns no process. camera_moved: both are to be seen otherwise; pointed: the
    tile (m, n) under the pointer, None for none; product_stepped: to the one before or after (±1).
    """

    camera_moved = pyqtSignal(object)
    pointed = pyqtSignal(object)
    product_stepped = pyqtSignal(int)

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
            half.resized.connect(self._level)
            half.picture.pointed.connect(self.mark)
            half.picture.pointed.connect(self.pointed)
        self.same = muted(N_("same instant"))
        self.counts = [PlainLabel() for _ in self.halves]
        self.whose = [muted() for _ in self.halves]
        self.heading, self.evidence, self.below = PlainLabel(), Wrapped(), Wrapped()
        self.heading.setWordWrap(True)
        self.heading.setFont(fonts.words(bold=True))
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(self.left, 1)
        across.addWidget(self._between())
        across.addWidget(self.right, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(across, 1)
        column.addWidget(self.below)
        self.below.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.setSpacing(4)
        whole.addLayout(self._heading())
        whole.addWidget(self._pages, 1)

    def _heading(self) -> QHBoxLayout:
        """Which product it is, and the way to the next."""
        self.product, self.shape = PlainLabel(), cut_short()
        self.product.setFont(fonts.words(bold=True))
        self.steps = [
            tell(QToolButton(), text=Text(sign), name=name, tip=name)
            for sign, name in (("◀", N_("Product before (PgUp)")), ("▶", N_("Next product (PgDn)")))
        ]
        row = QHBoxLayout()
        row.setSpacing(6)
        for button, by in zip(self.steps, (-1, 1), strict=True):
            button.setFont(fonts.words(fonts.SMALL))
            button.setStyleSheet(
                "QToolButton { padding: 1px 7px; }"
            )  # no higher than the name beside it
            button.clicked.connect(lambda _=False, by=by: self.product_stepped.emit(by))
            row.addWidget(button)
        row.addWidget(self.product)
        row.addWidget(self.shape, 1)
        return row

    @property
    def halves(self) -> tuple[Half, Half]:
        """Both sides, the recorded one at the right."""
        return self.left, self.right

    def _between(self) -> QWidget:
        middle = self._middle = QWidget()
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

    def _level(self) -> None:
        """Both pictures begin at one height, below what is said of them; and the sentence stands
        between them where it has room there, else below both.
        """
        line = self.left.about.fontMetrics().height()
        tall = max(half.about.tall(half.width()) for half in self.halves)
        most = max(LEAST_LINES * line, self.height() // 3 // line * line)
        for half in self.halves:
            half.about.setFixedHeight(min(tall, most))
        beside = self.evidence.tall(self._middle.width())
        free = self._middle.height() - self.heading.geometry().bottom() - 4
        if not self.below.isHidden():
            free += self.below.height() + 4
        within = bool(self._view.pair) and beside > free
        self.below.setFixedHeight(min(self.below.tall(self._pages.width()), self.height() // 3))
        self.below.setVisible(within)
        self.evidence.setVisible(not within)

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
        for label in (self.shape, self.same, *self.whose, self.evidence, self.below):
            inked(label, theme.muted)
        inked(self.heading, theme.now_text)

    def say(self) -> None:
        view = self._view
        name, about = view.named
        self.product.setText(self.words(name))
        self.shape.show_text(self.words(about))
        for part in (*self.steps, self.product, self.shape):
            part.setVisible(view.several)  # the only one is named above all
        for half, whose in zip((view.left, view.right), self.whose, strict=True):
            whose.setText("" if half is None else self.words(Text("{name:small}", name=half.name)))
        heading, evidence = view.said
        self.heading.setText(self.words(heading))
        for label in (self.evidence, self.below):
            label.show_text(self.words(evidence))
        self._level()
        self._show_moment()
