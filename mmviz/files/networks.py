"""Networks: the presets that ship with mmviz and the user's own files, in the same formats.

A list of products is a CSV file, see `mmviz.files.products`. A network of layers is TOML:

name = "AlexNet classifier"
about = "one sentence"
source = "where the shapes come from"
batch = 128                  # examples per pass, optional
device = "a100"              # what to show it on, optional
budget_ms = 33               # time a pass may take, optional
inputs = 9216
examples = [[0.5, 1.0]]      # rows of X, optional

[[layers]]
name = "fc6"
units = 4096
activation = "relu"
weights = [[1.0], [2.0]]     # inputs × units, optional
bias = [0.0]                 # optional

What mmviz saves (`mmviz.files.network_writer`) it reads, whatever was edited: more than a few
numbers are one line of text each, see `mmviz.files.packed`.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from mmviz import numerals
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import (
    MAX_COUNT,
    MAX_K,
    Dense,
    GivenRow,
    Network,
    check_count,
    check_given,
    from_widths,
    given_matrix,
)
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import kinds, packed, products, toml
from mmviz.files.assets import asset
from mmviz.files.devices import device_ids
from mmviz.files.ordinary import SHORT, Tick, called, check_text, no_tick, reading
from mmviz.files.remarks import remarks_of
from mmviz.numerals import whole
from mmviz.text import N_, Text

Level = Literal["", "first", "small", "real"]
"""For whom a preset is: who has never seen one, who knows networks, who works with large ones."""
DEVICE_KEYS = {"kind", "like", "peaks_tflops", "bandwidth_gbs"}  # one of which a device has
MAX_LIST = 4_000_000  # bytes of a list of products
MAX_NETWORK = 24_000_000  # bytes of a network's file: MAX_GIVEN packed numbers and all beside them
UNKNOWN = N_(
    "unknown network {text!r:.60}: not a preset ({presets}), not a file, not widths such as "
    "784-128-10"
)
_WIDTHS = re.compile(r"[0-9]+(-[0-9]+)+")
_DASH = "[-‐‑–—−]"  # as other programs write it
_LIKE_WIDTHS = re.compile(rf"\d[\d.,'’_\s]*({_DASH}\s*\d[\d.,'’_\s]*)+")


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network or a list of products with what its file says beside it.

    id: the preset's id, "" for a file or widths. batch None: the file names none, as a list never
    does. device: the id of the device it is best looked at on, "" for none. budget_s: seconds a
    pass may take. notes: what of the file is not taken as it may be meant. level: of a preset that
    is a network, for whom it is; else "". dtype: the number format it is asked for in, "" for none.
    """

    id: str
    network: Workload
    batch: int | None = None
    about: str = ""
    source: str = ""
    device: str = ""
    budget_s: float | None = None
    notes: tuple[Text, ...] = field(default=(), compare=False)
    level: Level = ""
    dtype: str = ""


class DeviceGiven(InputError):  # noqa: N818  # it says what the file is
    """A network was asked for, and the file describes a device."""


_Rows = tuple[GivenRow, ...]


class _Layer(msgspec.Struct, forbid_unknown_fields=True):
    units: int
    activation: str = "linear"
    name: str = ""
    weights: _Rows | str | None = None
    bias: GivenRow | str | None = None


class _Network(msgspec.Struct, forbid_unknown_fields=True):
    inputs: int
    layers: list[_Layer]
    name: str = ""
    about: str = ""
    source: str = ""
    batch: int | None = None
    device: str = ""
    budget_ms: float | None = None
    examples: _Rows | str | None = None
    order: int = 1_000  # place in the list of presets
    level: Level = ""


@functools.cache
def preset_ids() -> tuple[str, ...]:
    """Ids of the presets, by the `order` their files give: from one neuron to the largest."""
    found = {path.stem: toml.read(path, _Network).order for path in asset("presets").glob("*.toml")}
    for path in asset("presets").glob("*.csv"):
        found[path.stem] = int(remarks_of(toml.read_bounded(path).decode(), str(path))["order"])
    return tuple(sorted(found, key=lambda preset: (found[preset], preset)))


