"""What a user can do to a Session: pure functions, Session in, Session out.

They raise InputError, with the sentence to show, where the result would not be sound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmviz.core.device.device import Tile
from mmviz.core.device.formats import nearest_dtype
from mmviz.core.learning.values import make_layer, make_x
from mmviz.core.learning.weights import Weights
from mmviz.core.schedule.orders import check_order, order_for
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import (
    MAX_COUNT,
    Dense,
    Network,
    check_count,
    check_given,
    written_widths,
)
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.ordinary import MAX_TEXT, check_name
from mmviz.state.learn.drawing import Drawing
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.session import Schedule, Session, device_of
from mmviz.state.sweep.choice import MOST_BUDGET_S, SweepChoice, following, settled
from mmviz.state.sweep.points import points_for
from mmviz.text import N_, Text

EDITED = ", edited"
BATCH = Text(N_("batch"))


def set_batch(session: Session, batch: int) -> Session:
    """Another number of examples per pass."""
    if batch == session.batch:
        return session
    network = session.layered  # a list has no batch
    changed = replace(session, network=network, batch=check_count(batch, BATCH))
    return _afresh(_following(changed, session))


def set_training(session: Session, training: bool) -> Session:
    """Inference or training; the product looked at stays where it exists in both."""
    if training == session.training:
        return session
    changed = replace(session, network=session.layered, training=training)
    return _afresh(replace(changed, product=min(session.product, changed.products - 1)))


def set_dtype(session: Session, dtype: str) -> Session:
    return replace(session, dtype=check_dtype(dtype))


def set_device(session: Session, device: str) -> Session:
    """Another device; a tile, an order and figures chosen for the old one are let go.

    So is a number format that it does not have, for the nearest that it has.
    """
    found = read_device(device)
    dtype = nearest_dtype(found, session.dtype)
    changed = replace(session, device=found.id, dtype=dtype, edited=None, tile=None, order="")
    return _afresh(changed)


def set_tile(session: Session, tile: Tile | None) -> Session:
    """A fixed tile, or None for the one the model chooses."""
    if tile is not None:
        check_count(tile[0], Text(N_("tile height")))
        check_count(tile[1], Text(N_("tile width")))
    return _afresh(replace(session, tile=tile))


def as_computed(session: Session, tile: Tile) -> Session:
    """The tile in which a kernel computes; an order that cuts tiles to its own size is let go."""
    kept = session.order if session.order and not check_order(session.order).own_tile else ""
    return set_tile(replace(session, order=kept), tile)


def set_order(session: Session, order: str) -> Session:
    """Another order of handing out tiles, "" for the device's own."""
    if order:
        order_for(device_of(session), order)
    return _afresh(replace(session, order=order))


def colour_by(session: Session, what: str) -> Session:
    """Colour finished tiles by a key of COLOURINGS."""
    return replace(session, colour_by=what)


def set_schedule(session: Session, which: Schedule) -> Session:
    """The picture shows the modelled schedule, or the recorded one where there is one.

    What is picked out is a row of one of them, and is let go.
    """
    if which == session.schedule:
        return session
    return replace(session, schedule=which, selection=None)


def turn(session: Session, turned: bool) -> Session:
    """Draw W·X, weights left, or X·W; the camera turns with it."""
    if turned == session.turned:
        return session
    old = session.camera
    camera = Camera(old.left, old.top, old.width, old.height, old.slice)
    return replace(session, turned=turned, camera=camera)


def select(session: Session, selection: Selection | None) -> Session:
    """Pick out a tile, a unit or a wave; None lets go."""
    return replace(session, selection=selection)


def set_camera(session: Session, camera: Camera) -> Session:
    """Look closer, farther or elsewhere."""
    return replace(session, camera=camera)


def select_product(session: Session, product: int) -> Session:
    """Look at another product; out of range goes to the nearest."""
    chosen = min(max(product, 0), session.products - 1)
    return session if chosen == session.product else _afresh(replace(session, product=chosen))


def set_sweep(session: Session, choice: SweepChoice) -> Session:
    """Sweep something else; raises InputError for a range that makes no sense."""
    points_for(session.timed, settled(choice, session.timed))
    return replace(session, sweep=choice)


