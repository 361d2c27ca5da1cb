"""Expressions and conditions of a lesson: a closed grammar, three deep; no code is run."""

from __future__ import annotations

import re
from typing import Any

from mmviz.core.shapes.network import MAX_COUNT
from mmviz.files.lessons.changes import read_changes
from mmviz.files.lessons.format import (
    Combined,
    Condition,
    Const,
    Expression,
    Named,
    Search,
)
from mmviz.files.lessons.tables import Place, Table, line, number, word
from mmviz.text import N_

DEEPEST = 3
MOST_TRIES = 4_096
RELATIONS = ("=", "!=", "<", "<=", ">", ">=", "between")
SEARCHED = ("batch", "units", "inputs", "layers")
"""What a search changes."""
_KINDS = ("q", "ratio", "difference", "sum", "same", "least", "most")
_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\[(.+)\])?")
_SEPARATE = re.compile(r",(?![^()]*\))")


def read_expression(raw: Any, place: Place, key: str, depth: int = 1) -> Expression:
    """An expression; raises InputError."""
    if isinstance(raw, str):
        return Const(line(raw, place, key, 60))
    if not isinstance(raw, dict):
        if isinstance(raw, bool):
            return Const(raw)
        return Const(number(raw, place, key))
    table = Table(raw, place, key)
    found = _expression(table, depth)
    table.done()
    return found


def read_condition(raw: Any, place: Place, key: str, depth: int = 1) -> Condition:
    """An expression with `is` and `value`; raises InputError."""
    table = Table(raw, place, key)
    relation = table.one_of("is", RELATIONS)
    value, within = table.raw_of("value"), table.raw_of("within")
    every = table.raw_of("every")
    if value is None:
        raise place.error(N_("{key}: a condition needs a value"), key=key)
    if every is not None:
        word(every, ("product",), place, f"{key}.every")
    subject = _expression(table, depth)
    table.done()
    values = [value]
    if relation == "between":
        if not isinstance(value, list) or len(value) != 2:
            raise place.error(N_("{key}: between needs two values"), key=key)
        values = value
    read = tuple(read_expression(one, place, f"{key}.value", depth) for one in values)
    share = 0.0 if within is None else read_share(within, place, f"{key}.within")
    return Condition(subject, relation, read, share, every is not None)  # type: ignore[arg-type]


def read_share(raw: Any, place: Place, key: str) -> float:
    """'5 %' as 0.05; raises InputError."""
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%", raw) if isinstance(raw, str) else None
    if not found or not 0 < float(found[1]) <= 100:
        raise place.error(N_("{key}: expected a share such as 5 %"), key=key)
    return float(found[1]) / 100


def read_name(text: str, place: Place, key: str) -> tuple[str, tuple[str, ...]]:
    """'partial[(0,0),3]' as its name and its arguments; raises InputError."""
    found = _NAME.fullmatch(text)
    if not found:
        raise place.error(N_("{key}: {text!r:.60} is no name of a quantity"), key=key, text=text)
    inner = found[2]
    arguments = tuple(part.strip() for part in _SEPARATE.split(inner)) if inner else ()
    return found[1], arguments


def _expression(table: Table, depth: int) -> Expression:
    """What a table says; its own keys are taken out of it."""
    place, key = table.place, table.what
    if depth > DEEPEST:
        raise place.error(N_("{key}: deeper than {most} expressions"), key=key, most=DEEPEST)
    kinds = [kind for kind in _KINDS if kind in table]
    if len(kinds) != 1:
        raise place.error(
            N_("{key}: an expression is one of {known}"), key=key, known=", ".join(_KINDS)
        )
    (kind,) = kinds
    if kind == "q":
        name, arguments = read_name(table.text("q", longest=80), place, key)
        changes = table.raw_of("with")
        read = () if changes is None else read_changes(changes, place, f"{key}.with")
        return Named(name, arguments, read)
    if kind in ("least", "most"):
        return _search(table, kind, depth)
    parts = table.items(kind, 2, 10 if kind == "sum" else 2)
    read_parts = tuple(read_expression(part, place, f"{key}.{kind}", depth + 1) for part in parts)
    return Combined(kind, read_parts)  # type: ignore[arg-type]


def _search(table: Table, kind: str, depth: int) -> Search:
    place, key = table.place, table.what
    searched = table.one_of(kind, SEARCHED)
    over: range | tuple[int, ...]
    if "over" in table:
        tried = table.items("over", 2, MOST_TRIES)
        over = tuple(Table({"over": x}, place, key).whole("over", 1, MAX_COUNT) for x in tried)
    else:
        first = table.whole("from", 1, MAX_COUNT)
        over = range(first, table.whole("to", first, MAX_COUNT) + 1)
    monotone = table.flag("monotone")
    if len(over) > MOST_TRIES and not monotone:
        raise place.error(N_("{key}: more than {most:group} tries"), key=key, most=MOST_TRIES)
    where = read_condition(table.raw_of("where"), place, f"{key}.where", depth + 1)
    return Search(kind, searched, over, where, monotone)  # type: ignore[arg-type]
