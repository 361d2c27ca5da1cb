"""`mmviz presets` and `mmviz devices`: what there is."""

from __future__ import annotations

import argparse
from typing import Any

from mmviz import units
from mmviz.cli.complain import complain
from mmviz.cli.device_passes import pass_json, passes, print_passes
from mmviz.cli.parser import Commands, Parser
from mmviz.cli.table import said_list, show
from mmviz.core.device.body import Cpu, Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.device.figures import figure_of, figures_of, peak_name
from mmviz.core.device.formats import nearest_dtype
from mmviz.core.shapes.dtype import DEFAULT, check_dtype
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import devices, networks
from mmviz.files.exports import as_json
from mmviz.files.networks import NetworkFile
from mmviz.state.network.presets import LEVELS, size_of
from mmviz.text import N_, NOTHING, Text, joined, own, shipped
from mmviz.words.speech import Words

DTYPE = "float16"  # whose peak is shown


def add_parser(commands: Commands) -> None:
    """Add both commands."""
    for name, text, run in (
        ("presets", N_("list the networks that come with mmviz"), _presets),
        ("devices", N_("list the modelled devices"), _devices),
    ):
        parser = commands.add_parser(name, help=text)
        parser.add_argument("--json", action="store_true", help=N_("as JSON, ids first"))
        parser.set_defaults(run=run)
        if run is _devices:
            _add_pass(parser)


def _add_pass(parser: Parser) -> None:
    """What is asked of each device: a peak, or the pass of a network."""
    parser.add_argument(
        "network",
        metavar=N_("NETWORK"),
        nargs="?",
        help=N_("say instead what a pass of it takes and costs on each device"),
    )
    parser.add_argument(
        "--batch", metavar="B", help=N_("examples per pass (default: the preset's)")
    )
    parser.add_argument(
        "--training",
        action="store_true",
        help=N_("forward, backward and update instead of forward"),
    )
    parser.add_argument(
        "--dtype",
        metavar=N_("DTYPE"),
        help=Text(
            N_(
                "of the peak, dense (not of sparse matrices), default {dtype}, or of the pass, "
                "default {usual}; without it, what of a device is nearest"
            ),
            dtype=DTYPE,
            usual=DEFAULT,
        ),
    )


def _presets(options: argparse.Namespace) -> int:
    words: Words = options.words
    files = [networks.read_preset(preset) for preset in networks.preset_ids()]
    if options.json:
        print(as_json([_preset_json(file) for file in files], indent=2))
    else:
        show(said_list([_preset_row(file) for file in files], words))
    return 0


def _devices(options: argparse.Namespace) -> int:
    words: Words = options.words
    typed = None if options.dtype is None else check_dtype(options.dtype)
    if options.network is None and (options.batch is not None or options.training):
        raise InputError(N_("--batch and --training are of a pass: name its NETWORK"))
    own = devices.read_own()
    found = [*map(devices.read_device, devices.device_ids()), *own.devices]
    for problem in own.problems:
        complain(words, problem)
    priced = () if options.network is None else passes(options, found, typed)
    if options.json:
        told = [_device_json(device) for device in found]
        for device, one in zip(told, priced):  # noqa: B905  # none where no network is named
            device["pass"] = pass_json(one)
        print(as_json(told, indent=2))
    elif priced:
        print_passes(priced, words)
    else:
        show(said_list([_device_row(device, typed) for device in found], words))
    return 0


def _preset_json(file: NetworkFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.network.name,
        "level": file.level or "list",
        "about": file.about,
        "source": file.source,
        "batch": file.batch or 1,
        **_shapes(file.network),
        "budget_ms": None if file.budget_s is None else file.budget_s * 1e3,
    }


def _shapes(workload: Workload) -> dict[str, Any]:
    """The layers of a network; the products of a list, which has no layers and no inputs."""
    network = workload.layered
    if network is None:
        products = [
            {
                "name": x.name,
                "m": x.m,
                "n": x.n,
                "k": x.k,
                "batch": x.stack,
                "count": x.count,
                "group": x.group or None,
            }
            for x in workload.lower()
        ]
        return {"inputs": None, "layers": [], "products": products}
    layers = [
        {"name": layer.name, "units": layer.units, "activation": layer.activation}
        for layer in network.layers
    ]
    return {"inputs": network.inputs, "layers": layers}


