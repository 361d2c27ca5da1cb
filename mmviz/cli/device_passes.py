"""`mmviz devices NETWORK`: what one pass takes and costs on each device, as `mmviz plan` has it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mmviz.cli.inputs import read_workload
from mmviz.cli.table import said_table, show
from mmviz.core.device.device import Device
from mmviz.core.device.formats import nearest_dtype
from mmviz.core.memory.fit import Fit, fit, price_within
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.time.cost import PassCost
from mmviz.core.time.setup import Setup
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import memory
from mmviz.words.device import with_remedy
from mmviz.words.speech import Words
from mmviz.words.timing import mode

_HEAD = (
    N_("device"), N_("name"), N_("number format"), N_("predicted"), N_("a pass costs"),
    N_("a million examples cost"), N_("at the power limit"), "",
)  # fmt: skip
_LIST_HEAD = (*_HEAD[:4], N_("the list costs"), N_("a million times"), *_HEAD[6:])

_NOTE = N_(
    "times are modelled; costs are of the price an hour, energy is of the power limit, for as long"
)


@dataclass(frozen=True, slots=True)
class DevicePass:
    """The pass on one device; its cost is without times where it does not fit."""

    setup: Setup
    cost: PassCost
    fit: Fit

    @property
    def once(self) -> float | None:
        """What a pass costs, in the device's currency."""
        return self.cost.price(self.setup.device, 1)

    @property
    def million(self) -> float | None:
        """What a million examples cost; of a list, which has none, computing it as often."""
        found = self.cost.price(self.setup.device)
        return None if found is None else found / self.setup.batch


def passes(
    options: argparse.Namespace, devices: Sequence[Device], typed: str | None
) -> tuple[DevicePass, ...]:
    """Of the options' NETWORK on each; in the format typed, else the nearest to plan's own.

    Raises InputError.
    """
    workload, batch = read_workload(options, options.network)
    found = []
    for device in devices:
        dtype = typed or nearest_dtype(device, DEFAULT)
        setup = Setup(workload, device, batch, options.training, dtype)
        found.append(DevicePass(setup, price_within(setup), fit(setup)))
    return tuple(found)


def print_passes(found: Sequence[DevicePass], words: Words) -> None:
    """A line of what is priced, then one a device."""
    setup = found[0].setup
    print(words(Text("{said}:", said=_of(setup))))
    head = _HEAD if setup.workload.has_batch else _LIST_HEAD
    rows = [tuple(map(Text, head)), *map(_row, found)]
    show(said_table(rows, words, left=(0, 1, 2), keys=2))
    print(words(Text(_NOTE)))


def pass_json(found: DevicePass) -> dict[str, Any]:
    """The key `pass` of a device, with the names of `mmviz plan --json`."""
    setup, cost, has_batch = found.setup, found.cost, found.setup.workload.has_batch
    return {
        "network": setup.workload.name,
        "batch": setup.batch if has_batch else None,
        "training": setup.training,
        "dtype": setup.dtype,
        "source": cost.provenance.kind,
        "predicted_s": cost.predicted_s,
        "error": cost.error,
        "fits": found.fit.fits,
        "price_per_pass": found.once,
        "price_per_million": cost.price(setup.device),
        "price_per_million_examples": found.million if has_batch else None,
        "energy_at_power_limit_j": cost.energy(setup.device),
    }


def _of(setup: Setup) -> Text:
    """'AlexNet, batch 128, inference'."""
    if not setup.workload.has_batch:
        return Text(N_("{name}, a list of products"), name=setup.workload.name)
    said = N_("{name}, batch {batch:group}, {mode}")
    return Text(
        said,
        name=setup.workload.name,
        batch=setup.batch,
        mode=mode(setup.training),
    )


def _row(found: DevicePass) -> tuple[Text, ...]:
    cost, device = found.cost, found.setup.device
    joules = cost.energy(device)
    return (
        own(device.id),
        own(device.name),
        own(found.setup.dtype),
        NOTHING
        if cost.predicted_s is None
        else Text("{time:seconds}{error:beside}", time=cost.predicted_s, error=cost.error),
        _money(found.once, device),
        _money(found.million, device),
        NOTHING if joules is None else Text("{energy:joules}", energy=joules),
        _why(found),
    )


def _money(value: float | None, device: Device) -> Text:
    if value is None:
        return NOTHING
    return Text("{value:sig} {currency}", value=value, currency=device.currency)


def _why(found: DevicePass) -> Text:
    """Why there is no time; NOTHING where there is one."""
    if lacks := memory.lacking(found.fit):
        return lacks
    if found.cost.predicted_s is not None:
        return NOTHING
    why = with_remedy(found.cost.basis, found.setup.device)
    return joined((Text(N_("no data")), why), "commas")
