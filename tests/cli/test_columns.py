"""Tables in plain text leave out columns that say nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmviz.cli.columns import said_columns
from mmviz.files.devices import device_ids
from mmviz.text import NO_DATA, NOTHING, Text, own
from mmviz.words.speech import ENGLISH

Mmviz = Callable[..., tuple[int, str, str]]


def test_a_column_goes_where_no_row_has_a_value() -> None:
    head = tuple(map(own, ("name", "p99", "error", "bound", "")))
    rows = [
        (own("a"), Text(NO_DATA), own("1"), Text("—"), NOTHING),
        (own("b"), NOTHING, Text(NO_DATA), NOTHING, NOTHING),
    ]
    assert said_columns((head, *rows), ENGLISH) == [
        ["name", "error", ""],
        ["a", "1", ""],
        ["b", "no data", ""],
    ]
    assert said_columns((head,), ENGLISH) == [["name", "p99", "error", "bound", ""]]


@pytest.mark.parametrize("device", device_ids())
def test_a_plan_has_a_value_in_every_column(mmviz: Mmviz, device: str) -> None:
    code, out, _ = mmviz("plan", "alexnet", "--device", device)
    head, first, *_ = out.splitlines()[1:]
    assert code == 0
    assert ("predicted" in head) == ("no data," not in out)
    assert "no data" not in first
