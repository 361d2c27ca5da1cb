"""What fills an empty panel: each is one button, and whoever shows it knows not who does it.

A panel with nothing to show has in its view the sentence why, and the offers that end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.core.device.device import Device
from mmviz.core.time.model import Unknown, model_of
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, Text

Does = Literal[
    "alone",
    "calibrate",
    "cancel",
    "device",
    "digits",
    "digits-hidden",
    "format",
    "open-recording",
    "record",
    "run",
    "teach",
]


@dataclass(frozen=True, slots=True)
class Offer:
    """A button. does: what, for the window that carries it out; text, tip: what it says."""

    does: Does
    text: Text
    tip: Text


CALIBRATE = Offer(
    "calibrate",
    Text(N_("Calibrate (≤ 10 s) …")),
    Text(N_("Calibrate this machine, at most 10 seconds")),
)
AGAIN = Offer(
    "calibrate",
    Text(N_("Calibrate again")),
    Text(N_("Calibrate this machine again, at most 10 seconds")),
)
CANCEL = Offer("cancel", Text(N_("Cancel")), Text(N_("Cancel the calibration")))
DEVICE = Offer(
    "device",
    Text(N_("Choose a GPU …")),
    Text(N_("Devices whose times are modelled: nothing has to be measured")),
)
FORMAT = Offer(
    "format",
    Text(N_("Choose a number format …")),
    Text(N_("This device has known times in other formats")),
)
RUN = Offer(
    "run", Text(N_("▶ Run")), Text(N_("Time this network on this computer; nothing else waits"))
)
ALONE = Offer(
    "alone",
    Text(N_("Open this product alone")),
    Text(N_("The product looked at as a network of its own, which has a batch and can be timed")),
)
TEACH = Offer("teach", Text(N_("▶ Teach")), Text(N_("Teach this network to tell digits")))
RECORD = Offer(
    "record",
    Text(N_("● Record")),
    Text(N_("Compute this pass in tiles on this computer's cores, and stamp each of them")),
)
OPEN_RECORDING = Offer(
    "open-recording", Text(N_("Open …")), Text(N_("A recording from a file: NPZ or Chrome trace"))
)
LEARNERS = (
    Offer("digits", Text(N_("Digits, one layer")), Text(N_("784-10, which learns at once"))),
    Offer("digits-hidden", Text(N_("784-128-10")), Text(N_("With a hidden layer"))),
)
"""Networks that can be taught to tell digits, by the ids of their presets."""


def time_offers(device: Device, dtype: str) -> tuple[Offer, ...]:
    """What would bring predicted times, the nearest first; () where there are some."""
    model = model_of(device, dtype)
    if not isinstance(model, Unknown):
        return ()
    calibrate = (CALIBRATE,) if model.calibrate and device.id == THIS_MACHINE else ()
    # Where there is a peak in another format, the device is as good as any.
    other = (FORMAT,) if device.peaks and device.peak(dtype) is None else ()
    return (*calibrate, *other, DEVICE)
