"""Parts of the window as pictures: into a file by a dialog, or onto the clipboard."""

from __future__ import annotations

import io
from dataclasses import replace

from PyQt6.QtCore import QObject, QSize
from PyQt6.QtWidgets import QWidget

from mmviz.errors import InputError, MmvizError
from mmviz.files.atomic import write_bytes
from mmviz.files.exports import CsvWriter
from mmviz.state.export import LEARNT, PARTS, ExportChoice, Paper, paper_of
from mmviz.state.learn.tables import as_tsv, table_of
from mmviz.state.peak.layer_columns import tsv
from mmviz.state.peak.layers import LAYERS
from mmviz.state.workspaces import RECORDING
from mmviz.text import N_, Text, own
from mmviz.ui.export.dialog import ExportDialog, Made, name_for
from mmviz.ui.export.figure import Figure
from mmviz.ui.export.files import as_image, check_pixels, measured, write
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look.leaving import copy
from mmviz.ui.look.theme import THEMES
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import FileKind, ask_to_write

_KINDS: tuple[FileKind, ...] = (
    (own("PNG"), (".png",)),
    (own("SVG"), (".svg",)),
    (own("PDF"), (".pdf",)),
)

_CSV: FileKind = own("CSV"), (".csv",)


class ExportControl(QObject):
    """Whoever wants a part out of the window emits `export_asked` or `copy_asked` of the window.

    choice: how a picture was last wanted.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.choice = ExportChoice()
        window, commands = self.window, self.window.commands
        window.export_asked.connect(self.export)
        window.copy_asked.connect(self.copy)
        commands["export"].triggered.connect(lambda: self.export(self._apt()))
        commands["copy_picture"].triggered.connect(lambda: self.copy(self._apt()))
        for part in PARTS:
            commands[f"export_{part}"].triggered.connect(lambda _, part=part: self.export(part))

    def _apt(self) -> str:
        """The part that was wanted last; for a picture, in Recording, both."""
        part, here = self.choice.part, self.window.docks.workspace
        return "recording" if part == "picture" and here == RECORDING.id else part

    def export(self, part: str) -> None:
        """Ask how, and where to; part: a key of PARTS. What plays stands still meanwhile."""
        controller = self.controller
        controller.set_playback(replace(controller.playback, playing=False))
        shown = self.shown()
        wanted = replace(self.choice, part=part)
        dialog = ExportDialog(
            wanted,
            lambda choice, room: self._preview(shown, choice, room),
            self.window.words,
            self._asker(part),
        )
        dialog.save_asked.connect(lambda choice: self._save(dialog, shown, choice))
        dialog.copy_asked.connect(lambda choice: self._copy(shown, choice))
        dialog.text_asked.connect(lambda choice: self._copy_text(choice.part))
        dialog.finished.connect(lambda _: self._keep(dialog.choice))
        self.window.closing.connect(dialog.close)
        dialog.open()

    def copy(self, part: str) -> None:
        """Onto the clipboard, as pictures were last wanted."""
        self._copy(self.shown(), replace(self.choice, part=part))

    def _asker(self, part: str) -> QWidget:
        """The window in front of which the dialog stands."""
        race = self._race() if part == "race" else None
        return self.window if race is None else race

    def _race(self) -> RaceWindow | None:
        races = self.window.findChildren(RaceWindow)
        return next((race for race in races if race.isVisible()), None)

    def shown(self) -> Shown:
        """What pictures are made of now."""
        window, controller, race = self.window, self.controller, self._race()
        return Shown(
            controller.derived,
            controller.playback.position,
            None if race is None else (race.view, race.playback.position),
            window.sweep.chart,
            controller.run.results(),
            window.facts.waterfall.whole.isChecked(),
        )

    def _figure(self, shown: Shown, choice: ExportChoice) -> tuple[Figure, Paper]:
        """Raises InputError where the part has nothing to show."""
        theme = THEMES.get(choice.theme, self.window.theme)
        figure = figure_of(shown, theme, self.window.words, choice)
        return figure, paper_of(choice, self._screen(choice.part))

    def _screen(self, part: str) -> tuple[float, float]:
        """How large a part is in the window, in logical pixels; of what is hidden something apt."""
        window, race = self.window, self._race()
        places: dict[str, QWidget | None] = {
            "picture": window.picture,
            "units": window.units,
            "recording": window.pair,
            "race": race,
            "roofline": window.facts.roofline,
            "peak": window.facts.waterfall,
            "sweep": window.sweep,
            "timing": window.timing,
            "parts": window.parts,
            "layers": window.layers,
            "pass": window.passes,
            "lesson": window.docks.all["teaching"].widget(),
            "filters": window.docks.all["digit"].widget(),
            "digit": window.docks.all["digit"].widget(),
            "ladder": window.docks.all["ladder"].widget(),
            "rates": window.docks.all["rates"].widget(),
        }
        place = places[part]
        if place is None or not place.isVisible():
            return 960.0, 540.0
        return float(place.width()), float(place.height())

    def _preview(self, shown: Shown, choice: ExportChoice, room: QSize) -> Made:
        figure, paper = self._figure(shown, choice)
        wide, high = measured(figure, paper)
        if choice.kind == "png":
            check_pixels(wide, high)
        each = min(room.width() / wide, room.height() / high)
        image = as_image(figure, replace(paper, pixels=paper.pixels * each))
        sides = (wide / paper.pixels, high / paper.pixels)
        millimetres = paper.points / 72 * 25.4
        return image, (round(wide), round(high)), (sides[0] * millimetres, sides[1] * millimetres)

    def _save(self, dialog: ExportDialog, shown: Shown, choice: ExportChoice) -> None:
        dialog.forget()
        try:
            figure, paper = self._figure(shown, choice)
            first = [kind for kind in _KINDS if kind[1][0] == f".{choice.kind}"]
            others = [kind for kind in _KINDS if kind not in first]
            name = name_for(figure, choice)
            tables = (_CSV,) if choice.part in LEARNT else ()
            kinds = (*first, *others, *tables)
            path = ask_to_write(self.window, N_("Export picture"), name, kinds)
            if not path:
                return
            if tables and path.lower().endswith(".csv"):
                self._write_table(path, choice.part)
            else:
                write(path, figure, paper)
        except MmvizError as error:
            dialog.refuse(error.cause)
            return
        dialog.close()
        self.window.notice.say(Text(N_("wrote {path}"), path=path), folder=path)

    def _copy(self, shown: Shown, choice: ExportChoice) -> None:
        try:
            figure, paper = self._figure(shown, choice)
            image = as_image(figure, paper)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        copy(image)
        self._keep(choice)
        said = N_("{part}: copied as a picture of {wide:group} × {high:group} pixels")
        part = Text(PARTS[choice.part])
        self.window.notice.say(Text(said, part=part, wide=image.width(), high=image.height()))

    def _copy_text(self, part: str) -> None:
        derived = self.controller.derived
        if part in LEARNT:
            rows = table_of(part, derived)
            text, count = as_tsv(rows), len(rows) - 1
        else:
            table = LAYERS.of(derived).table
            text, count = tsv(table.columns, (*table.totals, *table.lines)), len(table.lines)
        copy(text)
        self.window.notice.say(Text(N_("copied {n:group} lines"), n=count))

    def _write_table(self, path: str, part: str) -> None:
        """As CSV; raises InputError where the file cannot be written."""
        text = io.StringIO()
        CsvWriter(text).writerows(table_of(part, self.controller.derived))
        write_bytes(path, text.getvalue().encode())

    def _keep(self, choice: ExportChoice) -> None:
        self.choice = choice
        self.controller.changed.emit()
