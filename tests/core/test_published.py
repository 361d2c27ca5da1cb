"""What was published of real devices, against the shipped ones. Sources: the names in each test."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.constants import constants_of
from mmviz.core.time.wave_time import Predicted, predict
from mmviz.files.devices import read_device


def predicted(device: str, m: list[int], n: list[int], k: list[int], dtype: str) -> Predicted:
    target = read_device(device)
    shapes = Shapes.of(np.array(m), np.array(n), np.array(k))
    return predict(shapes, target, dtype, constants_of(target, dtype))


def test_a_staircase_of_wide_steps() -> None:
    """microsoft/vidur, A100, float16, n = k = 8192: M = 2304 takes 1465.5, M = 2560 1460.3 µs."""
    heights = [2304, 2560, 2561]
    seconds = predicted("a100", heights, [8192] * 3, [8192] * 3, "float16").seconds
    assert seconds[1] / seconds[0] == pytest.approx(1460.3 / 1465.5, rel=0.02)
    assert seconds[:2] == pytest.approx([1465.5e-6, 1460.3e-6], rel=0.12)
    assert seconds[2] > 1.1 * seconds[1]


@pytest.mark.parametrize("device", ["a100", "h100", "h200", "b200", "l40s"])
def test_a_257th_row_is_far_from_a_second_pass(device: str) -> None:
    """ai-dynamo/aiconfigurator: the median from 256 to 257 rows is +6 % (Hopper) to +38 % (A100).

    `benchmarks/model_error.py` prints the medians over the published layer shapes.
    """
    sides = [512, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12_288]
    n, k = [a for a in sides for _ in sides], [b for _ in sides for b in sides]
    before, after = (predicted(device, [m] * len(n), n, k, "bfloat16").seconds for m in (256, 257))
    assert 1 < float(np.median(after / before)) < 1.4


def test_a_4097th_row_is_nothing_on_hopper() -> None:
    n, k = [2048, 4096, 8192], [4096, 4096, 4096]
    for device in ("h100", "h200"):
        before, after = (predicted(device, [m] * 3, n, k, "bfloat16").seconds for m in (4096, 4097))
        assert float(np.median(after / before)) < 1.05


def test_the_padded_vocabulary_gains_by_alignment() -> None:
    """model.md: 50257 → 50304 gains by alignment; the tile waste is only 0.09 %."""
    shapes = ([512] * 2, [50_257, 50_304], [768] * 2)
    odd, even = predicted("a100", *shapes, "float16").seconds
    assert even < 0.8 * odd
    more_cells = 50_304 / 50_257 - 1
    assert more_cells == pytest.approx(0.0009, abs=1e-4)
