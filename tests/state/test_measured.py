"""What was measured here is shown only of the very thing that is predicted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.bench.machine import Machine
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.peak.measured import is_gpu, measured_here
from mmviz.state.session import Session

ONE = Session(from_widths([64, 32]), batch=16)
TWO = Session(from_widths([64, 32, 8]), batch=16)


def results(backend: str = "numpy", *, estimated: bool = False, gpu: str | None = None) -> Results:
    samples = (1e-3, 2e-3, 3e-3)
    machine = Machine(
        cpu="a CPU",
        cores=2,
        logical_cores=2,
        memory=1,
        system="",
        variables={},
        gpu=gpu,
        versions={},
    )
    run = Run(backend, 16, samples, estimated, summarize(samples))
    return Results(
        network="n", dtype="float32", training=False, seed=0, machine=machine, runs=(run,)
    )


def test_the_median_of_the_last_run() -> None:
    found = measured_here(derive(ONE), False, ONE, results())
    assert found.rate == pytest.approx(2 * 16 * 64 * 32 / 2e-3)
    assert found.tip == "2.00 ms, the median of 3 passes with numpy, activations included"
    assert measured_here(derive(TWO), True, TWO, results()).rate is not None


def test_otherwise_it_says_why_there_is_none() -> None:
    cases = (
        (derive(ONE), False, None, None, "press Run"),
        (derive(replace(ONE, batch=8)), False, ONE, results(), "another network, batch"),
        (derive(TWO), False, TWO, results(), "times the whole pass, no single product"),
        (
            derive(actions.set_device(ONE, "a100")),
            False,
            ONE,
            results(),
            "is not in this computer",
        ),
        (derive(ONE), False, ONE, results("loop"), "no measured pass of numpy"),
        (derive(ONE), False, ONE, results(estimated=True), "no measured pass of numpy"),
    )
    for derived, whole, timed, ran, words in cases:
        found = measured_here(derived, whole, timed, ran)
        assert found.rate is None
        assert words in found.tip


def test_a_gpu_that_is_here_is_measured_with_cupy() -> None:
    session = actions.set_device(ONE, "h200")
    found = measured_here(derive(session), False, ONE, results("cupy", gpu="NVIDIA H200"))
    assert found.rate is not None
    assert "cupy" in found.tip


@pytest.mark.parametrize(
    ("device", "gpu", "same"),
    [
        ("a100", "NVIDIA A100-SXM4-80GB", True),
        ("a100", "NVIDIA A100-SXM4-40GB", False),
        ("a100-40", "NVIDIA A100-SXM4-40GB", True),
        ("a100", "NVIDIA A100-PCIE-80GB", False),
        ("l4", "NVIDIA L4", True),
        ("l4", "NVIDIA L40S", False),
        ("l40s", "NVIDIA L40S", True),
        ("rtx3090", "NVIDIA GeForce RTX 3090", True),
        ("rtx3090", "NVIDIA GeForce RTX 3090 Ti", False),
        ("h100", "NVIDIA H100 80GB HBM3", True),
        ("h200", "NVIDIA H100 80GB HBM3", False),
        ("t4", "Tesla T4", True),
    ],
)
def test_names_of_drivers(device: str, gpu: str, same: bool) -> None:
    assert is_gpu(device, gpu) is same
