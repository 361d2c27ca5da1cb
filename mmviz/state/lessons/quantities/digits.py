"""Quantities of a drawing that is shown to a network, and of gradients that are checked."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mmviz.core.learning.digits.strokes import SIDE
from mmviz.core.learning.gradient_check import H
from mmviz.core.learning.training import (
    loss,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import SEED, Values, make_values
from mmviz.core.shapes.network import Network
from mmviz.files import networks
from mmviz.state.learn.choice import made
from mmviz.state.learn.drawing import Drawing, moved_by
from mmviz.state.learn.knowing import Knowing, Told, products, tell
from mmviz.state.lessons.here import Here, NoData, Value
from mmviz.state.lessons.quantities.learning import course_of
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, first, whole
from mmviz.state.picture.cells import missing
from mmviz.text import N_

NETS = {"net": "digits", "mlp": "digits-hidden"}
"""Networks that read the same drawing: the single layer, and one with a hidden layer."""

NEAR = 3  # pixels from the best, that count as well


def _told(here: Here, net: str = "", drawing: Drawing | None = None) -> tuple[Knowing, Told]:
    """What a network makes of the drawing."""
    if net and net not in NETS:
        raise NoData(N_("no network is called {name!r:.40}"), name=net)
    if net:
        network = networks.read_preset(NETS[net]).network
        session = replace(here.stage.session, network=network, product=0)
        here = replace(here, stage=replace(here.stage, session=session))
    course = course_of(here)
    if course.weights is None:
        raise NoData(N_("no data"))
    seed = course.plan.recipe.seed
    knowing = Knowing(course.plan.network, course.weights, True, made(), seed)
    return knowing, tell(knowing, drawing or here.stage.session.drawing)


def _winner_of(told: Told) -> frozenset[int]:
    if told.placed.empty or told.winner is None:
        raise NoData(N_("no neuron is ahead of all others"))
    return frozenset({told.winner})


def _winner(here: Here, arguments: Arguments) -> Value:
    return _winner_of(_told(here, first(arguments))[1])


def _winner_moved(here: Here, arguments: Arguments) -> Value:
    """With the drawing so many pixels further to the right."""
    drawing = moved_by(here.stage.session.drawing, whole(arguments[0]), 0)
    return _winner_of(_told(here, drawing=drawing)[1])


def _score(here: Here, arguments: Arguments) -> Value:
    digit = whole(arguments[0])
    scores = _told(here)[1].scores
    if digit >= len(scores):
        raise NoData(N_("there is no neuron {n}"), n=digit)
    return float(scores[digit])


def _argmax_contribution(here: Here, arguments: Arguments) -> Value:
    """Pixels near the one that adds most to the winner, or to a neuron by its number."""
    knowing, told = _told(here)
    neuron = next(iter(_winner_of(told))) if arguments[0] == "winner" else whole(arguments[0])
    if neuron >= knowing.neurons or not knowing.single:
        raise NoData(N_("there is no neuron {n}"), n=neuron)
    each = products(knowing, told.placed)[:, neuron].reshape(SIDE, SIDE)
    row, column = np.unravel_index(int(each.argmax()), each.shape)
    rows, columns = np.indices(each.shape)
    near = np.maximum(abs(rows - row), abs(columns - column)) <= NEAR
    found = np.argwhere(near & (each > 0))
    return frozenset((int(r), int(c)) for r, c in found)


def _pixels_changed(here: Here, _arguments: Arguments) -> Value:
    """Since the step began."""
    begun = here.begun or here.stage
    return len(here.stage.session.drawing.flipped ^ begun.session.drawing.flipped)


def _fooled(here: Here, _arguments: Arguments) -> Value:
    """Whether pixels that were changed make another neuron win: 1 or 0."""
    begun = here.begun or here.stage
    before = _winner_of(_told(here, drawing=begun.session.drawing)[1])
    return int(_winner_of(_told(here)[1]) != before)


def _readers_differ(here: Here, _arguments: Arguments) -> Value:
    """Whether the two networks read another digit in it: 1 or 0."""
    one, other = (_winner_of(_told(here, net)[1]) for net in NETS)
    return int(one != other)


def _checked(here: Here) -> tuple[float, float, float]:
    """Of the weight with the largest gradient in the layer shown: dW, the slope of the loss by
    central differences in float64, and how far they are apart as a share of the first.
    """
    session = here.stage.session
    network = here.network
    if missing(network, session.batch):
        raise NoData(missing(network, session.batch))
    return _slope(network, session.batch, here.gemm().layer)


@functools.lru_cache(maxsize=8)
def _slope(network: Network, batch: int, layer: int) -> tuple[float, float, float]:
    values = make_values(network, batch)
    target = make_target(network, batch, SEED)
    gradients = {at: dw for at, dw, _ in reference_gradients(network, values, target)}
    at = np.unravel_index(int(np.abs(gradients[layer]).argmax()), gradients[layer].shape)
    sides = []
    for by in (H, -H):
        weights = [w.astype(np.float64) for w in values.weights]
        weights[layer][at] += by
        moved = Values(values.x, tuple(weights), values.biases)  # type: ignore[arg-type]
        sides.append(loss(network, reference_output(network, moved, batch), target))
    found, slope = float(gradients[layer][at]), (sides[0] - sides[1]) / (2 * H)
    return found, slope, abs(found - slope) / abs(found) if found else abs(slope)


DIGITS: Mapping[str, Quantity] = {
    "winner": Quantity(
        _winner,
        "computed",
        "the neuron whose score is best; [net] of a single layer, [mlp] of one with a hidden layer",
        "digit",
        0,
        1,
        "filters",
    ),
    "winner_moved": Quantity(
        _winner_moved, "computed", "with the drawing some pixels to the right", "digit", 1, 1
    ),
    "score": Quantity(_score, "computed", "of a digit, 0 … 9", "number", 1, 1),
    "argmax_contribution": Quantity(
        _argmax_contribution,
        "computed",
        "pixels within three of the one that adds most to winner, or to a neuron",
        "pixel",
        1,
        1,
        "drawing",
    ),
    "pixels_changed": Quantity(_pixels_changed, "computed", "pixels changed in this step"),
    "fooled": Quantity(_fooled, "computed", "1 where these make another neuron win, else 0"),
    "readers_differ": Quantity(
        _readers_differ, "computed", "1 where winner[net] is not winner[mlp], else 0"
    ),
    "grad": Quantity(
        lambda h, _: _checked(h)[0],
        "computed",
        "largest gradient of the layer shown",
        "number",
        0,
        1,
    ),
    "fd": Quantity(
        lambda h, _: _checked(h)[1],
        "computed",
        "the same by two losses, in float64",
        "number",
        0,
        1,
    ),
    "grad_off": Quantity(
        lambda h, _: _checked(h)[2], "computed", "how far these are apart, as a share", "error"
    ),
}
