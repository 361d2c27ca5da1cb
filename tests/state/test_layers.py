"""The table of layers: its figures, its totals, how it sorts and what is copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.files.devices import device_ids, read_device
from mmviz.state import actions
from mmviz.state.derived import Derived, derive
from mmviz.state.peak.layer_columns import Line, sort_key, tsv
from mmviz.state.peak.layers import LAYERS, Layers
from mmviz.state.session import Session
from mmviz.text import NOTHING, Text

NET = Session(from_widths([512, 256, 128]), batch=64, dtype="float16", device="a100")


def layers(derived: Derived) -> Layers:
    return LAYERS.of(derived).table


def value(table: Layers, line: Line, name: str) -> object:
    return next(column.value(line) for column in table.columns if str(column.name) == name)


def text(table: Layers, line: Line, name: str) -> str:
    column = next(column for column in table.columns if str(column.name) == name)
    return str(column.text(column.value(line))).replace("\u202f", " ")


def test_totals_are_the_sums_of_their_lines() -> None:
    table = layers(derive(actions.set_training(NET, True)))
    forward, training = table.totals
    assert [str(line.role) for line in table.lines] == [
        "forward",
        "forward",
        "dgrad",
        "wgrad",
        "wgrad",
    ]
    for name in ("FLOP", "bytes", "predicted"):
        of = [value(table, line, name) for line in table.lines]
        assert value(table, training, name) == pytest.approx(sum(of))
        assert value(table, forward, name) == pytest.approx(sum(of[:2]))
    shares = [value(table, line, "share") for line in table.lines]
    assert sum(shares) == pytest.approx(1)
    assert text(table, training, "tile") == "—"


def test_inference_tells_the_training_too() -> None:
    inference, training = (layers(derive(actions.set_training(NET, on))) for on in (False, True))
    for one, other in zip(inference.totals, training.totals, strict=True):
        assert one.seconds == pytest.approx(other.seconds)


def test_totals_of_a_list_count_its_products() -> None:
    products = Products(
        "l", (Gemm("a", "product", 64, 64, 64, 0, 12), Gemm("b", "product", 8, 8, 8, 1))
    )
    table = layers(derive(Session(products, dtype="float16", device="a100")))
    (whole,) = table.totals
    assert value(table, whole, "FLOP") == 12 * 2 * 64**3 + 2 * 8**3
    assert [text(table, line, "times") for line in (whole, *table.lines)] == ["—", "12", "1"]
    a, b = (line.cost.predicted_s or 0 for line in table.lines)
    assert whole.seconds == pytest.approx(12 * a + b)


def test_a_price_gives_the_cost_of_a_million_passes() -> None:
    free = layers(derive(replace(NET, edited=replace(read_device("a100"), price_hour=None))))
    assert not any("per M" in str(column.name) for column in free.columns)
    priced = replace(read_device("a100"), price_hour=3.6)
    table = layers(derive(replace(NET, edited=priced)))
    whole = table.totals[0]
    # 3.6 an hour is 0.001 a second: a million passes cost a thousand times their seconds
    assert value(table, whole, "USD per M") == pytest.approx(1000 * (whole.seconds or 0))


@pytest.mark.parametrize("device", device_ids())
def test_a_column_without_a_value_is_left_out(device: str) -> None:
    derived = derive(replace(NET, device=device))
    table = layers(derived)
    gone = {*layers(derive(NET)).columns} - {*table.columns}
    for column in table.columns:
        found = [column.value(line) for line in (*table.totals, *table.lines)]
        assert any(found_value not in (None, NOTHING) for found_value in found), column.plain
    if derived.cost.predicted_s is None:
        assert {"predicted s", "error share", "share", "limiter"} <= {one.plain for one in gone}
    assert text(table, table.lines[0], "FLOP") == "16.8 MFLOP"


def test_numbers_sort_before_words_and_the_unknown_last() -> None:
    b, a = Text("b"), Text("A")
    values = [None, b, 3, (2, 9), a, 0.5, (2, 10)]
    assert sorted(values, key=sort_key) == [0.5, (2, 9), (2, 10), 3, a, b, None]


def test_what_is_copied_is_plain() -> None:
    table = layers(derive(NET))
    lines = tsv(table.columns, (*table.totals, *table.lines)).splitlines()
    assert len(lines) == 1 + 2 + 2
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    assert rows[2]["m x n x k"] == "64x256x512"
    assert float(rows[2]["predicted s"]) == pytest.approx(table.lines[0].seconds)
    assert rows[2]["FLOP"] == str(2 * 64 * 256 * 512)


def test_a_cell_says_what_its_prediction_rests_on() -> None:
    table = layers(derive(NET))
    column = next(column for column in table.columns if column.plain == "predicted s")
    tip = str(column.tip(table.lines[0]))
    assert tip.splitlines()[0] == "layer 1, forward"
    assert tip.splitlines()[2].startswith("modelled: ")
    assert len(str(column.tip(table.totals[0])).splitlines()) == 2


def test_the_lines_are_the_same_whatever_product_is_looked_at() -> None:
    first = derive(NET)
    then = derive(actions.select_product(NET, 1), before=first)
    assert layers(first) is layers(then)


def test_a_pass_that_does_not_fit_says_so_where_its_time_would_be() -> None:
    wide = replace(NET, network=from_widths([5120, 2560, 1280]), batch=4_000_000)
    for session, fits in ((wide, (True, False)), (replace(wide, batch=8_000_000), (False, False))):
        table = layers(derive(session))
        assert [total.seconds is not None for total in table.totals] == list(fits)
        for total, fit in zip(table.totals, fits, strict=True):
            assert str(total.role).startswith("total" if fit else "does not fit: ")
        assert {line.seconds is not None for line in table.lines} == {fits[0]}
        assert ("predicted" in [str(column.name) for column in table.columns]) == fits[0]
