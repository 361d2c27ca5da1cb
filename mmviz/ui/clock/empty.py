"""What stands in LIVE TIMING before there are samples: why, what brings some, who cannot run."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from mmviz.state.clock.view import TimingView
from mmviz.text import Text
from mmviz.ui.look import fonts
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked

_WIDEST = 760  # pixels of the reasons why backends cannot run; longer ones break
_BETWEEN, _EDGE = 8, 4


class EmptyPage(QWidget, Told):
    """In a low panel the reasons, which tips have too, give way, then the offer of earlier runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # What it asks of the width it is fitted to is no reason to be wider than there is room.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.hint, self.missing, self.earlier = PlainLabel(), PlainLabel(), PlainLabel()
        self.hint.setFont(fonts.words())
        self.offers = Offers(across=True)
        for label in (self.missing, self.earlier):
            label.setFont(fonts.words(fonts.SMALL))
        self.missing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.missing.setWordWrap(True)
        self.missing.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _EDGE, 0, _EDGE)
        column.setSpacing(_BETWEEN)
        column.addStretch(1)
        for part in (self.hint, self.offers, self.earlier, self.missing):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_view(self, view: TimingView, missing: tuple[Text, ...], *, running: bool) -> None:
        """missing: why backends cannot run, a sentence each."""
        self.hint.setText(self.words(view.hint))
        self.offers.show_offers(() if running else view.offers)
        self.earlier.setText(self.words(view.earlier))
        self.missing.setText("\n".join(map(self.words, missing)))
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        for label in (self.hint, self.earlier, self.missing):
            inked(label, theme.muted)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = self.missing.fontMetrics().size(0, self.missing.text()).width() + 2
        width = min(words, _WIDEST, max(1, self.width()))
        self.missing.setFixedSize(width, max(0, self.missing.heightForWidth(width)))
        room = self.height() - 2 * _EDGE - self.hint.sizeHint().height()
        room -= self.offers.sizeHint().height() + _BETWEEN
        for label, height in (
            (self.earlier, self.earlier.sizeHint().height()),
            (self.missing, self.missing.height()),
        ):
            room -= height + _BETWEEN if label.text() else 0
            label.setVisible(bool(label.text()) and room >= 0)