def set_budget(session: Session, budget_s: float | None) -> Session:
    """Seconds a pass may take; None for no budget."""
    if budget_s is not None and not 0 < budget_s <= MOST_BUDGET_S:
        raise InputError(
            N_("a budget is a time above 0, at most {most:seconds}"), most=MOST_BUDGET_S
        )
    return replace(session, budget_s=budget_s)


def enter(session: Session, batch: int, layer: int | None, width: int | None) -> Session:
    """The session at a point of a sweep: its batch, and its width where one was swept."""
    changed = set_batch(session, batch)
    return changed if layer is None or width is None else set_units(changed, layer, width)


def _following(session: Session, before: Session) -> Session:
    """With the sweep that follows the one there was before an edit."""
    return replace(session, sweep=following(before.sweep, before.timed, session.timed))


def set_inputs(session: Session, inputs: int) -> Session:
    return _edit(session, session.layered.with_inputs(inputs))


def set_units(session: Session, layer: int, units: int) -> Session:
    """Other units; given weights and bias do not fit them and go."""
    if units == _layer(session, layer).units:
        return session
    return _change_layer(session, layer, units=units, weights=None, bias=None)


def set_activation(session: Session, layer: int, activation: str) -> Session:
    return _change_layer(session, layer, activation=activation)


def rename_layer(session: Session, layer: int, name: str) -> Session:
    """Another name, one printable line of at most 60 characters."""
    return _change_layer(session, layer, name=check_name(name, Text(N_("the name of a layer"))))


def open_alone(session: Session) -> Session:
    """The product of a list as a network of one layer, with k inputs, n units and m examples.

    Its bias is added after the product. What is timed on a clock is such a network.
    """
    gemm = session.network.lower(session.batch, session.training)[session.product]
    if gemm.k > MAX_COUNT:
        raise InputError(
            N_("a layer has at most {most:group} inputs, and this product sums {k:group} terms"),
            most=MAX_COUNT,
            k=gemm.k,
        )
    layer = Dense(gemm.n, "linear", gemm.name)
    alone = Session(
        network=Network(f"{session.network.name}: {gemm.name}", gemm.k, (layer,)),
        batch=gemm.m,
        about=Text(N_("One product of {network}, as a layer."), network=session.network.name),
        source=session.source,
    )
    kept = (
        *("dtype", "device", "edited", "tile", "order", "colour_by", "turned"),
        *("schedule", "drawing"),
    )
    kept_so = replace(alone, **{name: getattr(session, name) for name in kept})
    return _following(kept_so, session)


def set_number(session: Session, which: int, row: int, column: int, value: float) -> Session:
    """Change one number of the drawing: in the left matrix (which 0) or in the one above (1).

    Only W of a forward product and X of the first layer are anybody's to change; every other
    number is computed. Random numbers of that matrix become given ones, with the others as they
    were. Raises InputError otherwise.
    """
    gemm = session.layered.lower(session.batch, session.training)[session.product]
    if session.turned:
        which, row, column = 1 - which, column, row
    if not math.isfinite(value) or abs(value) > 1e30:
        raise InputError(N_("a cell holds a number, finite and of at most 1e30"))
    if gemm.role != "forward" or (which == 0 and gemm.layer > 0):
        raise InputError(
            N_("this number is computed: change X of the first layer, or a W going forward")
        )
    rows, columns = (gemm.m, gemm.k) if which == 0 else (gemm.k, gemm.n)
    if not (0 <= row < rows and 0 <= column < columns):
        raise InputError(N_("the number to be changed is no longer there"))
    check_given(rows * columns)  # before so many are made
    if which == 0:
        x = _examples(session).with_number(row, column, value)
        return _edit(session, replace(session.layered, examples=x))
    layers = list(session.layered.layers)
    layer = layers[gemm.layer]
    weights, bias = layer.weights, layer.bias
    if weights is None or bias is None:
        made = make_layer(session.layered, gemm.layer)
        weights = weights or GivenMatrix.of(made[0])
        bias = bias or tuple(made[1].tolist())
    weights = weights.with_number(row, column, value)
    layers[gemm.layer] = replace(layer, weights=weights, bias=bias)
    return _with_layers(session, layers)


def set_drawing(session: Session, drawing: Drawing) -> Session:
    """Another digit, or the same further on."""
    return replace(session, drawing=drawing)


def as_taught(session: Session, batch: int) -> Session:
    """The pass of a step of learning: all of its products, with so many drawings."""
    return set_training(set_batch(session, batch), True)


