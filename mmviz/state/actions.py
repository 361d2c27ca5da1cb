"""What a user can do to a Session: pure functions, Session in, Session out.

They raise InputError, with the sentence to show, where the result would not be sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mmviz.core.dtype import check_dtype
from mmviz.core.network import Dense, Network, check_count
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.state.session import Session

EDITED = ", edited"


def set_batch(session: Session, batch: int) -> Session:
    """Another number of examples per pass."""
    return replace(session, batch=check_count(batch, "batch"))


def set_training(session: Session, training: bool) -> Session:
    """Inference or training; the product looked at stays where it exists in both."""
    changed = replace(session, training=training)
    return replace(changed, product=min(session.product, changed.products - 1))


def set_dtype(session: Session, dtype: str) -> Session:
    return replace(session, dtype=check_dtype(dtype))


def set_device(session: Session, device: str) -> Session:
    """Another device; a tile fixed for the old one is let go."""
    return replace(session, device=read_device(device).id, tile=None)


def select_product(session: Session, product: int) -> Session:
    """Look at another product; out of range goes to the nearest."""
    return replace(session, product=min(max(product, 0), session.products - 1))


def set_inputs(session: Session, inputs: int) -> Session:
    return _edit(session, session.network.with_inputs(inputs))


def set_units(session: Session, layer: int, units: int) -> Session:
    """Other units; given weights and bias do not fit them and go."""
    if units == session.network.layers[layer].units:
        return session
    return _change_layer(session, layer, units=units, weights=None, bias=None)


def set_activation(session: Session, layer: int, activation: str) -> Session:
    return _change_layer(session, layer, activation=activation)


def rename_layer(session: Session, layer: int, name: str) -> Session:
    """Another name, one printable line of at most 60 characters."""
    name = name.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise InputError("the name of a layer is one line of 1 to 60 printable characters")
    return _change_layer(session, layer, name=name)


def add_layer(session: Session) -> Session:
    """A new layer at the end, as wide as the last one, with ReLU before it stays as it is."""
    layers = session.network.layers
    names = {layer.name for layer in layers}
    number = next(
        i for i in range(len(layers) + 1, 2 * len(layers) + 3) if f"layer {i}" not in names
    )
    new = Dense(layers[-1].outputs, "relu", f"layer {number}")
    return _with_layers(session, (*layers, new))


def remove_layer(session: Session, layer: int) -> Session:
    layers = session.network.layers
    if len(layers) == 1:
        raise InputError("a network keeps at least one layer")
    return _with_layers(session, layers[:layer] + layers[layer + 1 :])


def move_layer(session: Session, layer: int, to: int) -> Session:
    """Take a layer out and put it in so that it becomes number `to` (from 0)."""
    layers = list(session.network.layers)
    if not 0 <= to < len(layers) or to == layer:
        return session
    layers.insert(to, layers.pop(layer))
    return _with_layers(session, layers)


def _change_layer(session: Session, layer: int, **changes: object) -> Session:
    layers = list(session.network.layers)
    layers[layer] = replace(layers[layer], **changes)  # type: ignore[arg-type]  # fields by name
    return _with_layers(session, layers)


def _with_layers(session: Session, layers: Sequence[Dense]) -> Session:
    return _edit(session, session.network.with_layers(layers))


def _edit(session: Session, network: Network) -> Session:
    """`network` as an edited one: it no longer bears the preset's id or its bare name."""
    if network == session.network:
        return session
    name = network.name if network.name.endswith(EDITED) else network.name + EDITED
    changed = replace(session, network=replace(network, name=name), preset="")
    return replace(changed, product=min(session.product, changed.products - 1))
