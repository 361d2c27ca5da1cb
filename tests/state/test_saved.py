"""Every session that the window can reach is saved, as a file and in the settings, and comes back.

A machine does what a person can do, in any order and with any values; what an action refuses leaves
the session as it was, as the controller does.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import hypothesis
import tomli_w
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mmviz.core.schedule.orders import ORDERS
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import ACTIVATIONS, MAX_COUNT
from mmviz.errors import InputError
from mmviz.files import network_writer, networks
from mmviz.files import settings as files
from mmviz.files.device_writer import dump
from mmviz.files.devices import device_ids, parse_device
from mmviz.state import actions, settings
from mmviz.state.device import edit
from mmviz.state.picture.camera import WHOLE
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.session import Session, as_file, device_of, open_file
from mmviz.state.settings import Settings
from mmviz.state.sweep.choice import AXES, SweepChoice
from mmviz.state.sweep.values import VALUES
from mmviz.text import NOTHING

counts = st.integers(1, 40) | st.integers(1, MAX_COUNT)
texts = st.text(max_size=70) | st.text(st.characters(categories=("L", "Nd")), min_size=1)
numbers = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.1, -0.0, 3.0])
long = st.integers(380, 410).map(lambda length: "n" * length)
names = st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=90)


class Person(RuleBasedStateMachine):
    """One window and the session it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.session = open_file(networks.read_preset("alexnet"))
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name) / "settings.toml"

    def teardown(self) -> None:
        self.folder.cleanup()

    def do(self, action: Callable[..., Session], *arguments: object) -> None:
        with contextlib.suppress(InputError):
            self.session = action(self.session, *arguments)

    @rule(preset=st.sampled_from(networks.preset_ids()))
    def preset(self, preset: str) -> None:
        self.do(lambda before: open_file(networks.read_preset(preset), before))

    @rule(widths=st.lists(st.integers(1, 12), min_size=2, max_size=40))
    def widths(self, widths: list[int]) -> None:
        found = networks.find("-".join(map(str, widths)))
        self.do(lambda before: open_file(found, before))

    @rule(
        name=names,
        stem=names,
        rows=st.lists(st.tuples(*[counts] * 4, names), min_size=1, max_size=4),
    )
    def list_file(self, name: str, stem: str, rows: list[tuple[object, ...]]) -> None:
        """As people write them: quotes, commas and signs in names."""
        lines = [f"# name: {name}", "m,n,k,count,name"]
        lines += [
            ",".join(f'"{str(x).replace(chr(34), chr(34) * 2)}"' for x in row) for row in rows
        ]
        self.file("\n".join(lines), stem, ".csv")

    @rule(name=texts | long, stem=names, layer=texts, about=texts, budget=st.floats(1e-6, 1e9))
    def network_file(self, name: str, stem: str, layer: str, about: str, budget: float) -> None:
        table = {"name": name, "about": about, "inputs": 3, "budget_ms": budget, "batch": 2}
        layers = [{"units": 2, "name": layer, "weights": [[1, 0.1], [2, 2], [3, 1e-30]]}]
        self.file(tomli_w.dumps({**table, "layers": layers}), stem, ".toml")

    def file(self, text: str, stem: str, suffix: str) -> None:
        path = os.path.join(self.folder.name, stem.replace("/", "") + suffix)
        try:
            Path(path).write_text(text, "utf-8")
        except (OSError, ValueError):
            return
        self.do(lambda before: open_file(networks.read_file(path), before))

    @rule(batch=st.integers(1, 60), value=st.floats(-1e30, 1e30) | st.just(0.1))
    def digits(self, batch: int, value: float) -> None:
        """So many numbers that they are packed."""
        self.preset("digits")
        self.do(actions.set_batch, batch)
        self.do(actions.set_number, batch % 2, 0, 0, value)

    @rule(batch=counts)
    def batch(self, batch: int) -> None:
        self.do(actions.set_batch, batch)

    @rule(on=st.booleans())
    def training(self, on: bool) -> None:
        self.do(actions.set_training, on)

    @rule(dtype=st.sampled_from(sorted(BYTES)))
    def dtype(self, dtype: str) -> None:
        self.do(actions.set_dtype, dtype)

    @rule(device=st.sampled_from(device_ids()))
    def device(self, device: str) -> None:
        self.do(actions.set_device, device)

    @rule(tile=st.none() | st.tuples(counts, counts))
    def tile(self, tile: tuple[int, int] | None) -> None:
        self.do(actions.set_tile, tile)

    @rule(order=st.sampled_from([order.name for order in ORDERS]) | st.just(""))
    def order(self, order: str) -> None:
        self.do(actions.set_order, order)

    @rule(product=st.integers(0, 20))
    def look(self, product: int) -> None:
        self.do(actions.select_product, product)

    @rule(what=st.sampled_from(sorted(COLOURINGS)), turned=st.booleans())
    def colour(self, what: str, turned: bool) -> None:
        self.do(actions.colour_by, what)
        self.do(actions.turn, turned)

    @rule(inputs=counts)
    def inputs(self, inputs: int) -> None:
        self.do(actions.set_inputs, inputs)

    @rule(layer=st.integers(0, 5), units=counts)
    def units(self, layer: int, units: int) -> None:
        self.in_layer(actions.set_units, layer, units)

    @rule(layer=st.integers(0, 5), what=st.sampled_from(ACTIVATIONS))
    def activation(self, layer: int, what: str) -> None:
        self.in_layer(actions.set_activation, layer, what)

    @rule(layer=st.integers(0, 5), name=texts)
    def rename(self, layer: int, name: str) -> None:
        self.in_layer(actions.rename_layer, layer, name)

    @rule(layer=st.integers(0, 5))
    def remove(self, layer: int) -> None:
        self.in_layer(actions.remove_layer, layer)

    @rule(layer=st.integers(0, 5), to=st.integers(0, 5))
    def move(self, layer: int, to: int) -> None:
        self.in_layer(actions.move_layer, layer, to)

    def in_layer(self, action: Callable[..., Session], layer: int, *arguments: object) -> None:
        """A row of the table of layers that is there."""
        if layers := self.session.network.layers:
            self.do(action, layer % len(layers), *arguments)

    @rule()
    def add(self) -> None:
        self.do(actions.add_layer)

    @rule()
    def alone(self) -> None:
        if self.session.network.layered is None:
            self.do(actions.open_alone)

    @rule(which=st.integers(0, 1), row=st.integers(0, 50), column=st.integers(0, 50), value=numbers)
    def number(self, which: int, row: int, column: int, value: float) -> None:
        self.do(actions.set_number, which, row, column, value)

    @rule(
        axis=st.sampled_from(AXES),
        layer=st.integers(0, 3),
        ranges=st.tuples(counts, counts, counts, counts),
        value=st.sampled_from(tuple(VALUES)),
        log=st.booleans(),
    )
    def sweep(
        self, axis: str, layer: int, ranges: tuple[int, int, int, int], value: str, log: bool
    ) -> None:
        choice = SweepChoice(axis, layer, ranges[:2], ranges[2:], value, log)
        if self.session.network.layered is not None:
            self.do(actions.set_sweep, choice)

    @rule(name=st.sampled_from(edit.EDITABLE), value=st.none() | st.floats(0, 1e9) | counts)
    def figure(self, name: str, value: float | None) -> None:
        self.do(edit.set_figure, name, None if value is None else float(value))

    @rule(name=texts)
    def rename_device(self, name: str) -> None:
        self.do(edit.rename, name)

    @rule()
    def back_to_file(self) -> None:
        self.do(edit.back_to_file)

    @invariant()
    def comes_back_from_the_settings(self) -> None:
        with mock.patch.object(files, "place", return_value=self.place):
            settings.save(Settings(session=self.session))
            found, lost = settings.load()
        assert lost == NOTHING, str(lost)
        plain = replace(self.session, selection=None, camera=WHOLE)
        assert found.session == plain

    @invariant()
    def comes_back_from_a_file(self) -> None:
        file = as_file(self.session)
        suffix = ".csv" if file.network.layered is None else ".toml"
        path = os.path.join(self.folder.name, "saved" + suffix)
        network_writer.save(file, path)
        back = networks.read_file(path)
        batch = None if suffix == ".csv" else file.batch
        assert back == replace(file, id="", batch=batch)

    @invariant()
    def its_device_comes_back_as_a_file(self) -> None:
        device = device_of(self.session)
        back = parse_device(dump(device), device.id, "device")
        assert (back.name, back.units, back.bandwidth) == (
            device.name,
            device.units,
            device.bandwidth,
        )
        assert back.peaks == device.peaks
        assert back.tiles == device.tiles
        assert back.calibrations == device.calibrations
        again = parse_device(dump(back), device.id, "device")
        assert again == back


def test_a_name_of_the_longest_is_still_one_when_it_was_edited() -> None:
    network = replace(networks.find("3-2").network, name="n" * 400)
    session = actions.set_inputs(Session(network), 4)
    assert session.network.name.endswith("n, edited")
    session = actions.set_inputs(session, 5)
    assert networks.parse(network_writer.dump(as_file(session)), "n").network == session.network


TestSaved = Person.TestCase
TestSaved.settings = hypothesis.settings(
    max_examples=int(os.environ.get("MMVIZ_EXAMPLES") or 25), stateful_step_count=25, deadline=None
)