def take_weights(session: Session, learnt: Weights) -> Session:
    """What the network learnt becomes its own numbers; raises InputError where they are too many,
    or those of another network.
    """
    layers = session.layered.layers
    if [w.shape for w in learnt.weights] != [
        (width, layer.units) for width, layer in zip(session.layered.widths, layers, strict=False)
    ]:
        raise InputError(N_("these are weights of another network"))
    check_given(sum(w.size for w in learnt.weights))
    pairs = zip(layers, learnt.weights, learnt.biases, strict=True)
    return _with_layers(
        session,
        [
            replace(layer, weights=GivenMatrix.of(w), bias=tuple(b.tolist()))
            for layer, w, b in pairs
        ],
    )


def _examples(session: Session) -> GivenMatrix:
    """X as given numbers, at least as many rows as the batch has; rows beyond it stay."""
    given, batch = session.layered.examples, session.batch
    if given is None:
        return GivenMatrix.of(make_x(session.layered, batch))
    if batch <= given.rows:
        return given
    return GivenMatrix.of(given.array[np.arange(batch) % given.rows])


def add_layer(session: Session) -> Session:
    """A new layer at the end, as wide as the last one, with ReLU; before it all stays as it is."""
    return insert_layer(session, len(session.layered.layers))


def insert_layer(session: Session, at: int) -> Session:
    """A new layer that becomes number `at` (from 0), as wide as what it is given, with ReLU."""
    layers = session.layered.layers
    if not 0 <= at <= len(layers):
        raise InputError(N_("the layer to be changed is no longer there"))
    names = {layer.name for layer in layers}
    number = next(
        i for i in range(len(layers) + 1, 2 * len(layers) + 3) if f"layer {i}" not in names
    )
    width = layers[at - 1].outputs if at else session.layered.inputs
    new = Dense(width, "relu", f"layer {number}")
    return _with_layers(session, (*layers[:at], new, *layers[at:]))


def remove_layer(session: Session, layer: int) -> Session:
    layers = session.layered.layers
    if len(layers) == 1:
        raise InputError(N_("a network keeps at least one layer"))
    return _with_layers(session, layers[:layer] + layers[layer + 1 :])


def move_layer(session: Session, layer: int, to: int) -> Session:
    """Take a layer out and put it in so that it becomes number `to` (from 0)."""
    layers = list(session.layered.layers)
    if not 0 <= to < len(layers) or to == layer:
        return session
    layers.insert(to, layers.pop(layer))
    return _with_layers(session, layers)


def _layer(session: Session, layer: int) -> Dense:
    """A layer by its place; raises InputError where who asks for it has seen another network."""
    layers = session.layered.layers
    if not 0 <= layer < len(layers):
        raise InputError(N_("the layer to be changed is no longer there"))
    return layers[layer]


def _change_layer(session: Session, layer: int, **changes: object) -> Session:
    changed = replace(_layer(session, layer), **changes)  # type: ignore[arg-type]  # fields by name
    layers = list(session.layered.layers)
    layers[layer] = changed
    return _with_layers(session, layers)


def _with_layers(session: Session, layers: Sequence[Dense]) -> Session:
    return _edit(session, session.layered.with_layers(layers))


def _edit(session: Session, network: Network) -> Session:
    """`network` as an edited one: it no longer bears the preset's id or its bare name.

    Nor does it bear what the preset says of itself and where that is from: it is no longer true.
    """
    if network == session.layered:
        return session
    before, name = session.layered, network.name.removesuffix(EDITED)
    edited = EDITED
    if name == _called(before):  # after its widths, which may be others now
        name = _called(network)
        edited = EDITED if name == _called(before) or network.name.endswith(EDITED) else ""
    name = name[: MAX_TEXT - len(EDITED)] + edited
    changed = replace(session, network=replace(network, name=name), preset="")
    if session.preset:
        begun = Text(N_("Begun as {name}, edited since."), name=session.network.name)
        changed = replace(changed, about=begun, source="")
    changed = replace(changed, product=min(session.product, changed.products - 1))
    return _afresh(_following(changed, session))


def _called(network: Network) -> str:
    """What a network is called that was made of its widths."""
    return written_widths((network.inputs, *(layer.units for layer in network.layers)))


def _afresh(session: Session) -> Session:
    """Nothing selected and all in view: what was looked at may be gone."""
    return replace(session, selection=None, camera=WHOLE)
