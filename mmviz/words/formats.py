"""Number formats by their names, and what they cost in digits."""

from __future__ import annotations

from mmviz.core.device.device import Device
from mmviz.core.learning.deviation import Deviation
from mmviz.core.shapes.dtype import DTYPES
from mmviz.text import N_, P_, Text, own

_NAMES = {
    "float8": N_("float8 (E4M3)"),
    "nvfp4": N_("nvfp4 (4 bit, a scale per 16)"),
}


def format_name(dtype: str) -> Text:
    """'nvfp4 (4 bit, a scale per 16)'; of most the id."""
    return Text(_NAMES[dtype]) if dtype in _NAMES else own(dtype)


NAMES: tuple[tuple[Text, str], ...] = tuple((format_name(dtype), dtype) for dtype in DTYPES)
"""All there are, to be chosen from: name and id."""


def in_stead(device: Device, dtype: str, found: str) -> Text:
    """'TPU v1 has no bfloat16: its times are in int8'."""
    said = N_("{device} has no {dtype}: its times are in {found}")
    return Text(said, device=own(device.name), dtype=dtype, found=found)


def deviates(found: Deviation) -> Text:
    """'float8 (E4M3) takes the output 3.7 % from float64 (‖Y − Y64‖ / ‖Y64‖), a single …'."""
    if found.relative is None or found.largest is None:
        return Text(
            N_("no deviation in {format}: numbers leave its range, or the output is 0"),
            format=format_name(found.dtype),
        )
    if not found.all:
        return Text(
            N_(
                "{format} takes a product {relative:percent2} from float64 (‖C − C64‖ / ‖C64‖), a "
                "single number at most {largest:percent2} of the largest"
            ),
            format=format_name(found.dtype),
            relative=found.relative,
            largest=found.largest,
        )
    return Text(
        N_(
            "{format} takes the output {relative:percent2} from float64 (‖Y − Y64‖ / ‖Y64‖), a "
            "single number at most {largest:percent2} of the largest"
        ),
        format=format_name(found.dtype),
        relative=found.relative,
        largest=found.largest,
    )


def of_what(found: Deviation) -> Text:
    """What was computed for it, in a phrase."""
    if not found.all:
        return Text(
            N_(
                "computed of a sample of {n:group} rows of each product at most, random numbers: "
                "operands quantized, sums exact; the worst product counts"
            ),
            n=found.rows,
        )
    if found.rows < found.all:
        return Text(
            N_(
                "computed forward of the first {n:group} of {all:group} examples: weights and "
                "activations quantized layer by layer, sums exact"
            ),
            n=found.rows,
            all=found.all,
        )
    return Text(
        P_(
            "computed forward of {n:group} example: weights and activations quantized layer by "
            "layer, sums exact",
            "computed forward of {n:group} examples: weights and activations quantized layer by "
            "layer, sums exact",
        ),
        n=found.rows,
    )
