"""What the computer's sensors told of a run, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmviz.bench.results import Run
from mmviz.bench.sensed import FIGURES, Sensed
from mmviz.bench.sensors_gpu import HOST_ALONE, NO_GPU
from mmviz.text import N_, NO_DATA, NOTHING, Text, joined
from mmviz.words.earlier import who

NAMES: dict[str, str] = {
    "gpu_clock_mhz": N_("clock of the GPU"),
    "gpu_clock_default_mhz": N_("usual clock of the GPU"),
    "gpu_power_w": N_("power of the GPU"),
    "gpu_temperature_c": N_("temperature of the GPU"),
    "gpu_memory_bytes": N_("used memory of the GPU"),
    "cpu_clock_mhz": N_("clock of the processor"),
    "cpu_temperature_c": N_("temperature of the processor"),
    "cpu_power_w": N_("power of the processor"),
    "energy_cpu_j": N_("energy of the processor"),
    "energy_gpu_j": N_("energy of the GPU"),
    "host_peak_bytes": N_("memory of the computer"),
    "device_peak_bytes": N_("memory of the device"),
}
"""What each of `Sensed`'s figures is, by its name."""


def energy(run: Run) -> Text:
    """Of one pass: '1.31 mJ', '1.31 mJ (the GPU alone)'; 'no data' where nothing tells it."""
    joules, part = run.energy_j, energy_part(run)
    if joules is None:
        return Text(NO_DATA)
    said = Text("{joules:joules}", joules=joules)
    return Text(N_("{said} ({part})"), said=said, part=part) if part else said


def energy_by(sensed: Sensed | None) -> Text:
    """Whose energy it is that was sensed; or why none was."""
    if sensed is None:
        return Text(N_("the sensors were not read"))
    known = sensed.energy_cpu_j is not None, sensed.energy_gpu_j is not None
    on_gpu = str(sensed.missing.get("energy_gpu_j", NOTHING)) != NO_GPU
    if known == (True, True):
        said = N_("by the whole processor and the whole GPU, what they draw idle included")
    elif known == (True, False):
        said = N_("by the whole processor, what it draws idle included")
        if on_gpu:
            said = N_("by the whole processor, what it draws idle included; the GPU tells none")
    elif known == (False, True):
        said = N_("by the whole GPU, what it draws idle included; the processor tells none")
    else:
        return joined(tuple(_reasons(sensed, ("energy_cpu_j", "energy_gpu_j"))), "semicolons")
    return Text(said)


def energy_part(run: Run) -> Text:
    """Whose energy alone it is, where a GPU computed and not both were told; else NOTHING."""
    sensed = run.sensed
    if sensed is None or run.energy_j is None or sensed.missing.get("energy_gpu_j") == Text(NO_GPU):
        return NOTHING
    if sensed.energy_gpu_j is None:
        return Text(N_("the processor alone"))
    return Text(N_("the GPU alone")) if sensed.energy_cpu_j is None else NOTHING


def lines(run: Run) -> tuple[Text, ...]:
    """All that was sensed, a line for the GPU, energy, the processor and memory each, as far as it
    is known; () where nothing is.
    """
    if run.sensed is None:
        return ()
    sensed = run.sensed
    made = (_card(sensed), _energy(sensed), _processor(sensed), _memory(sensed))
    return tuple(line for line in made if line)


def told(runs: Sequence[Run]) -> tuple[Text, ...]:
    """The lines of each run, whose they are where there are several, and one of what nobody can
    read and why.
    """
    several = len({run.batch for run in runs}) > 1
    found = []
    for run in runs:
        name = who(run.backend, run.batch, several=several)
        for line in lines(run):
            alone = len(runs) == 1
            found.append(line if alone else Text("{name} · {line}", name=name, line=line))
    absent = dict.fromkeys(reason for run in runs for reason in untold(run))
    if absent:
        found.append(Text(N_("not read: {reasons:semicolons}"), reasons=tuple(absent)))
    return tuple(found)


def untold(run: Run) -> tuple[Text, ...]:
    """Why what could be known is not: 'energy of the processor: only root may read it; …'. What is
    missing for the same reason stands in one line; of a device that is not there nothing is said.
    """
    return () if run.sensed is None else tuple(_reasons(run.sensed, FIGURES))


def _reasons(sensed: Sensed, names: tuple[str, ...]) -> Iterator[Text]:
    by_reason: dict[Text, list[Text]] = {}
    for name in names:
        why = sensed.missing.get(name)
        if why is not None and why not in (Text(NO_GPU), Text(HOST_ALONE)):
            by_reason.setdefault(why, []).append(Text(NAMES[name]))
    for why, missing in by_reason.items():
        yield Text("{missing:items}: {why}", missing=tuple(missing), why=why)


def _processor(sensed: Sensed) -> Text:
    parts = _parts(
        (N_("{x:sig} MHz"), sensed.cpu_clock_mhz),
        (N_("{x:sig} W"), sensed.cpu_power_w),
        (N_("{x:sig2} °C"), sensed.cpu_temperature_c),
    )
    return Text(N_("processor: {parts:commas}"), parts=parts) if parts else NOTHING


def _card(sensed: Sensed) -> Text:
    clock = Text(N_("{x:sig} MHz"), x=sensed.gpu_clock_mhz)
    if sensed.gpu_clock_default_mhz is not None:
        usual = N_("{x:sig} MHz, usually {usual:sig} MHz")
        clock = Text(usual, x=sensed.gpu_clock_mhz, usual=sensed.gpu_clock_default_mhz)
    parts = (
        *((clock,) if sensed.gpu_clock_mhz is not None else ()),
        *_parts(
            (N_("{x:sig} W"), sensed.gpu_power_w),
            (N_("{x:sig2} °C"), sensed.gpu_temperature_c),
            (N_("{x:size} of its memory in use"), sensed.gpu_memory_bytes),
        ),
    )
    if not parts:
        return NOTHING
    said = Text(N_("GPU: {parts:commas}"), parts=parts)
    if sensed.throttle is None:
        return said
    if not sensed.throttle:
        return Text(N_("{said}, not slowed down"), said=said)
    slowed = tuple(Text(reason) for reason in sensed.throttle)
    return Text(N_("{said}; slowed down by: {slowed:items}"), said=said, slowed=slowed)


def _energy(sensed: Sensed) -> Text:
    parts = _parts(
        (N_("{x:joules} processor"), sensed.energy_cpu_j),
        (N_("{x:joules} GPU"), sensed.energy_gpu_j),
    )
    said = N_("energy of a pass: {parts:commas}, idle included")
    return Text(said, parts=parts) if parts else NOTHING


def _memory(sensed: Sensed) -> Text:
    parts = _parts(
        (N_("up to {x:size} more"), sensed.host_peak_bytes),
        (N_("{x:size} in its device's buffers"), sensed.device_peak_bytes),
    )
    return Text(N_("memory: {parts:commas}"), parts=parts) if parts else NOTHING


def _parts(*figures: tuple[str, float | None]) -> tuple[Text, ...]:
    return tuple(Text(said, x=value) for said, value in figures if value is not None)
