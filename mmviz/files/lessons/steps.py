"""A step of a lesson's file, and what belongs to which kind of step."""

from __future__ import annotations

import re
from typing import Any, get_args

from mmviz.files.lessons.changes import read_changes, read_moment
from mmviz.files.lessons.expressions import read_condition, read_expression, read_share
from mmviz.files.lessons.format import (
    Changes,
    Condition,
    Expression,
    Form,
    Keep,
    Option,
    Step,
    StepKind,
    Verb,
    Within,
)
from mmviz.files.lessons.tables import Place, Table, line, number, word
from mmviz.files.lessons.texts import read_said
from mmviz.files.lessons.verbs import FREE, ON, VERBS, Takes
from mmviz.text import N_

UNITS = ("", "%", "s", "FLOP", "B", "FLOP/B", "FLOP/s")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_VALUE = re.compile(r"[a-z][a-z0-9_]{0,30}")
_FOR_GUESS = ("options", "within", "on", "need", "answer")
_FOR_CHANGES = ("free", "until", "keep", "solution", "note")


def read_step(raw: Any, lesson: Place) -> Step:
    """A step; raises InputError."""
    id = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise lesson.error(N_("a step needs an id of small letters, digits and dashes"))
    place = lesson.within(id)
    table = Table(raw, place, "")
    table.raw_of("id")
    kind: StepKind = table.one_of("kind", get_args(StepKind))  # type: ignore[assignment]
    guess = _form(table, kind)
    _check_kind(table, kind, guess)
    options = _options(table, guess)
    values = _values(table)
    asked = [*(name for name, _ in values), *(f"options.{i}" for i in range(len(options)))]
    shown = [*asked, "guess", "answer", "answer.count"]
    ask = read_said(table.raw_of("ask"), place, "ask", asked)
    tell = read_said(table.raw_of("tell"), place, "tell", shown if guess else asked)
    hint = read_said(table.raw_of("hint"), place, "hint", asked) if "hint" in table else ()
    answer = table.raw_of("answer")
    step = Step(
        id=id,
        kind=kind,
        ask=ask,
        tell=tell,
        changes=_changes(table, "set"),
        at=read_moment(table.raw_of("at"), place, "at") if "at" in table else None,
        hint=hint,
        recall=_recall(table),
        guess=guess,
        options=options,
        within=_within(table),
        unit=table.one_of("unit", UNITS, ""),
        on=table.one_of("on", ON, ON[0]) if guess == "click" else "",
        need=_need(table),
        answer=None if answer is None else read_expression(answer, place, "answer"),
        values=values,
        reveal=_reveal(table),
        free=_free(table),
        until=_until(table),
        keep=_keep(table),
        note=table.flag("note"),
        solution=_changes(table, "solution"),
    )
    table.done()
    return step


def _form(table: Table, kind: StepKind) -> Form | None:
    if "guess" not in table:
        if kind == "predict":
            raise table.place.error(N_("a step that predicts needs a guess"))
        return None
    if kind in ("modify", "make"):
        raise table.place.error(
            N_("{key} is not for a step of kind {kind}"), key="guess", kind=kind
        )
    return table.one_of("guess", get_args(Form))  # type: ignore[return-value]


def _check_kind(table: Table, kind: StepKind, guess: Form | None) -> None:
    """Raises InputError where a key is not for such a step, or one it needs is missing."""
    changes = kind in ("modify", "make")
    wrong = [key for key in (_FOR_GUESS if changes else _FOR_CHANGES) if key in table]
    wrong += [] if kind == "predict" else [key for key in ("recall",) if key in table]
    wrong += [] if kind == "make" else [key for key in ("note",) if key in table and changes]
    only = {"options": "choice", "within": "number", "on": "click", "need": "click"}
    wrong += [key for key, form in only.items() if key in table and guess != form and not changes]
    if wrong:
        raise table.place.error(
            N_("{key} is not for a step of kind {kind}"), key=wrong[0], kind=kind
        )
    needed = ["answer"] if guess else []
    needed += {"choice": ["options"], "click": ["on"]}.get(guess or "", [])
    needed += ["free"] if changes else []
    needed += ["until"] if changes and "note" not in table else []
    needed += ["solution"] if "until" in table else []
    for key in needed:
        if key not in table:
            raise table.place.error(
                N_("{key} is missing in a step of kind {kind}"), key=key, kind=kind
            )


def _changes(table: Table, key: str) -> Changes:
    return read_changes(table.raw_of(key), table.place, key) if key in table else ()


