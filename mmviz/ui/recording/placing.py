"""What must be known of a trace of another tool before its blocks are tiles: asked in a dialog."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.recording.asking import Answers, Missing, asks, clock_of, completed, missing
from mmviz.core.recording.foreign import Foreign
from mmviz.core.shapes.dtype import BYTES, DEFAULT
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError, MmvizError
from mmviz.files.ordinary import Tick
from mmviz.numerals import whole_sides
from mmviz.text import N_, NOTHING, Text, own
from mmviz.ui.look import fonts
from mmviz.ui.look.beside import Beside
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked, muted
from mmviz.words.speech import Words

WIDE = 460  # pixels
SOON = 20_000  # slices of a launch, of which all is known while somebody types
LOOKING = Text(N_("looking which tiles and rules fit …"))
_SHAPE = Text(N_("the shape")), Text(N_("2048x2048x1024 (m, n, k)"))
_TILE = Text(N_("a tile")), Text(N_("64x128 (along m, along n)"))


@dataclass(frozen=True, slots=True)
class _Found:
    """open_: what the answers leave open, None where they cannot be. answers: with those that
    follow, None while something is open. why: what is said.
    """

    open_: Missing | None
    answers: Answers | None
    why: Text


class PlacingDialog(Told, QDialog):
    """placed: Answers by which blocks are tiles; as_timeline: they stay a timeline.

    Of a long launch it is found out beside the window what fits.
    """

    placed = pyqtSignal(object)
    as_timeline = pyqtSignal()

    def __init__(
        self, foreign: Foreign, theme: Theme, words: Words, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.foreign = foreign
        self._answers: Answers | None = None
        self._why = NOTHING
        self._beside = Beside(self)
        self.finished.connect(lambda _: self._beside.close())
        tell(self, title=N_("Which tiles are these blocks?"))
        self.setModal(True)
        self.setMinimumWidth(round(WIDE * fonts.scale()))
        self.about, self.why = muted(own(foreign.name), wrap=True), muted(wrap=True)
        self.shape = tell(
            QLineEdit(), name=N_("Shape of the product: m × n × k"), hint="2048x2048x1024"
        )
        self.tile = tell(QComboBox(), name=N_("Tile: cells along m × along n"))
        self.tile.setEditable(True)
        self.tile.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.raster = tell(QComboBox(), name=N_("Rule from a block's number to its tile"))
        self.launch = tell(
            QComboBox(), name=N_("Launch"), tip=N_("Which run of which program the tiles are of")
        )
        self.launch.addItems([launch.name for launch in foreign.launches])
        self.clock = tell(
            QLineEdit(),
            name=N_("Clock of the SMs in MHz"),
            hint="1980",
            tip=N_(
                "Times within a block count cycles, in this file as if the clock were 1 GHz; with "
                "the clock they become time"
            ),
        )
        self.dtype = tell(QComboBox(), name=N_("Number format"))
        self.dtype.addItems(list(BYTES))
        self.dtype.setCurrentText(DEFAULT)
        form = QFormLayout()
        for text, field in (
            (N_("m × n × k"), self.shape),
            (N_("tile"), self.tile),
            (N_("rule"), self.raster),
            (N_("numbers"), self.dtype),
            (N_("launch"), self.launch),
            (N_("clock, MHz"), self.clock),
        ):
            form.addRow(muted(text), field)
        form.setRowVisible(self.launch, len(foreign.launches) > 1)
        form.setRowVisible(self.clock, foreign.cycles and foreign.mhz is None)
        self.tiles = tell(QPushButton(), text=N_("Open as tiles"))
        self.tiles.setObjectName("primary")
        self.timeline = tell(
            QPushButton(),
            text=N_("As a timeline"),
            tip=N_("Who was busy when, without a matrix: nothing has to be known for that"),
        )
        self.leave = tell(QPushButton(), text=N_("Cancel"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.leave, self.timeline, self.tiles):
            button.setAutoDefault(button is self.tiles)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.why)
        column.addLayout(foot)
        self.shape.textEdited.connect(lambda _: self._look())
        self.tile.editTextChanged.connect(lambda _: self._look())
        self.raster.activated.connect(lambda _: self._look())
        self.launch.activated.connect(lambda _: self._anew())
        self.clock.textEdited.connect(lambda _: self._look())
        self.tiles.clicked.connect(self._enter)
        self.timeline.clicked.connect(self._as_timeline)
        self.leave.clicked.connect(self.reject)
        inked(self.why, theme.now_text)
        self.set_words(words)
        self._look()

    def answers(self) -> Answers:
        """What was typed and chosen; raises InputError for what is no shape and no tile."""
        shape, tile = self.shape.text().strip(), self.tile.currentText().strip()
        clock = self.clock.text().strip()
        sides = whole_sides(shape, *_SHAPE, (3,), MAX_COUNT) if shape else None
        cells = whole_sides(tile, *_TILE, (2,), MAX_COUNT) if tile else None
        return Answers(
            launch=self.launch.currentIndex(),
            shape=None if sides is None else (sides[0], sides[1], sides[2]),
            tile=None if cells is None else (cells[0], cells[1]),
            raster=self.raster.currentText() or None,
            dtype=self.dtype.currentText(),
            mhz=clock_of(clock, Text(N_("the clock in MHz"))) if clock else None,
        )

    def _look(self) -> None:
        """What is still missing, and what it can be."""
        self._beside.drop()
        try:
            answers = self.answers()
        except InputError as error:
            self._show(_Found(None, None, error.cause))
            return
        foreign = self.foreign
        if max(map(len, foreign.launches)) <= SOON:
            self._show(_found(foreign, answers))
            return
        self._show(_Found(None, None, LOOKING))

        def work(_: Tick) -> _Found:
            return _found(foreign, answers)

        self._beside.ask(work, self._show, self._fail)

    def _show(self, found: _Found) -> None:
        if found.open_ is not None:
            self._offer(found.open_)
        self._answers, self._why = found.answers, found.why
        self.tiles.setEnabled(self._answers is not None)
        self.say()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, MmvizError):
            raise error
        self._show(_Found(None, None, error.cause))

    def _anew(self) -> None:
        """Another launch: other tiles and rules fit."""
        for field in (self.tile, self.raster):
            with QSignalBlocker(field):
                field.clear()
        self._look()

    def say(self) -> None:
        self.why.setText(self.words(self._why))

    def _offer(self, open_: Missing) -> None:
        """Tiles and rules that fit, to choose from; what was typed stays."""
        typed = self.tile.currentText()
        tiles = [f"{m}x{n}" for m, n in open_.tiles]
        with QSignalBlocker(self.tile):
            if open_.tiles:
                self.tile.clear()
                self.tile.addItems(tiles)
                self.tile.setEditText(typed)
        with QSignalBlocker(self.raster):
            if open_.rasters:
                self.raster.clear()
                self.raster.addItems(["", *open_.rasters])
        self.raster.setEnabled(self.raster.count() > 1)

    def _enter(self) -> None:
        if self._answers is not None:
            self.accept()
            self.placed.emit(self._answers)

    def _as_timeline(self) -> None:
        self.accept()
        self.as_timeline.emit()


def _found(foreign: Foreign, answers: Answers) -> _Found:
    """What these answers leave open, or what follows from them."""
    try:
        open_ = missing(foreign, answers)
        if open_:
            return _Found(open_, None, Text(N_("{asked:capital}."), asked=asks(open_)))
        return _Found(open_, completed(foreign, answers), NOTHING)
    except InputError as error:
        return _Found(None, None, error.cause)
