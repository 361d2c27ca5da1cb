"""Opening, saving and exporting through the system's file dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from mmviz.bench.results import Results
from mmviz.core.shapes.products import Products
from mmviz.errors import MmvizError
from mmviz.files import networks, runs
from mmviz.state.session import as_file
from mmviz.ui.clock.export import export_chart
from mmviz.ui.shell.controller import Controller
from mmviz.ui.sweep.export import export_sweep
from mmviz.ui.sweep.panel import NO_CHART

_CHARTS = "SVG (*.svg);;PDF (*.pdf);;PNG (*.png)"
_NETWORKS = "Networks (*.toml)"
_LISTS = "Lists of products (*.csv)"
_BOTH = f"Networks and lists (*.toml *.csv);;{_NETWORKS};;{_LISTS}"


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
        path, _ = QFileDialog.getOpenFileName(self.window, "Open network", "", _BOTH)
        if path:
            self._do(lambda: self.controller.open(networks.read_file(path)))

    def save(self) -> None:
        file = as_file(self.controller.session)
        listed = isinstance(file.network, Products)
        name, kinds = ("products.csv", _LISTS) if listed else ("network.toml", _NETWORKS)
        path = self._ask("Save network", name, kinds)
        if path:
            self._do(lambda: networks.save(file, path), f"saved {path}")

    def chart(self) -> None:
        self._export("Export the chart", "timing.svg", _CHARTS, export_chart)

    def sweep(self) -> None:
        chart = self.window.sweep.chart
        if chart is None:
            self.window.notice.say(NO_CHART)
            return
        path = self._ask("Export the sweep", "sweep.svg", _CHARTS)
        if path:
            self._do(lambda: export_sweep(chart, path), f"wrote {path}")

    def csv(self) -> None:
        self._export("Export the samples", "timing.csv", "CSV (*.csv)", runs.save_csv)

    def json(self) -> None:
        self._export("Export the samples", "timing.json", "JSON (*.json)", runs.save_json)

    def _export(
        self, title: str, name: str, kinds: str, write: Callable[[Results, str], None]
    ) -> None:
        results = self.controller.run.results()
        if results is None or not any(run.samples_s for run in results.runs):
            self.window.notice.say("no data to export yet: press Run first")
            return
        path = self._ask(title, name, kinds)
        if path:
            self._do(lambda: write(results, path), f"wrote {path}")

    def _ask(self, title: str, name: str, kinds: str) -> str:
        """A path to write to, "" for none; without a suffix it gets that of the chosen kind."""
        path, kind = QFileDialog.getSaveFileName(self.window, title, name, kinds)
        if path and not Path(path).is_dir() and not Path(path).suffix:
            path += Path((kind or kinds).partition("*")[2].partition(")")[0]).name
        return path

    def _do(self, work: Callable[[], None], done: str = "") -> None:
        try:
            work()
        except MmvizError as error:
            self.window.notice.say(str(error))
        else:
            self.window.notice.say(done)
