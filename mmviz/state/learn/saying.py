"""What is said of a drawing that a network tells: who wins, what became of it, why it is lost."""

from __future__ import annotations

import numpy as np

from mmviz.state.learn.drawing import Drawing
from mmviz.state.learn.knowing import Knowing, Told, added
from mmviz.text import NOTHING, Text, joined
from mmviz.words import digit as words


def verdict(knowing: Knowing, told: Told, drawing: Drawing) -> Text:
    """Who wins, by how much; what a picked one truly is."""
    if not np.isfinite(told.scores).all():
        return words.NO_NUMBERS
    if told.winner is None:
        if knowing.taught:
            return words.NO_WINNER
        zero = not any(w.any() for w in knowing.weights.weights)
        return words.UNTAUGHT_ZERO if zero else words.UNTAUGHT_EMPTY
    score = float(told.scores[told.winner])
    won = words.won(told.winner, score, told.second, told.ahead, told.share(told.winner))
    empty = words.EMPTY if told.placed.empty else NOTHING
    true = NOTHING if drawing.label is None else words.truly(drawing.label, told.winner)
    untaught = NOTHING if knowing.taught else words.UNTAUGHT
    return joined((untaught, empty, true, won))


def recipe(told: Told) -> Text:
    """What became of the ink; NOTHING where there is none or it was in its place already."""
    return NOTHING if told.placed.crop is None else words.recipe(told.placed.crop)


def change(knowing: Knowing, told: Told, drawing: Drawing, before: Told) -> Text:
    """What was moved and changed, and of a single layer what that did to who won `before`."""
    changed = words.changed(drawing.moved, len(drawing.flipped))
    if not changed or not knowing.single or before.winner is None:
        return changed
    neuron = before.winner
    then = added(knowing, told.placed.still, neuron)
    now = added(knowing, told.placed.image, neuron)
    return joined((changed, words.why_lost(neuron, then, now)))
