"""Changing one number of X or W where it stands."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QWidget

from mmviz import numerals
from mmviz.errors import InputError
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import tell
from mmviz.ui.picture.cells import cell_rect
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import factors, window_of

NAME = Text(N_("Value of the cell"))
LARGEST = 1e30


class NumberEditor(QObject):
    """Opens a field over a number; `edited` carries matrix (0 left, 1 above), row, column, value.

    Rows and columns are those of the drawing. What is no number is `refused`, in a Text.
    """

    edited = pyqtSignal(int, int, int, float)
    refused = pyqtSignal(object)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._field: QLineEdit | None = None

    @property
    def field(self) -> QLineEdit | None:
        """The open field, None while there is none."""
        return self._field

    def open_at(self, scene: Scene, at: QPointF) -> None:
        """Edit the number at a point, if there is one."""
        if scene.layout.cell is None:
            return
        w, h = scene.layout.cell
        for which, box in enumerate((scene.layout.a, scene.layout.b)):
            if box.contains(at.x(), at.y()):
                self.open(scene, which, int((at.y() - box.y) / h), int((at.x() - box.x) / w))

    def open(self, scene: Scene, which: int, i: int, j: int) -> None:
        """Edit a number by its place in the window that is drawn."""
        cells, window = scene.view.own(), window_of(scene)
        if cells is None or window is None or scene.layout.cell is None:
            return
        if not scene.view.editable:
            return
        first = (window.row, window.term) if which == 0 else (window.term, window.column)
        row, column = first[0] + i, first[1] + j
        box = (scene.layout.a, scene.layout.b)[which]
        value = float(factors(scene, cells)[which][row, column])
        self._show(scene, cell_rect(scene, box, i, j), f"{value:g}", (which, row, column))

    def close(self) -> None:
        """Put the field away without announcing anything."""
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
            self._over.setFocus()

    def _show(self, scene: Scene, where: QRectF, text: str, place: tuple[int, int, int]) -> None:
        self.close()
        field = QLineEdit(text, self._over)
        tell(field, scene.words, name=NAME)
        field.setFont(fonts.figures())
        field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        field.setGeometry(where.adjusted(-8, 0, 8, 0).toRect())
        field.selectAll()
        field.editingFinished.connect(lambda: self._done(place, text))
        self._field = field
        field.show()
        field.setFocus()

    def _done(self, place: tuple[int, int, int], before: str) -> None:
        if self._field is None:
            return
        text = self._field.text().strip()
        self.close()
        if text == before:  # shown with fewer digits than it has
            return
        try:
            value = numerals.real(text, NAME, N_("a number of at most 1e30"), _fits)
        except InputError as error:
            self.refused.emit(error.cause)
            return
        self.edited.emit(*place, value)


def _fits(value: float) -> bool:
    return abs(value) <= LARGEST
