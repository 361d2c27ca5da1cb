"""What is said of a recording as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz.bench.hindrances import NOTICED
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Beside, Recording, Spent
from mmviz.core.recording.sampling import MOST_ROWS
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device
from mmviz.state.recording.against import cost_rows
from mmviz.words.recorded import instrumented, notes, stamping


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


@pytest.mark.parametrize(
    ("plain_s", "off", "others", "said"),
    [
        (1.0, (0.01, 0.01, 0.01), 0.0, "+8.00 %"),
        (1.0, (0.1, 0.01, 0.01), 0.0, "0 ± 9.8 %"),
        (2.0, (0.1, 0.01, 0.01), 0.0, "−46.0 %"),
        (2.0, (0.1, 0.01, 0.01), NOTICED, "lost in the noise"),
        (2.0, (None, None, None), 0.0, "lost in the noise"),
        (1.0, (None, None, None), 0.0, "+8.00 %"),
        (1.0, (776.0, 0.01, 0.01), 0.0, "lost in the noise"),
        (1.0, (45.0, 0.01, 0.01), 0.0, "lost in the noise"),
    ],
)
def test_what_recording_costs_is_no_gain_that_chance_or_others_made(
    made: Recording,
    plain_s: float,
    off: tuple[float | None, float | None, float | None],
    others: float,
    said: str,
) -> None:
    spent = Spent(plain_s, 1.075, 1.08, 9, off)
    one = replace(made.products[0], spent=spent, beside=Beside(others))
    assert str(instrumented(one)).replace("\u202f", " ") == said
    if off[1] is not None:
        assert str(stamping(one)).replace("\u202f", " ") == "0 ± 1.4 %", "within both medians"
    less = replace(one, spent=replace(spent, tiled_s=1.2))
    assert str(stamping(less)) == "lost in the noise", "stamps bring no time"


def test_of_blocks_of_which_some_are_kept_no_tiles_are_told(made: Recording) -> None:
    """And of a large file of another tool: in it were more than mmviz keeps."""
    one = made.products[0]
    tiling = replace(one.trace.tiling, tile=(1, 1))
    rows = np.arange(MOST_ROWS)
    trace = Trace(tiling, rows % 64, rows % 64, 0 * rows, 1.0 * rows, 1.0 + rows)
    kept = replace(one, trace=trace, tiles_run=300_000)
    file = replace(made, by="proton", products=(kept,))
    blocks = replace(file, products=(replace(kept, placed=False),))
    few = replace(file, products=(replace(one, tiles_run=99),))
    told = [str(notes(x)[-1]).replace("\u202f", " ") for x in (file, blocks, few)]
    assert told == [
        "layer 1: of 300 000 tiles 131 072 are kept, evenly by their number",
        "layer 1: of 300 000 blocks 131 072 are kept, evenly by their number",
        f"layer 1: of 99 tiles {len(one.trace)} are in the file",
    ]
    rows_told = [cost_rows(x.products[0], "float32")[-1] for x in (file, blocks)]
    assert [str(row.name) for row in rows_told] == ["tiles kept", "blocks kept"]


def test_a_prediction_of_several_products_is_said_to_be_of_the_whole_pass(made: Recording) -> None:
    assert str(made.remarks[0]).startswith("predicted for the whole pass ")
    alone = modelled_pass(Setup(from_widths((64, 64)), read_device("v100"), 8))
    assert "whole pass" not in str(alone.remarks[0])
