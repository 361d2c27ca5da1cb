"""Changes of a session as a lesson writes them: a closed list of keys, the command line's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import ACTIVATIONS, MAX_COUNT
from mmviz.core.time.setup import LAUNCH_KINDS
from mmviz.errors import InputError
from mmviz.files.devices import device_ids
from mmviz.files.lessons.format import Changes, Moment
from mmviz.files.lessons.tables import Place, Table, line, number, word
from mmviz.files.networks import of_widths, preset_ids
from mmviz.text import N_

MOST_NUMBERS = 400  # of a matrix that is written out
MOST_STEPS = 20_000  # of learning
AUTO = "auto"  # a tile that the model chooses, an order that is the device's own
_WIDTHS = re.compile(r"[0-9]+(-[0-9]+)+")
_TILE = re.compile(r"([0-9]{1,8})x([0-9]{1,8})")


def read_changes(raw: Any, place: Place, key: str) -> Changes:
    """A table of changes; raises InputError."""
    table = Table(raw, place, key)
    return tuple((name, _read(name, table.raw[name], place, key)) for name in table.raw)


def read_moment(raw: Any, place: Place, key: str) -> Moment:
    """0.0 … 1.0, "wave 1", "wave last", "step 3" or "end"; raises InputError."""
    if raw == "end":
        return Moment("share", 1.0)
    if isinstance(raw, str):
        found = re.fullmatch(r"(wave|step) ([1-9][0-9]{0,6}|last)", raw)
        if found:
            by: Literal["wave", "step"] = "wave" if found[1] == "wave" else "step"
            return Moment(by, 0 if found[2] == "last" else int(found[2]))
    elif isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= 1:
        return Moment("share", float(raw))
    raise place.error(N_("{key}: expected 0.0 to 1.0, wave 1, wave last, step 3 or end"), key=key)


def _read(name: str, value: Any, place: Place, key: str) -> Any:
    at = f"{key}.{name}"[:60]
    reader = KEYS.get(name)
    if reader is None:
        raise place.error(N_("unknown key {key}"), key=at)
    return reader(value, place, at)


def _network(value: Any, place: Place, key: str) -> str:
    """A preset's id or widths; never a path."""
    text = line(value, place, key, 200)
    if text in preset_ids():
        return text
    if not _WIDTHS.fullmatch(text):
        raise place.error(
            N_("{key}: {text!r:.60} is neither a preset nor widths such as 784-128-10"),
            key=key,
            text=text,
        )
    try:
        of_widths(text)
    except InputError as error:
        raise place.error(error.cause) from None
    return text


def _device(value: Any, place: Place, key: str) -> str:
    return word(value, device_ids(), place, key)


def _tile(value: Any, place: Place, key: str) -> tuple[int, int] | None:
    text = line(value, place, key, 20)
    if text == AUTO:
        return None
    found = _TILE.fullmatch(text)
    if not found:
        raise place.error(N_("{key}: expected a tile such as 128x64, or auto"), key=key)
    return _count(int(found[1]), place, key), _count(int(found[2]), place, key)


def _order(value: Any, place: Place, key: str) -> str:
    text = line(value, place, key, 40)
    return "" if text == AUTO else text


def _count(value: Any, place: Place, key: str) -> int:
    return Table({key: value}, place, "").whole(key, 1, MAX_COUNT)


def _flag(value: Any, place: Place, key: str) -> bool:
    return Table({key: value}, place, "").flag(key)


def _budget(value: Any, place: Place, key: str) -> float:
    return Table({key: value}, place, "").number(key, 1e-6, 3_600)


def _rate(value: Any, place: Place, key: str) -> float:
    return Table({key: value}, place, "").number(key, 0.0, 100.0)


def _name(value: Any, place: Place, key: str) -> str:
    return line(value, place, key, 40)


def _rows(value: Any, place: Place, key: str) -> tuple[tuple[float, ...], ...]:
    """A matrix row by row."""
    whole = isinstance(value, list) and value and all(isinstance(row, list) for row in value)
    if not whole or len({len(row) for row in value}) != 1 or not value[0]:
        raise place.error(N_("{key}: expected rows of numbers, equally long"), key=key)
    if len(value) * len(value[0]) > MOST_NUMBERS:
        raise place.error(N_("{key}: more than {most} numbers"), key=key, most=MOST_NUMBERS)
    return tuple(tuple(float(number(x, place, key)) for x in row) for row in value)


def _moved(value: Any, place: Place, key: str) -> tuple[int, int]:
    right, down = Table({key: value}, place, "").items(key, 2, 2)
    return _shift(right, place, key), _shift(down, place, key)


def _shift(value: Any, place: Place, key: str) -> int:
    return Table({key: value}, place, "").whole(key, -8, 8)


def _pixels(value: Any, place: Place, key: str) -> tuple[tuple[int, int], ...]:
    """Rows and columns of pixels that are turned around."""
    pairs = Table({key: value}, place, "").items(key, 1, MOST_NUMBERS)
    found = []
    for pair in pairs:
        row, column = Table({key: pair}, place, "").items(key, 2, 2)
        cells = (Table({key: at}, place, "").whole(key, 0, 27) for at in (row, column))
        found.append(tuple(cells))
    return tuple(found)  # type: ignore[arg-type]  # pairs


def _digit(value: Any, place: Place, key: str) -> int:
    return Table({key: value}, place, "").whole(key, 0, 9)


def _data(value: Any, place: Place, key: str) -> Changes:
    """What a network knows of digits mmviz makes: which one, the seed, the steps of learning."""
    table = Table(value, place, key)
    net = _network(table.raw_of("net"), place, f"{key}.net")
    seed = table.whole("seed", 0, MAX_COUNT, 0)
    steps = table.whole("steps", 0, MOST_STEPS, 0)
    table.done()
    return ("net", net), ("seed", seed), ("steps", steps)


def _units(value: Any, place: Place, key: str) -> int | tuple[int, ...]:
    """Of the layer that is shown, or of each layer."""
    if not isinstance(value, list):
        return _count(value, place, key)
    widths = Table({key: value}, place, "").items(key, 1, 40)
    return tuple(_count(width, place, key) for width in widths)


def _steps(value: Any, place: Place, key: str) -> int:
    return Table({key: value}, place, "").whole(key, 0, MOST_STEPS)


KEYS: Mapping[str, Callable[[Any, Place, str], Any]] = {
    "network": _network,
    "device": _device,
    "dtype": lambda value, place, key: word(value, BYTES, place, key),
    "launch": lambda value, place, key: word(value, LAUNCH_KINDS, place, key),
    "training": _flag,
    "batch": _count,
    "units": _units,
    "inputs": _count,
    "layers": _count,
    "activation": lambda value, place, key: word(value, ACTIVATIONS, place, key),
    "tile": _tile,
    "order": _order,
    "product": _count,
    "view": _name,
    "colour_by": _name,
    "turned": _flag,
    "at": read_moment,
    "budget": _budget,
    "examples": _rows,
    "weights": _rows,
    "data": _data,
    "lr": _rate,
    "steps": _steps,
    "digit": _digit,
    "moved": _moved,
    "flipped": _pixels,
}
"""How each change is read. units: of the layer shown, or of each; layers: how many there are, as
wide as the last; examples, weights: numbers of X and of the W that is shown, row by row; lr, steps:
of learning; digit: which one is shown to the network, moved and with some pixels flipped."""
