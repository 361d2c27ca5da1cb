"""A DIGIT: a drawing, the row of X it becomes, and what each neuron makes of it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mmviz.state.learn import saying
from mmviz.state.learn.digit import DigitView
from mmviz.state.learn.drawing import (
    NOTHING_DRAWN,
    Drawing,
    begun,
    drawn_on,
    flip,
    moved_by,
    picked,
    put_back,
)
from mmviz.state.learn.knowing import Knowing, Told, tell
from mmviz.state.learn.neurons import neurons_view, pages, scores_of, unscored
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.bars import Bar, Bars
from mmviz.ui.learn.comparing import Comparing
from mmviz.ui.learn.neurons import Neurons
from mmviz.ui.learn.pad import Pad
from mmviz.ui.learn.row import RowPicture
from mmviz.ui.learn.tools import Tools
from mmviz.ui.look.eliding import Eliding, Shrinking, Wrapping
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.tell import Told as Speaks
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked
from mmviz.words import digit as words

LOW = 420  # pixels of height below which pad and row stand side by side,
TALL = 500  # and below which the table of moves stands beside what is said;
_ANY = 16_777_215  # as Qt has it: no most
SCORES = 80  # more where scores have a row of their own


class DigitPanel(Speaks, QWidget):
    """Shows its view; owns no process and no file.

    chosen: the drawing is another one now, a stroke or a change further.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = DigitView(), DARK
        self.drawing: Drawing = NOTHING_DRAWN
        self.told: Told | None = None
        self._before: Told | None = None  # of the same drawing, before it was moved or changed
        self._times, self._page, self._sample = False, 0, 0
        self._quiet = False  # it tells no score: somebody is asked for one
        self._unmoved = False  # nor how many are told right when they are moved
        self._wanted = False  # a sample, as soon as there are some
        self.comparing = Comparing(self)
        self.hint, self.tools, self.neurons = Hint(), Tools(), Neurons()
        self.pad, self.row = Pad(), RowPicture()
        self.offers = Offers(across=True)
        self.verdict, self.notes = Shrinking(), [Wrapping() for _ in range(3)]
        self.scores = Bars(N_("Scores of the ten digits"), signed=True)
        self.moves = Bars(N_("Unseen drawings told right, by how far they are moved"), signed=False)
        self.captions: list[Eliding | Wrapping] = [
            cut_short(), cut_short(), Wrapping(), Wrapping()
        ]  # fmt: skip
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self._left = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._left.setSpacing(6)
        for caption, square in zip(self.captions, (self.pad, self.row), strict=False):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(caption)
            column.addWidget(square, 1)
            self._left.addLayout(column, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.captions[2])
        right.addWidget(self.neurons, 4)
        right.addWidget(self.scores)
        self._side = QVBoxLayout()
        self._side.addLayout(self._left, 1)
        self._body = QHBoxLayout()
        self._body.setSpacing(12)
        self._body.addLayout(self._side, 2)
        self._body.addLayout(right, 5)
        right.addLayout(self._low(), 1)
        right.addStretch(1)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self.tools)
        head = QHBoxLayout()
        head.addWidget(self.verdict, 1)
        head.addWidget(self.offers)
        whole.addLayout(head)
        whole.addLayout(self._body, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.addWidget(self._pages)

    def _low(self) -> QBoxLayout:
        """What is said below the neurons, and the table beside it."""
        lines, table = QVBoxLayout(), QVBoxLayout()
        for column in (lines, table):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
        for note in self.notes:
            lines.addWidget(note)
        lines.addStretch(1)
        self._said = QWidget()
        self._said.setLayout(lines)
        table.addWidget(self.captions[3])
        table.addWidget(self.moves, 1)
        self._below = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._below.setSpacing(12)
        self._below.addWidget(self._said, 5)
        self._below.addLayout(table, 4)
        return self._below

    def _connect(self) -> None:
        self.pad.begun.connect(lambda x, y: self.draw(begun(self.drawing, (x, y))))
        self.pad.gone_on.connect(lambda x, y: self.draw(drawn_on(self.drawing, (x, y))))
        self.pad.lifted.connect(lambda: self.chosen.emit(self.drawing))
        for part in (self.pad, self.tools):
            part.cleared.connect(lambda: self.choose(NOTHING_DRAWN))
        for mover in (self.row, self.tools):
            mover.moved.connect(lambda x, y: self.choose(moved_by(self.drawing, x, y)))
            mover.put_back.connect(lambda: self.choose(put_back(self.drawing)))
        self.row.flipped.connect(lambda row, column: self.choose(flip(self.drawing, row, column)))
        self.tools.another.connect(self.take_sample)
        self.comparing.found.connect(self._compared)
        self.tools.times_chosen.connect(self._choose_times)
        for turner in (self.tools, self.neurons):
            turner.paged.connect(self._turn)

    @property
    def knowing(self) -> Knowing | None:
        """What the drawing is shown to."""
        return self._view.knowing

    def show_view(self, view: DigitView) -> None:
        """Show this instead; a stroke that is not whole yet stays."""
        before, self._view = self._view, view
        if view.drawing is not before.drawing:
            self.drawing = view.drawing
        now = view.knowing
        self.hint.show_hint(view.why, view.offers if view.why else ())
        self.offers.show_offers(() if view.why else view.offers)
        self._pages.setCurrentIndex(0 if view.why else 1)
        self.comparing.follow(now, learns=view.learns)
        if now is not None:
            self._page = min(self._page, pages(now) - 1)
            self._follow()

    def choose(self, drawing: Drawing) -> None:
        """Another drawing, which is whole."""
        self.draw(drawing)
        self.chosen.emit(drawing)

    def draw(self, drawing: Drawing) -> None:
        """Another drawing, or the same further on, while the pen is down."""
        self.drawing = drawing
        self._follow()

    def take_sample(self) -> None:
        """The next unseen drawing."""
        examples = self.comparing.examples
        self._wanted = examples is None
        if examples is None:
            self.comparing.hurry()
            return
        number = self._sample % len(examples.unseen)
        self._sample += 1
        self.choose(picked(examples.unseen.x[number], int(examples.unseen.labels[number])))

    def _compared(self) -> None:
        """There is more to compare with."""
        self.say()
        if self._wanted and self.comparing.examples is not None:
            self.take_sample()

    def be_quiet(self, quiet: bool, *, unmoved: bool = False) -> None:
        """Tell no score, or all of them again; unmoved: nothing of drawings that are moved."""
        if (quiet, unmoved) != (self._quiet, self._unmoved):
            self._quiet, self._unmoved = quiet, unmoved
            self._follow()

    def stop(self) -> None:
        """Nothing is worked at any more."""
        self.comparing.stop()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        parts = (self.hint, self.neurons, self.pad, self.row, self.scores, self.moves)
        for part in parts:
            part.set_theme(theme)
        for line in (*self.notes, *self.captions):
            inked(line, theme.muted)
        inked(self.verdict, theme.text)

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        """What stands beside what, in the room there is."""
        tall = TALL if self.knowing is None or self.knowing.single else TALL + SCORES
        high = self.height()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._left.setDirection(across if high < LOW else down)
        self._body.setStretch(0, 3 if high < LOW else 2)
        self._tell_beside(high < LOW)
        beside = round(3 * self.width() / 16)  # a square's width there, and a little more
        for square in (self.pad, self.row):
            square.setMaximumHeight(beside if high < LOW else _ANY)
        self.captions[1].show_text(self.words(words.row(short=high < LOW)))
        self._below.setDirection(across if high < tall else down)
        if high >= LOW:
            self._below.setStretch(0, 5 if high < tall else 0)

    def _tell_beside(self, beside: bool) -> None:
        """What is said stands below the drawing, where pad and row leave room, or the neurons."""
        if beside == (self._side.indexOf(self._said) >= 0):
            return
        (self._below if beside else self._side).removeWidget(self._said)
        if beside:
            self._side.addWidget(self._said, 1)
        else:
            self._below.insertWidget(0, self._said, 5)
        self._below.setStretch(self._below.count() - 1, 4)

    def _follow(self) -> None:
        """Everything that depends on the drawing."""
        knowing = self.knowing
        if knowing is None:
            return
        self.told = told = tell(knowing, self.drawing)
        self._before = tell(knowing, put_back(self.drawing))
        self.pad.show_placed(told.placed)
        self.row.show_placed(told.placed, self.drawing.moved)
        self.neurons.part = "digit" if self._times else "filters"
        view = neurons_view(knowing, told, self._page, times=self._times)
        self.neurons.show_view(unscored(view) if self._quiet else view)
        hidden = knowing.single or self._quiet
        if self.scores.isHidden() != hidden:
            self.scores.setVisible(not hidden)
            self._fit()
        if not knowing.single:
            bars = [
                Bar(Text("{digit:d}", digit=s.digit), s.height, s.score, s.short, s.told, s.wins)
                for s in scores_of(told)
            ]
            self.scores.show_bars(bars)
        drawing = self.drawing
        self.tools.show_page(self._page, pages(knowing))
        changed = drawing.moved != (0, 0) or bool(drawing.flipped)
        self.tools.show_changes(drawn=drawing is not NOTHING_DRAWN, changed=changed)
        self.say()

    def say(self) -> None:
        knowing, told = self.knowing, self.told
        if knowing is None or told is None or self._before is None:
            return
        self._show_shares()
        verdict = NOTHING if self._quiet else saying.verdict(knowing, told, self.drawing)
        self.verdict.show_text(self.words(verdict))
        drawn = not told.placed.empty
        pad, shown = words.captions(knowing.single, knowing.neurons, drawn=drawn, times=self._times)
        row = words.row(short=self.height() < LOW)
        for label, text in zip(self.captions, (pad, row, shown), strict=False):
            label.show_text(self.words(text))
        lines = (
            saying.recipe(told),
            saying.change(knowing, told, self.drawing, self._before),
            self._alike(knowing),
        )
        for label, text in zip(self.notes, lines, strict=True):
            label.show_text("" if self._quiet else self.words(text))

    def _alike(self, knowing: Knowing) -> Text:
        step, found = knowing.weights.step, self.comparing.likeness
        if self.comparing.why or step not in found:
            return self.comparing.why
        return words.likeness((step, found[step]), max(found.items(), key=lambda pair: pair[1]))

    def _show_shares(self) -> None:
        """The table of shares told right when moved."""
        hidden = self._quiet or self._unmoved
        for part in (self.moves, self.captions[3]):
            part.setVisible(self.comparing.shares is not None and not hidden)
        if self.comparing.shares is None or hidden:
            return
        step, shares = self.comparing.shares
        said = words.moved_shares(self.comparing.count, step)
        self.captions[3].show_text(self.words(said))
        away = max(map(abs, self.drawing.moved))
        self.moves.show_bars(
            [
                Bar(
                    Text(N_("{px:d} px"), px=px),
                    share,
                    Text("{share:percent}", share=share),
                    Text("{share:percent2}", share=share),
                    words.moved_share(px, share),
                    px == away,
                )
                for px, share in enumerate(shares)
            ]
        )

    def _choose_times(self, on: bool) -> None:
        self._times = on
        self._follow()

    def _turn(self, by: int) -> None:
        if self.knowing is not None:
            self._page = min(max(self._page + by, 0), pages(self.knowing) - 1)
            self._follow()
