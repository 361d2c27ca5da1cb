"""What this computer lacks, and what of it nobody can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mmviz.backends.registry import Entry
from mmviz.files.this_machine import UNCALIBRATED
from mmviz.text import N_, NOTHING, Text
from mmviz.words.finding import Examined, Finding
from mmviz.words.sensors import NAMES
from mmviz.words.timing import missing

_CALIBRATE = "mmviz calibrate"
_EXTRAS = {
    "cupy": 'pip install "mmviz[cuda12]"',
    "torch": 'pip install "mmviz[torch]"',
    "onnxruntime": 'pip install "mmviz[onnxruntime]"',
}


def graphics(on: Examined) -> Iterator[Finding]:
    """No GPU can be computed on, or only what plays one in software."""
    if any(entry.gpu for entry in on.entries):
        return
    entry = next((entry for entry in on.entries if entry.id == "wgpu"), None)
    if entry is None:
        return
    cards = on.health.cards
    makers = [card.maker for card in cards or () if card.maker]
    if entry.available:
        said = Text(N_("no GPU is found to compute on: wgpu computes in software"))
        if makers:
            said = Text(
                N_(
                    "there is a graphics card, but no driver to compute on it: wgpu computes in "
                    "software"
                )
            )
    else:
        said = missing(replace(entry, remedy=NOTHING))
    if cards is not None and not makers:
        remedy = Text(N_("no graphics card is on this computer's bus: nothing can be installed"))
        if not entry.available:
            remedy = entry.remedy
        yield Finding("graphics", "missing", said, remedy, _mesa(on, entry))
        return
    yield Finding(
        "graphics",
        "missing",
        said,
        Text(N_("install the driver of the graphics card")),
        _driver(on, makers),
    )


def _mesa(on: Examined, entry: Entry) -> str:
    """What makes wgpu run in software, where it runs not at all."""
    vulkan = not entry.available and "apt-get" in on.health.tools
    return "sudo apt-get install -y mesa-vulkan-drivers" if vulkan else ""


def _driver(on: Examined, makers: list[str]) -> str:
    tools = on.health.tools
    if "nvidia" in makers:
        if "ubuntu-drivers" in tools:
            return "sudo ubuntu-drivers install"
        return "sudo apt-get install -y nvidia-driver" if "apt-get" in tools else ""
    return "sudo apt-get install -y mesa-vulkan-drivers" if "apt-get" in tools else ""


def extras(on: Examined) -> Iterator[Finding]:
    """Further backends that could be here: CuPy where there may be a card for it."""
    cards = on.health.cards
    nvidia = cards is None or any(card.maker == "nvidia" for card in cards)
    for entry in on.entries:
        if entry.available or entry.id not in _EXTRAS:
            continue
        absent = entry.id in on.health.absent
        if entry.id == "cupy" and (not nvidia or on.health.system == "darwin"):
            continue
        yield Finding(
            entry.id,
            "missing",
            entry.reason,
            NOTHING if absent else entry.remedy,
            _EXTRAS[entry.id] if absent else "",
        )


def calibration(on: Examined) -> Iterator[Finding]:
    """What it can do at the most was never measured, or under other conditions."""
    if not on.uncalibrated:
        return
    said = N_("this computer is not calibrated: what it can do at the most is not known")
    why, remedy = Text(said), Text(N_("measure it, in some seconds"))
    if on.uncalibrated != UNCALIBRATED:  # which says what to do itself
        why, remedy = on.uncalibrated, NOTHING
    yield Finding("calibration", "missing", why, remedy, _CALIBRATE)


def window(on: Examined) -> Iterator[Finding]:
    """No window can open: the reason has its remedy within."""
    if on.window:
        yield Finding("window", "missing", on.window)


def sensors(on: Examined) -> Iterator[Finding]:
    """What is not told, by its reason; with the command that allows it, where one does."""
    reasons: dict[Text, list[Text]] = {}
    for name, why in on.health.sensors.items():
        if why:
            reasons.setdefault(why, []).append(Text(NAMES[name]))
    for why, names in reasons.items():
        command = dict(why.values).get("command", "")
        said = Text("{names:items}: {why}", names=tuple(names), why=why)
        yield Finding("sensors", "unread", said, NOTHING, command)
