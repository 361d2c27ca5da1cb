"""Values of a lesson as texts: numbers by their unit, sets by what is in them."""

from __future__ import annotations

from mmviz.core.time.cost import LOSS_NAMES
from mmviz.state.lessons.here import Found, Here, Item, Value
from mmviz.text import Text, own
from mmviz.words.lessons import amount, listed, word
from mmviz.words.products import ROLES, titled


def said(found: Found, here: Here, *, counted: bool = True) -> Text:
    """The value in words. counted: of a set only how many there are."""
    value = found.value
    if isinstance(value, frozenset):
        if counted and found.unit != "digit":
            return amount(len(value), "")
        return said_items(value, found.unit, here)
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, str):
        return word(value)
    return amount(value, found.unit)


def said_items(items: frozenset[Item], unit: str, here: Here) -> Text:
    """What is in a set, in the order of the picture."""
    ordered = sorted(items, key=_place)
    return listed(tuple(said_item(item, unit, here) for item in ordered))


def _place(item: Item) -> tuple[tuple[bool, float, str], ...]:
    """Numbers by size, pairs row by row, words as they are spelt."""
    parts = item if isinstance(item, tuple) else (item,)
    return tuple(
        (False, float(one), "") if isinstance(one, int | float) else (True, 0.0, str(one))
        for one in parts
    )


def said_item(item: Item, unit: str, here: Here) -> Text:
    """One thing that is clicked on; unit: of the quantity, what its items are."""
    match item, unit:
        case (int(row), int(column)), "cell" | "input" | "weight" | "pixel":
            return said_place(row, column, unit)
        case (int(layer), str(role)), _ if role in ROLES:
            name = next((g.name for g in here.gemms if g.layer == layer), str(layer + 1))
            return titled(name, role)
        case int(number), "unit":
            return Text("{unit} {number:d}", unit=here.setup.device.noun.one, number=number)
        case int(number), _:
            return Text("{number:d}", number=number)
        case str(id), _:
            return Text(LOSS_NAMES[id]) if id in LOSS_NAMES else own(id)
        case _:
            return own(str(item))


def said_place(row: int, column: int, unit: str) -> Text:
    """A number of X, W or Y, or a pixel."""
    symbol = {"cell": "Y", "input": "X", "weight": "W"}.get(unit, "")
    return Text("{symbol}({row:d}, {column:d})", symbol=symbol, row=row, column=column)


def plain(value: Value) -> bool | int | float | str | list[object]:
    """A value as it is kept and exported: of a set its items, in the order of the picture."""
    if isinstance(value, frozenset):
        ordered = sorted(value, key=_place)
        return [list(item) if isinstance(item, tuple) else item for item in ordered]
    return value
