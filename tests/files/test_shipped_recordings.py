"""Recordings that come with mmviz: real ones, small, and said where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmviz.files.assets import asset
from mmviz.files.recordings import npz, shelf

MOST = 5_000_000  # bytes of all of them
PATHS = sorted(asset("recordings").glob("*"))

SHIPPED: dict[str, tuple[str, int, bool, int]] = {
    "cpu-2048-busy": ("2048x2048x2048", 1, False, 1),
    "cpu-2048-quiet": ("2048x2048x2048", 1, False, 1),
    "cpu-alexnet-128": ("AlexNet classifier", 128, False, 3),
    "cpu-alexnet-128-training": ("AlexNet classifier", 128, True, 8),
}
"""What each is of: the workload, its batch, whether it is a step of training, its products."""


def test_all_of_them_are_there() -> None:
    found = {}
    for one in shelf.shipped():
        of = one.of
        products = len(of.workload.lower(of.batch, of.training))
        found[one.path.stem] = (of.workload.name, of.batch, of.training, products)
    assert found == SHIPPED
    assert {f"{name}.npz" for name in SHIPPED} == {path.name for path in PATHS}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_ran_and_says_where_when_and_how(path: Path) -> None:
    found = npz.read(path)  # which checks what a recording must keep to
    assert found.ran
    assert found.machine
    assert found.when
    assert found.command.startswith("mmviz trace ")
    assert "numpy" in found.facts
    assert found.about, "what it is there for"
    assert len(found.products) == len(found.of.workload.lower(found.of.batch, found.of.training))
    for one in found.products:
        assert one.error is not None
        assert one.error < 1e-5
        assert one.wall_s
        assert one.order_only or one.spent.instrumented is not None
    text = path.read_bytes() + found.machine.encode() + found.command.encode()
    assert b"/home/" not in text, "nobody's folders"
    (told,) = [one for one in shelf.shipped() if one.path == path]
    assert told.shipped


def test_all_together_are_small() -> None:
    assert sum(path.stat().st_size for path in PATHS) < MOST
    assert [one.path for one in shelf.shipped()] == PATHS, "and each is listed"
