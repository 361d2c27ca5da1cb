"""What was measured here is shown only of the very thing that is predicted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.bench.machine import Machine
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.files.devices import device_ids
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Timed
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.measured import is_gpu, measured_here
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.session import Session
from mmviz.text import NOTHING

ONE = Session(from_widths([64, 32]), batch=16)
TWO = Session(from_widths([64, 32, 8]), batch=16)


def ran(timed: Session, found: Results | None) -> Facts:
    """What is known after that session was run."""
    if found is None:
        return Facts()
    return Facts().with_run(Timed(derive(timed).setup.timed, found, NOTHING))


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
    found = measured_here(derive(ONE, ran(ONE, results())), False)
    assert found.rate == pytest.approx(2 * 16 * 64 * 32 / 2e-3)
    told = "2.00 ms, the median of 3 passes with numpy, activations included"
    assert str(found.tip) == told
    assert measured_here(derive(TWO, ran(TWO, results())), True).rate is not None


def test_a_run_is_found_again_when_its_setup_comes_back() -> None:
    facts = ran(ONE, results()).with_run(Timed(derive(TWO).setup.timed, results(), NOTHING))
    assert measured_here(derive(ONE, facts), False).rate is not None
    assert measured_here(derive(replace(ONE, batch=8), facts), False).rate is None


def test_what_was_timed_of_a_pass_is_said_on_every_device_with_its_kind() -> None:
    """Also of one product of several, and where no time is predicted."""
    said = "The pass, timed here: NumPy 2.00 ms, measured (median of 3 passes)."
    for device in device_ids():
        for whole in (False, True):
            session = replace(TWO, device=device)
            view = WATERFALL.of(derive(session, ran(session, results())))
            assert str((view.whole if whole else view.product).said).endswith(said), device
            before = WATERFALL.of(derive(session))
            assert "timed here" not in str((before.whole if whole else before.product).said)
    rough = WATERFALL.of(derive(TWO, ran(TWO, results("loop", estimated=True)))).product
    assert str(rough.said).endswith("The pass, timed here: Python for-loops 2 ms, estimated.")
    other = WATERFALL.of(derive(replace(TWO, batch=8), ran(TWO, results()))).product
    assert "timed here" not in str(other.said)


def test_the_strip_says_what_a_pass_took_on_the_very_device() -> None:
    assert "measured here 2.00 ms" in str(STRIP.of(derive(TWO, ran(TWO, results()))).summary)
    a100 = replace(TWO, device="a100")
    assert "measured" not in str(STRIP.of(derive(a100, ran(a100, results()))).summary)


def test_otherwise_it_says_why_there_is_none() -> None:
    cases = (
        (ONE, False, ONE, None, "press Run"),
        (replace(ONE, batch=8), False, ONE, results(), "another network, batch"),
        (TWO, False, TWO, results(), "times the whole pass, no single product"),
        (actions.set_device(ONE, "a100"), False, ONE, results(), "is not in this computer"),
        (ONE, False, ONE, results("loop"), "no measured pass of numpy"),
        (ONE, False, ONE, results(estimated=True), "no measured pass of numpy"),
    )
    for session, whole, timed, run, words in cases:
        found = measured_here(derive(session, ran(timed, run)), whole)
        assert found.rate is None
        assert words in str(found.tip)


def test_a_gpu_that_is_here_is_measured_with_cupy() -> None:
    session = actions.set_device(ONE, "h200")
    facts = ran(ONE, results("cupy", gpu="NVIDIA H200"))
    found = measured_here(derive(session, facts), False)
    assert found.rate is not None
    assert "cupy" in str(found.tip)


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