@functools.cache
def read_preset(preset: str) -> NetworkFile:
    """The preset of that id; raises InputError for an unknown one."""
    if preset not in preset_ids():
        raise InputError(
            N_("unknown preset {preset!r:.60}; known are {known}"),
            preset=preset,
            known=", ".join(preset_ids()),
        )
    listed = asset("presets", f"{preset}.csv")
    if listed.is_file():
        return _read_list(listed, preset)
    return parse(
        toml.read_bounded(asset("presets", f"{preset}.toml")),
        Text(N_("preset {preset}"), preset=preset),
        preset,
    )


def read_file(path: str | os.PathLike[str], tick: Tick = no_tick) -> NetworkFile:
    """A network or a list of products; raises InputError naming the file and the place in it.

    What `tick` raises, as `mmviz.files.ordinary.Cancelled`, ends the reading.
    """
    with reading(path), open(path, "rb") as file:
        head = file.read(kinds.HEAD)
    if kinds.is_list(head, str(path), Path(path).suffix, products.names_columns):
        return _read_list(path, tick=tick)
    return parse(toml.read_bounded(path, MAX_NETWORK, tick), str(path))


def read_stream(stream: BinaryIO, where: Text) -> NetworkFile:
    """What comes from a pipe: a network or a list; raises InputError beginning with `where`."""
    data = stream.read(MAX_NETWORK + 1)
    listed = kinds.is_list(data[: kinds.HEAD], where, "", products.names_columns)
    most = MAX_LIST if listed else MAX_NETWORK
    if len(data) > most:
        raise InputError(N_("{where}: larger than {most:group} bytes"), where=where, most=most)
    return parse_list(data, where) if listed else parse(data, where)


def _read_list(path: str | os.PathLike[str], preset: str = "", tick: Tick = no_tick) -> NetworkFile:
    return parse_list(toml.read_bounded(path, MAX_LIST, tick), str(path), preset)


def parse_list(data: bytes, where: str | Text, preset: str = "") -> NetworkFile:
    """CSV text to a NetworkFile; raises InputError beginning with `where`."""
    listed, remarks, notes = products.parse(data, where)
    about, source = remarks.get("about", ""), remarks.get("source", "")
    device = _known_device(remarks.get("device", ""), where)
    notes = () if preset else notes  # a preset says it all in its about
    return NetworkFile(preset, listed, about=about, source=source, device=device, notes=notes)


def _known_device(device: str, where: str | Text) -> str:
    if device and device not in device_ids():
        raise InputError(
            N_("{where}: unknown device {device!r:.60}; known are {known}"),
            where=where,
            device=device,
            known=", ".join(device_ids()),
        )
    return device


def find(text: str) -> NetworkFile:
    """What a user means by NETWORK: a preset's id, widths (784-128-10), the one product
    2048x2048x2048, or else a file.
    """
    if text in preset_ids():
        return read_preset(text)
    if _WIDTHS.fullmatch(text) or (_LIKE_WIDTHS.fullmatch(text) and not os.path.lexists(text)):
        return of_widths(text)
    if is_shape(text) and not os.path.lexists(text):
        return of_shape(text)
    if (
        text.endswith((".toml", *kinds.LISTED))
        or os.sep in text
        or os.path.lexists(text.replace("\0", ""))
    ):
        return read_file(text)
    raise InputError(UNKNOWN, text=text, presets=", ".join(preset_ids()))


def of_widths(text: str) -> NetworkFile:
    """What 784-128-10 means, inputs first; raises InputError for what are no widths."""
    text = text.strip()
    if not _LIKE_WIDTHS.fullmatch(text):
        raise InputError(
            N_(
                "widths are whole numbers with dashes between, such as 784-128-10, not {text!r:.60}"
            ),
            text=text,
        )
    what = Text(N_("a width"))
    widths = [whole(width, what, MAX_COUNT) for width in re.split(_DASH, text)]
    return NetworkFile("", from_widths(widths))


def is_shape(text: str) -> bool:
    """Whether it looks like MxNxK, however its numbers are written."""
    sides = numerals.sides(text)
    return len(sides) == 3 and all(map(numerals.meanings, sides))


def of_shape(text: str) -> NetworkFile:
    """The one product that 2048x2048x1024 means, M×N×K, as a list; raises InputError."""
    sides = numerals.sides(text)
    m, n = (whole(side, "MxNxK", MAX_COUNT) for side in sides[:2])
    k = whole(sides[2], Text(N_("k of MxNxK")), MAX_K)
    name = f"{m}x{n}x{k}"
    return NetworkFile("", Products(name, (Gemm(name, "product", m, n, k),)))