def _preset_row(file: NetworkFile) -> tuple[str | Text, ...]:
    """Id, widths and weights, batch, level, about."""
    level = Text(LEVELS[file.level])
    return file.id, size_of(file.network), _batch(file), level, shipped(file.about)


def _device_row(device: Device, typed: str | None) -> tuple[str | Text, ...]:
    """Id, name, units, peak, bandwidth, memory, what an hour costs, calibrations, about.

    typed: the format of the peak, None: the nearest to DTYPE. What nobody asks of lanes, and a
    price nobody published, is left empty.
    """
    calibrated = joined((_calibrated(device), device.remedy), "semicolons")
    return (
        device.id,
        device.name,
        device.noun.counts(device.units),
        _peaks(device, typed),
        _figure(device, "bandwidth"),
        *(_of_its_own(device, name) for name in ("memory", "power limit", "price per hour")),
        joined((calibrated, shipped(device.about)), "semicolons"),
    )


def _peaks(device: Device, typed: str | None) -> Text:
    """'float16 no data, bfloat16 197 TFLOP/s': in place of a typed one that it has not, another."""
    nearest = nearest_dtype(device, typed or DTYPE)
    shown = dict.fromkeys((typed or nearest, nearest))
    return joined(
        [joined((own(x), _figure(device, peak_name(x))), "words") for x in shown], "commas"
    )


def _calibrated(device: Device) -> Text:
    """In which dtypes it has constants of its own, and in which another's."""
    own = ", ".join(found.dtype for found in device.calibrations if found.own)
    lent = ", ".join(found.dtype for found in device.calibrations if not found.own)
    fitted = isinstance(device.body, Gpu) and device.peaks
    without = Text(N_("datasheet only") if fitted and not lent else N_("not calibrated"))
    if isinstance(device.body, Cpu) and device.peaks:
        without = Text(N_("calibrated, but too disturbed to predict"))
    parts = (
        Text(N_("calibrated in {dtypes}"), dtypes=own) if own else without,
        Text(N_("lent constants in {dtypes}"), dtypes=lent) if lent else NOTHING,
    )
    return joined(parts, "commas")


def _figure(device: Device, name: str) -> Text:
    """A published figure with all its digits."""
    figure = figure_of(device, name)
    shown = None if figure is None else units.figure(figure.value, figure.unit)
    return Text("{figure}", figure=shown)


def _of_its_own(device: Device, name: str) -> Text:
    """A figure that not every device has; NOTHING where it has none."""
    if figure_of(device, name) is None:
        return NOTHING
    shown = _figure(device, name)
    return Text(N_("{figure}/h"), figure=shown) if name == "price per hour" else shown


def _device_json(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "units": device.units,
        "about": str(device.about),
        "source": device.source,
        "bandwidth_bytes_per_s": device.bandwidth,
        "peak_flop_per_s": dict(device.peaks),
        "resident": [{"cells": cells, "tiles": tiles} for cells, tiles in device.resident],
        "launch_s": device.launch_s,
        "memory_bytes": device.memory,
        "power_limit_w": device.power_limit,
        "price_hour": device.price_hour,
        "currency": device.currency,
        "figures": [
            {
                "name": figure.name,
                "value": figure.value,
                "unit": figure.unit,
                "status": figure.status,
                "source": figure.source,
            }
            for figure in figures_of(device)
        ],
        "calibrations": [_calibration_json(found) for found in device.calibrations],
    }


def _calibration_json(calibration: Calibration) -> dict[str, Any]:
    return {
        "dtype": calibration.dtype,
        "constants": dict(calibration.constants),
        "rows": calibration.rows,
        "held_out": calibration.held_out,
        "error": calibration.error,
        "error_over_50us": calibration.error_long,
        "error_up_to_50us": calibration.error_short,
        "source": "; ".join(filter(None, (calibration.source, calibration.remark))),
        "own": calibration.own,
    }


def _batch(file: NetworkFile) -> Text:
    if not file.network.has_batch:
        return NOTHING
    return Text(N_("batch {batch}"), batch=file.batch or 1)
