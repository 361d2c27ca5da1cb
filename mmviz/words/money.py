"""What a pass costs: its predicted time by the device's price an hour, and its energy at most."""

from __future__ import annotations

from mmviz.core.device.device import Device
from mmviz.core.time.cost import PassCost
from mmviz.text import N_, NOTHING, Text

MILLION = 1_000_000


def price(cost: PassCost, device: Device, batch: int | None) -> Text:
    """What a pass and a million examples cost; batch None: of a list, which has neither.

    NOTHING where no price or no time is known.
    """
    once = cost.price(device, 1)
    if once is None:
        return NOTHING
    said = N_(
        "A pass costs {once:sig} {currency}, a million examples {million:sig}, at {hour:sig} an "
        "hour."
    )
    if batch is None:
        said = N_("The list costs {once:sig} {currency}, a million times {million:sig}.")
    million = cost.price(device, MILLION) or 0.0
    return Text(
        said,
        once=once,
        million=million / (batch or 1),
        currency=device.currency,
        hour=device.price_hour,
    )


def energy(cost: PassCost, device: Device) -> Text:
    """What a pass would take from the socket if the device drew its limit all the time."""
    joules = cost.energy(device)
    if joules is None:
        return NOTHING
    said = N_("At its power limit of {watt:group} W a pass takes {energy:joules}.")
    return Text(said, watt=round(device.power_limit or 0), energy=joules)