def _values(table: Table) -> tuple[tuple[str, Expression], ...]:
    raw = Table(table.raw_of("values") or {}, table.place, "values").raw
    for name in raw:
        if not _VALUE.fullmatch(name) or name in ("guess", "answer", "options"):
            raise table.place.error(N_("values: {name!r:.40} is no name of a value"), name=name)
    return tuple(
        (name, read_expression(value, table.place, f"values.{name}")) for name, value in raw.items()
    )


def _options(table: Table, guess: Form | None) -> tuple[Option, ...]:
    if guess != "choice":
        return ()
    return tuple(_option(raw, table.place) for raw in table.items("options", 2, 5))


def _option(raw: Any, place: Place) -> Option:
    if not isinstance(raw, dict) or "id" not in raw:
        return Option(value=read_expression(raw, place, "options"))
    table = Table(raw, place, "options")
    id = table.text("id", longest=40)
    text = read_said(table.raw_of("text"), place, "options.text")
    least = most = None
    if "when" in table:
        when = Table(table.raw_of("when"), place, "options.when")
        if not when.raw:
            raise place.error(N_("options.when: expected from, to or both"))
        least = when.number("from", -1e30, 1e30) if "from" in when else None
        most = when.number("to", -1e30, 1e30) if "to" in when else None
        when.done()
    table.done()
    return Option(None, id, text, least, most)


def _within(table: Table) -> Within:
    raw = table.raw_of("within")
    if raw is None or raw == "exact":
        return Within()
    found = re.fullmatch(r"(factor|decimals) ([0-9]{1,3}(?:\.[0-9]{1,2})?)", str(raw))
    if found and found[1] == "decimals" and found[2] in "0123456789":
        return Within("decimals", int(found[2]))
    if found and found[1] == "factor" and float(found[2]) > 1:
        return Within("factor", float(found[2]))
    if found is None and str(raw).endswith("%"):
        return Within("share", read_share(raw, table.place, "within"))
    raise table.place.error(N_("within: expected exact, 5 %, factor 2 or decimals 2"))


def _need(table: Table) -> int:
    if table.raw.get("need") == "all":
        table.raw_of("need")
        return 0
    return table.whole("need", 1, 100, 1)


def _recall(table: Table) -> tuple[str, str] | None:
    if "recall" not in table:
        return None
    lesson, slash, step = table.text("recall", longest=81).partition("/")
    if not (slash and _ID.fullmatch(lesson) and _ID.fullmatch(step)):
        raise table.place.error(N_("recall: expected lesson/step"))
    return lesson, step


def _free(table: Table) -> tuple[str, ...]:
    found = table.items("free", 1, len(FREE), needed=False)
    return tuple(word(one, FREE, table.place, "free") for one in found)


def _until(table: Table) -> tuple[Condition, ...]:
    found = table.items("until", 1, 8, needed=False)
    return tuple(read_condition(one, table.place, "until") for one in found)


def _keep(table: Table) -> Keep | None:
    raw = table.raw_of("keep")
    if raw is None:
        return None
    best = Table(Table(raw, table.place, "keep").raw_of("best"), table.place, "keep.best")
    want = best.one_of("want", ("least", "most"))
    return Keep(read_expression(best.raw, table.place, "keep.best"), want)  # type: ignore[arg-type]


def _reveal(table: Table) -> tuple[Verb, ...]:
    return tuple(_verb(raw, table.place) for raw in table.items("reveal", 1, 8, needed=False))


def _verb(raw: Any, place: Place) -> Verb:
    table = Table(raw, place, "reveal")
    do = table.one_of("do", VERBS)
    takes = []
    for name, kind in VERBS[do].items():
        if name in table:
            takes.append((name, _taken(table.raw_of(name), kind, place, f"reveal.{name}")))
        elif kind.needed:
            raise place.error(N_("reveal: {verb} needs {key}"), verb=do, key=name)
    table.done()
    return Verb(do, tuple(takes))


def _taken(raw: Any, takes: Takes, place: Place, key: str) -> Any:
    match takes.kind:
        case "moment":
            return read_moment(raw, place, key)
        case "word":
            return word(raw, takes.words, place, key)
        case "whole":
            return Table({key: raw}, place, "").whole(key, 0, 1_000_000)
        case "place":
            if raw in ("first", "last"):
                return raw
            return Table({key: raw}, place, "").whole(key, 1, 1_000_000)
        case "changes":
            return read_changes(raw, place, key)
        case "names":
            found = Table({key: raw}, place, "").items(key, 1, 4)
            return tuple(line(one, place, key, 40) for one in found)
        case "numbers":
            found = Table({key: raw}, place, "").items(key, 2, 40)
            return tuple(int(number(one, place, key)) for one in found)
        case "seconds":
            return Table({key: raw}, place, "").number(key, 0.1, 10.0)
        case _:
            return line(raw, place, key, 40)
