"""Fields and their names in rows: wide ones a row each, of the others two a row where they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from mmviz.ui.look.widgets import muted

APART = 8  # pixels between two that stand beside each other
_FITTED = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest)


class FieldGrid(QWidget):
    """fields: names, as marked texts, and what they name, in order; the first `wide` of them have a
    row each. beside: what stands to the right of a field, in its row.
    """

    def __init__(
        self,
        fields: Sequence[tuple[str, QWidget]],
        *,
        wide: int,
        beside: Mapping[QWidget, QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wide, self._beside = wide, beside
        self._fields: tuple[tuple[QLabel, QWidget], ...] = tuple(
            (muted(name), field) for name, field in fields
        )
        for label, field in self._fields:
            label.setBuddy(field)
        for field in (*(field for _, field in self._fields), *beside.values()):
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(APART)
        self._grid.setVerticalSpacing(4)
        self._paired: bool | None = None
        self._place(paired=True)

    def event(self, event: QEvent | None) -> bool:
        done = super().event(event)
        if event is not None and event.type() in _FITTED:
            self._fit()
        return done

    def _fit(self) -> None:
        pairs = self._fields[self._wide :]
        first = max(label.sizeHint().width() for label, _ in self._fields)
        name = max(label.sizeHint().width() for label, _ in pairs)
        number = max(field.minimumWidth() for _, field in pairs)
        self._place(paired=first + name + 2 * number + 3 * APART <= self.width())

    def _place(self, *, paired: bool) -> None:
        if paired == self._paired:
            return
        self._paired = paired
        for label, field in self._fields:
            self._grid.removeWidget(label)
            self._grid.removeWidget(field)
        for field in self._beside.values():
            self._grid.removeWidget(field)
        row = column = 0
        for at, (label, field) in enumerate(self._fields):
            two = paired and at >= self._wide
            if field in self._beside:
                self._grid.addWidget(label, row, 0)
                self._grid.addWidget(field, row, 1, 1, 1 if two else 3)
                row += not two
                self._grid.addWidget(self._beside[field], row, 2 if two else 1, 1, 2 if two else 3)
                row += 1
                continue
            self._grid.addWidget(label, row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1, 1, 1 if two else 3)
            column = 1 - column if two else 0
            row += not column
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, int(paired))
