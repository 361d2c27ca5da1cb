"""What backends say of narrow number formats: int8, float8, nvfp4."""

from __future__ import annotations

from mmviz.core.shapes.dtype import NARROW
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, NOTHING, Text

WITHIN = Text(N_("activations are quantized within the product, weights beforehand"))
"""What stands beside results in a narrow format."""

_ELSEWHERE = {
    "int8": N_("int8 is multiplied here by numpy and torch, on a CPU and on NVIDIA GPUs"),
    "float8": N_(
        "float8 is multiplied here by torch, on a CPU and on NVIDIA GPUs from compute capability "
        "8.9 on"
    ),
    "nvfp4": N_("nvfp4 is multiplied by NVIDIA's Blackwell GPUs alone, and by no backend here yet"),
}


def where_else(dtype: str) -> Text:
    """Who multiplies in a narrow format, for one who asked another; NOTHING of other formats."""
    return Text(_ELSEWHERE[dtype]) if dtype in _ELSEWHERE else NOTHING


def check_taught(dtype: str) -> str:
    """Return `dtype`; raise InputError for a narrow one, in which no step of training fits."""
    if dtype in NARROW:
        said = N_("no network is taught in {dtype} here, which is for inference; choose float32")
        raise InputError(said, dtype=dtype)
    return dtype


def check_inference(dtype: str, *, training: bool) -> None:
    """Raise Unavailable for a training pass in a narrow format."""
    if training and dtype in NARROW:
        raise Unavailable(Text(N_("{dtype} is timed in inference alone"), dtype=dtype))