def parse(data: bytes, where: str | Text, preset: str = "") -> NetworkFile:
    """TOML text to a NetworkFile; raises InputError beginning with `where`."""
    return of_table(toml.loads(data, where), where, preset)


def of_table(table: dict[str, Any], where: str | Text, preset: str = "") -> NetworkFile:
    """The table of such a text to a NetworkFile; raises InputError beginning with `where`."""
    if not table:
        raise InputError(N_("{where}: there is nothing in it"), where=where)
    if "layers" not in table and DEVICE_KEYS & set(table):
        said = N_("{where}: this describes a device, not a network; give it with --device")
        raise DeviceGiven(said, where=where)
    _check_biases(table, where)
    raw = toml.shaped(table, where, _Network)
    try:
        network = _network(raw, where)
        if raw.batch is not None:
            check_count(raw.batch, Text(N_("batch")))
        if raw.budget_ms is not None and not 1e-9 <= raw.budget_ms < 1e9:
            raise InputError(N_("budget_ms must be from 1e-9 to less than 1e9"))
    except InputError as error:
        raise InputError("{where}: {cause}", where=where, cause=error.cause) from None
    device = _known_device(raw.device, where)
    budget_s = None if raw.budget_ms is None else raw.budget_ms / 1e3
    level: Level = raw.level if preset else ""
    about, source = raw.about, raw.source
    return NetworkFile(preset, network, raw.batch, about, source, device, budget_s, level=level)


def _network(raw: _Network, where: str | Text) -> Network:
    for key in ("name", "about", "source"):
        check_text(getattr(raw, key), key)
    for layer in raw.layers:
        check_text(layer.name, Text(N_("name of a layer")), SHORT)
    check_given(sum(_declared(raw)))  # before any of them is unfolded
    examples = _matrix(raw.examples, raw.inputs, Text(N_("examples")))
    layers = []
    for i, layer in enumerate(raw.layers):
        weights_said, bias_said = _said(layer, i)
        weights = _matrix(layer.weights, layer.units, weights_said)
        bias = _row(layer.bias, bias_said)
        name = layer.name or f"layer {i + 1}"
        layers.append(Dense(layer.units, layer.activation, name, weights, bias))
    return Network(raw.name or called(where), raw.inputs, tuple(layers), examples)


def _said(layer: _Layer, i: int) -> tuple[Text, Text]:
    """What the weights and the bias of layer `i` are called."""
    whose = Text(N_("layer {name!r:.60}"), name=layer.name or f"layer {i + 1}")
    return (
        Text(N_("weights of {where}"), where=whose),
        Text(N_("bias of {where}"), where=whose),
    )


def _declared(raw: _Network) -> Iterator[int]:
    """How many numbers each packed text says it has."""
    texts: list[tuple[object, Text]] = [(raw.examples, Text(N_("examples")))]
    for i, layer in enumerate(raw.layers):
        texts += zip((layer.weights, layer.bias), _said(layer, i), strict=True)
    for text, what in texts:
        if isinstance(text, str):
            rows, columns = packed.shape_of(text, what)
            yield rows * columns


def _matrix(given: _Rows | str | None, columns: int, what: Text) -> GivenMatrix | None:
    if isinstance(given, str):
        return GivenMatrix.of(packed.unpack(given, what))
    return given_matrix(given, columns, what)


def _row(given: GivenRow | str | None, what: Text) -> GivenRow | None:
    return tuple(packed.unpack(given, what).ravel().tolist()) if isinstance(given, str) else given


def _check_biases(table: dict[str, Any], where: str | Text) -> None:
    """Leave out `bias = true`, which every layer has; InputError for false."""
    layers = table.get("layers")
    for i, layer in enumerate(layers if isinstance(layers, list) else ()):
        bias = layer.get("bias") if isinstance(layer, dict) else None
        if bias is False:
            raise InputError(
                N_(
                    "{where}: layers[{i}].bias: every layer adds a bias here, so it cannot be "
                    "false: leave the line out, or give its numbers as a list"
                ),
                where=where,
                i=i,
            )
        if bias is True:
            del layer["bias"]
