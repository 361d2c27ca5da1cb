"""What would make this computer faster, what is missing and what cannot be read, and the remedies.

`findings` is all of it, by checks that look at one thing each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mmviz.backends.registry import Entry
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words import doctor_missing, doctor_slow
from mmviz.words.finding import Examined, Finding, Kind
from mmviz.words.sensors import NAMES
from mmviz.words.timing import backend_name, machine_line

CHECKS = (
    doctor_slow.kernels,
    doctor_slow.library,
    doctor_slow.threads,
    doctor_slow.steering,
    doctor_slow.affinity,
    doctor_slow.crowd,
    doctor_slow.power,
    doctor_missing.graphics,
    doctor_missing.extras,
    doctor_missing.calibration,
    doctor_missing.window,
    doctor_missing.sensors,
)
"""All checks, in the order in which they are told."""


def findings(on: Examined) -> tuple[Finding, ...]:
    """All of it, what makes it slow first; () for a computer that is well."""
    return tuple(finding for check in CHECKS for finding in check(on))


COMMAND = "      "
WELL = N_("Nothing is missing, and nothing would make it faster.")


def has(on: Examined) -> tuple[tuple[Text, Text], ...]:
    """What this computer has, by name: processor, memory, backends, GPU and driver."""
    machine = on.health.machine
    here = tuple(_named(entry) for entry in on.entries if entry.available)
    gpus = tuple(own(gpu) for gpu in dict.fromkeys(entry.gpu for entry in on.entries) if gpu)
    read = tuple(Text(NAMES[name]) for name, why in on.health.sensors.items() if not why)
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    return (
        (Text(N_("processor")), machine_line(machine)),
        (Text(N_("memory")), Text("{size:size}", size=machine.memory)),
        (Text(N_("GPU")), joined(gpus, "items") or _none(on)),
        (Text(N_("backends")), joined(here, "items")),
        (Text(N_("sensors")), joined(read, "items") or Text(N_("none can be read"))),
        (Text(N_("system")), own(machine.system)),
        (Text(N_("versions")), own(versions)),
    )


def _named(entry: Entry) -> Text:
    """A backend with what is to be known of it: 'wgpu (software, no GPU)'."""
    name = backend_name(entry.id)
    return Text(N_("{name} ({note})"), name=name, note=entry.note) if entry.note else name


def _none(on: Examined) -> Text:
    software = any(entry.id == "wgpu" and entry.available for entry in on.entries)
    return Text(N_("none; wgpu computes in software") if software else N_("none to compute on"))


def outline(on: Examined) -> Iterator[tuple[str, Text]]:
    """All of it, line by line: what stands before each, and its text; a line that begins with
    COMMAND is a command."""
    yield "", Text(N_("This computer"))
    for name, told in has(on):
        yield "  ", Text("{name}: {told}", name=name, told=told)
    found, kind = findings(on), ""
    for finding in found:
        if finding.kind != kind:
            kind = finding.kind
            yield "", NOTHING
            yield "", title(kind)
        yield "  - ", finding.whole
        if finding.command:
            yield COMMAND, own(finding.command)
    if well(found):
        yield "", NOTHING
        yield "", Text(WELL)


def well(found: Iterable[Finding]) -> bool:
    """Whether nothing is missing nor slow: what cannot be read is neither."""
    return all(finding.kind == "unread" for finding in found)


def title(kind: Kind) -> Text:
    """What findings of a kind have in common."""
    return Text(_TITLES[kind])


_TITLES: dict[Kind, str] = {
    "slow": N_("What would make it faster"),
    "missing": N_("What is missing"),
    "unread": N_("What cannot be read here"),
}
