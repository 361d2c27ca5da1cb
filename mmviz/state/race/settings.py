"""In which settings the two sides of a race differ, every one of them, and which both share."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.network import Network
from mmviz.state.device.views import device_view
from mmviz.state.session import Session
from mmviz.text import NOTHING, Text, own
from mmviz.words import race as words
from mmviz.words.device import name as device_name
from mmviz.words.names import spoken
from mmviz.words.products import layer_name


@dataclass(frozen=True, slots=True)
class Racer:
    """What is set on one side, and the device it runs on."""

    session: Session
    device: Device


def differing(one: Racer, other: Racer) -> tuple[Text, ...]:
    """What is set on `one` and otherwise on `other`: 'batch 96', 'tile 64 × 64'."""
    return tuple(mine for mine, theirs in _settings(one, other) if mine != theirs)


def shared(one: Racer, other: Racer) -> tuple[Text, ...]:
    """What is set alike on both, and is worth naming."""
    alike = (mine for mine, theirs in _settings(one, other) if mine == theirs)
    return tuple(text for text in alike if text)


def _settings(one: Racer, other: Racer) -> tuple[tuple[Text, Text], ...]:
    """Every setting as both have it, the weightiest first; in the same words where it is alike."""
    rows = ((one, other), (other, one))
    mine, theirs = (
        (
            _network(racer.session, beside.session),
            _device(racer, beside),
            _batch(racer.session),
            own(racer.session.dtype),
            words.mode(training=racer.session.training) if _trains(one, other) else NOTHING,
            words.tile_setting(racer.session.tile) if _tiled(one, other) else NOTHING,
            words.order_setting(_order(racer)),
        )
        for racer, beside in rows
    )
    return tuple(zip(mine, theirs, strict=True))


def _device(racer: Racer, beside: Racer) -> Text:
    """Without its maker: there is little room."""
    named, other = (device_view("", one.device).names[-1] for one in (racer, beside))
    if racer.device == beside.device:
        return device_name(racer.device)
    if named != other:
        return named
    return words.edited(named) if racer.session.edited is not None else named


def _network(session: Session, beside: Session) -> Text:
    """Its name; where both are called alike, the widths that are others."""
    network, other = session.network, beside.network
    named = spoken(network.name)
    if network == other or network.name != other.name:
        return named
    mine, theirs = network.layered, other.layered
    if mine is None or theirs is None or len(mine.layers) != len(theirs.layers):
        return words.layers(len(mine.layers)) if mine is not None else named
    return words.widths(named, _widths(mine, theirs))


def _widths(mine: Network, theirs: Network) -> tuple[Text, ...]:
    found = [
        words.width(layer_name(mine.layers, i), layer.units)
        for i, (layer, other) in enumerate(zip(mine.layers, theirs.layers, strict=True))
        if layer.units != other.units
    ]
    if mine.inputs != theirs.inputs:
        found.insert(0, words.inputs(mine.inputs))
    return tuple(found)


def _batch(session: Session) -> Text:
    return words.batch(session.batch) if session.network.has_batch else NOTHING


def _trains(one: Racer, other: Racer) -> bool:
    return one.session.training or other.session.training


def _tiled(one: Racer, other: Racer) -> bool:
    """Whether a tile can be chosen on either side, or was."""
    return any(
        racer.device.body.takes_tiles or racer.session.tile is not None for racer in (one, other)
    )


def _order(racer: Racer) -> str:
    return order_for(racer.device, racer.session.order or None).id
