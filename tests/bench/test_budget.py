"""The largest batch within a budget: measured, and between two points by estimate."""

from __future__ import annotations

import pytest

from mmviz.bench.budget import within
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.words.budget import brief, sentence


def runs(backend: str, **ms: float) -> list[Run]:
    """batch=milliseconds, as b16=4.0."""
    return [
        Run(backend, int(batch[1:]), (t / 1e3,), stats=summarize((t / 1e3,)))
        for batch, t in ms.items()
    ]


def test_each_backend_has_its_own() -> None:
    measured = [
        *runs("numpy", b16=10.0, b32=30.0, b64=60.0),
        *runs("wgpu", b16=1.0, b2048=20.0),
        *runs("loop", b1=900.0),
    ]
    numpy, wgpu, loop = within(measured, 0.033)
    assert (numpy.largest, numpy.beyond) == (32, 64)
    assert numpy.about == pytest.approx(32 * 1.1)  # from there on the time is one of the batch
    assert (wgpu.largest, wgpu.beyond, wgpu.about) == (2048, None, None)
    assert (loop.largest, loop.beyond, loop.about) == (None, 1, None)
    assert str(sentence((numpy, wgpu, loop), 0.033)).replace("\u202f", " ") == (
        "33 ms: largest batch within it: NumPy 32 (about 35, estimated), "
        "wgpu at least 2 048, Python for-loops none"
    )
    assert str(brief((numpy, loop), 0.033)) == (
        "33 ms budget: largest batch NumPy 32, Python for-loops none"
    )


def test_neighbours_leave_nothing_to_estimate() -> None:
    (numpy,) = within(runs("numpy", b36=32.0, b37=34.0), 0.033)
    assert str(sentence((numpy,), 0.033)).endswith(": NumPy 36")
    assert str(sentence((), 0.033)) == ""
