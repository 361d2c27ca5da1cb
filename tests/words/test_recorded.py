"""What is said of a recording as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.bench.hindrances import NOTICED
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Beside, Recording
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device
from mmviz.state.recording.against import cost_rows
from mmviz.words.recorded import notes


@pytest.fixture
def made() -> Recording:
    """Two products."""
    return modelled_pass(Setup(from_widths((64, 64, 64)), read_device("v100"), 8))


def beside(made: Recording, *shares: float | None) -> Recording:
    pairs = zip(made.products, shares, strict=True)
    return replace(made, products=tuple(replace(one, beside=Beside(x)) for one, x in pairs))


@pytest.mark.parametrize("shares", [(None, None), (0.0, None), (0.0, NOTICED - 0.01)])
def test_a_quiet_run_has_no_note(made: Recording, shares: tuple[float | None, ...]) -> None:
    found = beside(made, *shares)
    assert notes(found) == notes(made)
    assert cost_rows(found.products[1], "float32") == cost_rows(made.products[1], "float32")


def test_others_that_took_the_cores_are_told(made: Recording) -> None:
    found = beside(made, 0.05, 0.5)
    (said,) = set(map(str, notes(found))) - set(map(str, notes(made)))
    assert said.replace("\u202f", " ") == (
        "other programs took 50 % of the cores meanwhile: "
        "times, and what recording costs, are told by a quiet run"
    )
    (row,) = cost_rows(found.products[1], "float32")
    assert str(row.name) == "taken by other programs"
    assert str(row.right).replace("\u202f", " ") == "50 %"
