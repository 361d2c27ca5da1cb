"""Opening, saving and exporting through the system's file dialogs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from mmviz.bench.results import Results
from mmviz.errors import MmvizError
from mmviz.files import networks, runs
from mmviz.state.session import as_file
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.clock.export import export_chart
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.sweep.export import export_sweep
from mmviz.ui.sweep.panel import NO_CHART

_CHARTS = (N_("SVG (*.svg)"), N_("PDF (*.pdf)"), N_("PNG (*.png)"))
_NETWORKS = N_("Networks (*.toml)")
_LISTS = N_("Lists of products (*.csv)")
_BOTH = (N_("Networks and lists (*.toml *.csv)"), _NETWORKS, _LISTS)


class Dialogs(QObject):
    """Asks for a path, does the work, and says in the window what could not be done."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.window = controller.window
        commands = self.window.commands
        for name, slot in (
            ("open", self.open),
            ("save", self.save),
            ("export_chart", self.chart),
            ("export_sweep", self.sweep),
            ("export_csv", self.csv),
            ("export_json", self.json),
        ):
            commands[name].triggered.connect(slot)

    def open(self) -> None:
        title, kinds = self.window.words(Text(N_("Open network"))), _said(self.window, _BOTH)
        path, _ = QFileDialog.getOpenFileName(self.window, title, "", kinds)
        if path:
            self._do(lambda: self.controller.open(networks.read_file(path)))

    def save(self) -> None:
        file = as_file(self.controller.session)
        layered = file.network.layered is not None
        name, kind = ("network.toml", _NETWORKS) if layered else ("products.csv", _LISTS)
        path = self._ask(N_("Save network"), name, (kind,))
        if path:
            self._do(lambda: networks.save(file, path), Text(N_("saved {path}"), path=path))

    def chart(self) -> None:
        write = functools.partial(export_chart, words=self.window.words)
        self._export(N_("Export the chart"), "timing.svg", _CHARTS, write)

    def sweep(self) -> None:
        chart = self.window.sweep.chart
        if chart is None:
            self.window.notice.say(NO_CHART)
            return
        path = self._ask(N_("Export the sweep"), "sweep.svg", _CHARTS)
        if path:
            words = self.window.words
            self._do(lambda: export_sweep(chart, path, words=words), _wrote(path))

    def csv(self) -> None:
        self._export(N_("Export the samples"), "timing.csv", (N_("CSV (*.csv)"),), runs.save_csv)

    def json(self) -> None:
        self._export(
            N_("Export the samples"), "timing.json", (N_("JSON (*.json)"),), runs.save_json
        )

    def _export(
        self, title: str, name: str, kinds: Sequence[str], write: Callable[[Results, str], None]
    ) -> None:
        results = self.controller.run.results()
        if results is None or not any(run.samples_s for run in results.runs):
            self.window.notice.say(Text(N_("no data to export yet: press Run first")))
            return
        path = self._ask(title, name, kinds)
        if path:
            self._do(lambda: write(results, path), _wrote(path))

    def _ask(self, title: str, name: str, kinds: Sequence[str]) -> str:
        return ask_to_write(self.window, title, name, kinds)

    def _do(self, work: Callable[[], None], done: Text = NOTHING) -> None:
        try:
            work()
        except MmvizError as error:
            self.window.notice.say(error.cause)
        else:
            self.window.notice.say(done)


def ask_to_write(window: MainWindow, title: str, name: str, kinds: Sequence[str]) -> str:
    """A path to write to, "" for none; without a suffix it gets that of the chosen kind.

    title, kinds: marked msgids; in every language a kind names its files in brackets.
    """
    said = _said(window, kinds)
    path, kind = QFileDialog.getSaveFileName(window, window.words(Text(title)), name, said)
    if path and not Path(path).is_dir() and not Path(path).suffix:
        path += Path((kind or said).partition("*")[2].partition(")")[0]).name
    return path


def _said(window: MainWindow, kinds: Sequence[str]) -> str:
    return ";;".join(window.words(Text(kind)) for kind in kinds)


def _wrote(path: str) -> Text:
    return Text(N_("wrote {path}"), path=path)
