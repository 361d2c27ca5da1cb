"""The session a step of a lesson is about: what its file says, made of the file's own words."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.made import CLASSES, make
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import InputError
from mmviz.files import hands, networks
from mmviz.files.lessons.format import Changes, Lesson, Moment
from mmviz.files.networks import NetworkFile
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.learn.drawing import Drawing, picked
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.session import Session, open_file
from mmviz.text import N_

RATE = Recipe().rate
STRENGTH = 0.5  # how far drawings of unseen hands vary, as those a network is looked at with


@dataclass(frozen=True, slots=True)
class Taught:
    """What is known of digits: the network `net` after so many steps with drawings of that seed."""

    net: str
    seed: int
    steps: int
    rate: float = RATE


@dataclass(frozen=True, slots=True)
class Stage:
    """session: of the step. at: where the picture stands. view: the workspace it is looked at in,
    "" for any. taught: what its network knows of digits, None where it knows nothing.
    """

    session: Session
    at: Moment = Moment()  # noqa: RUF009  # frozen
    view: str = ""
    taught: Taught | None = None


ORDER = (
    *("network", "inputs", "layers", "units", "activation", "device", "dtype", "launch"),
    "training",
    *("batch", "tile", "order", "product", "examples", "weights", "budget", "turned"),
    *("colour_by", "at", "view", "data", "lr", "steps", "digit", "moved", "flipped"),
)
"""In which changes are made, whatever the order they are written in: a tile is one of a device."""


def first_stage(lesson: Lesson) -> Stage:
    """The stage of a lesson's [start]; raises InputError."""
    given = dict(lesson.start)
    opened = replace(open_file(_file(given["network"])), device=THIS_MACHINE)
    rest = tuple(item for item in lesson.start if item[0] != "network")
    return changed(Stage(opened), rest)


@functools.lru_cache(maxsize=64)
def stage_of(lesson: Lesson, number: int) -> Stage:
    """The stage of step `number`: the start, and what each step up to it sets. Raises InputError.

    What a learner changes in a step is of that step alone, so that every step is the same for who
    skipped one.
    """
    step = lesson.steps[number]
    before = first_stage(lesson) if number == 0 else stage_of(lesson, number - 1)
    stage = changed(before, step.changes)
    return stage if step.at is None else replace(stage, at=step.at)


def changed(stage: Stage, changes: Changes) -> Stage:
    """The stage with changes; raises InputError where the session takes them not."""
    given = dict(changes)
    for key in ORDER:
        if key in given:
            stage = _change(stage, key, given[key])
    return stage


def _change(stage: Stage, key: str, value: Any) -> Stage:
    session = stage.session
    match key:
        case "at" | "view":
            return replace(stage, **{key: value})
        case "data":
            return replace(stage, taught=Taught(**dict(value)))
        case "lr" | "steps":
            if stage.taught is None:
                raise InputError(N_("nothing is learnt in this session"))
            field = "rate" if key == "lr" else key
            return replace(stage, taught=replace(stage.taught, **{field: value}))
        case "digit":
            seed = stage.taught.seed if stage.taught else 0
            drawing = an_unseen(value, seed)
            return replace(stage, session=actions.set_drawing(session, drawing))
        case "moved":
            return replace(stage, session=_drawing(session, moved=value))
        case "flipped":
            return replace(stage, session=_drawing(session, flipped=frozenset(value)))
        case _:
            return replace(stage, session=_session(session, key, value))


def _session(session: Session, key: str, value: Any) -> Session:
    match key:
        case "network":
            return _network(session, value)
        case "inputs":
            return actions.set_inputs(session, value)
        case "layers":
            return _layers(session, value)
        case "units":
            return _units(session, value)
        case "activation":
            return actions.set_activation(session, _layer(session), value)
        case "device":
            return actions.set_device(session, value)
        case "dtype":
            return actions.set_dtype(session, value)
        case "launch":
            return replace(session, launch_kind=value)
        case "training":
            return actions.set_training(session, value)
        case "batch":
            return actions.set_batch(session, value)
        case "tile":
            return actions.set_tile(session, value)
        case "order":
            return actions.set_order(session, value)
        case "product":
            return actions.select_product(session, value - 1)
        case "examples" | "weights":
            return _numbers(session, key, GivenMatrix.of(value))
        case "budget":
            return actions.set_budget(session, value)
        case "turned":
            return actions.turn(session, value)
        case "colour_by":
            if value not in COLOURINGS:
                raise InputError(N_("no colouring {colour!r:.40}"), colour=value)
            return actions.colour_by(session, value)
        case _:
            raise KeyError(key)


def _file(text: str) -> NetworkFile:
    """A preset or widths; whatever lies in the folder somebody stands in is none of it."""
    if text in networks.preset_ids():
        return networks.read_preset(text)
    return networks.of_widths(text)


def _network(session: Session, text: str) -> Session:
    """Another network, computed as the one before is."""
    file = _file(text)
    opened = replace(session, network=file.network, preset=file.id, product=0, selection=None)
    return replace(opened, about=file.about, source=file.source, budget_s=file.budget_s)


def _units(session: Session, units: int | tuple[int, ...]) -> Session:
    """Of the layer shown, or of each, as many layers as there are."""
    if isinstance(units, int):
        return actions.set_units(session, _layer(session), units)
    if len(units) != len(session.layered.layers):
        raise InputError(N_("there are {n} layers"), n=len(session.layered.layers))
    for layer, width in enumerate(units):
        session = actions.set_units(session, layer, width)
    return session


def _layers(session: Session, count: int) -> Session:
    while len(session.layered.layers) > count:
        session = actions.remove_layer(session, len(session.layered.layers) - 1)
    while len(session.layered.layers) < count:
        session = actions.add_layer(session)
    return session


def _layer(session: Session) -> int:
    """The layer whose product is looked at."""
    return session.network.lower(session.batch, session.training)[session.product].layer


def _numbers(session: Session, key: str, matrix: GivenMatrix) -> Session:
    network = session.layered
    if key == "examples":
        made = Network(network.name, network.inputs, network.layers, matrix)
    else:
        at, layers = _layer(session), list(network.layers)
        old = layers[at]
        layers[at] = Dense(old.units, old.activation, old.name, matrix, old.bias)
        made = Network(network.name, network.inputs, tuple(layers), network.examples)
    return replace(session, network=made, preset="")


def an_unseen(digit: int, seed: int) -> Drawing:
    """A digit by a hand that no network learns from."""
    others = hands.hands()[hands.TAUGHT :]
    made = make(others, CLASSES * len(others), STRENGTH, seed)
    at = made.labels.tolist().index(digit)
    return picked(made.x[at], digit)


def _drawing(session: Session, **fields: Any) -> Session:
    drawing: Drawing = replace(session.drawing, **fields)
    return actions.set_drawing(session, drawing)
