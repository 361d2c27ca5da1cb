"""A network as a person types it: widths or MxNxK, and after them options of the command line."""

from __future__ import annotations

import re
from dataclasses import replace

from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.files.devices import device_ids
from mmviz.files.networks import NetworkFile, is_shape, of_shape, of_widths
from mmviz.numerals import whole
from mmviz.text import N_, Text

_OPTION = re.compile(r"[\s,;]+(?:--)?(batch|device|dtype)(?:\s*=\s*|\s+)([^\s,;=]+)", re.IGNORECASE)


def of_typed(text: str) -> NetworkFile:
    """What '4096-11008-4096 --batch 96 --device rtx4090 --dtype float16' means, with or without
    dashes before the names; batch None, device and dtype "" where they are not named. Raises
    InputError.
    """
    named = {name.lower(): value for name, value in _OPTION.findall(text)}
    shown = _OPTION.sub("", text)
    file = of_shape(shown) if is_shape(shown) else of_widths(shown)
    if "batch" in named and not file.network.has_batch:
        raise InputError(N_("the product {name} has no batch"), name=file.network.name)
    if "batch" in named:
        file = replace(file, batch=whole(named["batch"], Text(N_("batch")), MAX_COUNT))
    if "device" in named:
        file = replace(file, device=_device(named["device"]))
    if "dtype" in named:
        file = replace(file, dtype=check_dtype(named["dtype"].lower()))
    return file


def _device(text: str) -> str:
    device = text.lower()
    if device not in device_ids():
        raise InputError(
            N_("unknown device {device!r:.60}; known are {known}"),
            device=text,
            known=", ".join(device_ids()),
        )
    return device
