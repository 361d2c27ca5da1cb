"""A number format a device does not have is another one there, the nearest."""

from __future__ import annotations

import pytest

from mmviz.core.device.formats import nearest_dtype
from mmviz.core.shapes.dtype import DTYPES
from mmviz.files.devices import device_ids, read_device


@pytest.mark.parametrize(
    ("device", "dtype", "found"),
    [
        ("tpu-v5e", "float32", "bfloat16"),
        ("tpu-v5e", "float16", "bfloat16"),
        ("tpu-v5e", "int8", "int8"),
        ("tpu-v1", "float32", "int8"),
        ("v100", "bfloat16", "float16"),
        ("v100", "tf32", "float32"),
        ("h100", "nvfp4", "float8"),
        ("lanes-16", "bfloat16", "bfloat16"),
        ("systolic-8", "float32", "float32"),
    ],
)
def test_the_nearest(device: str, dtype: str, found: str) -> None:
    assert nearest_dtype(read_device(device), dtype) == found


@pytest.mark.parametrize("device", device_ids())
def test_it_is_one_the_device_has(device: str) -> None:
    target = read_device(device)
    for dtype in DTYPES:
        found = nearest_dtype(target, dtype)
        assert target.peak(found) is not None or not target.peaks
        assert nearest_dtype(target, found) == found
