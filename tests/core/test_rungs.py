"""The ladder: what a rung loads by its formula is what it loads step by step."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from mmviz.core.learning import layer_code
from mmviz.core.learning.activations import activate
from mmviz.core.learning.rungs import RUNGS, Rung, loads, reuse, toy, walk

SHAPES = [(1, 1, 1), (4, 6, 8), (3, 5, 7), (5, 4, 3), (1, 10, 6)]
IDS = [rung.id for rung in RUNGS]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rung", RUNGS, ids=IDS)
def test_step_by_step_every_product_is_added_and_the_loads_are_those_of_the_formula(
    rung: Rung, shape: tuple[int, int, int]
) -> None:
    m, n, k = shape
    small = toy(rung)
    moments = walk(small, shape)
    assert moments[-1].sums == (k,) * (m * n)
    assert moments[-1].loaded == loads(shape, small.block(shape))
    assert all(0 <= moment.line < len(rung.code) for moment in moments)
    for before, after in pairwise(moments):
        assert all(a <= b for a, b in zip(before.sums, after.sums, strict=True))
        assert before.loaded <= after.loaded
        added = after.added - before.added
        cells = (after.rows[1] - after.rows[0]) * (after.columns[1] - after.columns[0])
        if added:  # only what is lit was added up
            assert added == cells * (after.terms[1] - after.terms[0])


def test_loads_of_a_product_worked_by_hand() -> None:
    shape = 64, 10, 784
    each = {rung.id: loads(shape, rung.block(shape)) for rung in RUNGS}
    madds = 64 * 10 * 784
    assert each["loops"] == each["neurons"] == each["naive"] == 2 * madds
    assert each["rows"] == 64 * 784 + 64 * 784 * 10  # each row of A_in once, the whole of W for it
    assert each["matmul"] == 64 * 784 + 784 * 10  # every number once
    assert each["blocked"] == each["register"] == each["matmul"]  # all of Z is one block
    assert each["tiled"] == 64 * 784 + 4 * 784 * 10  # W once for each 16 of the 64 rows
    large = 1024, 1024, 1024
    assert reuse(large, (16, 16)) == pytest.approx(2 / 16)
    assert reuse(large, (64, 64)) == pytest.approx(2 / 64)


def test_each_rung_loads_no_more_than_the_one_before_on_its_device() -> None:
    shape = 256, 512, 784
    for gpu in (False, True):
        found = [reuse(shape, rung.block(shape)) for rung in RUNGS if rung.gpu == gpu]
        assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("name", ["neurons", "rows", "blocked", "matmul"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 70, 130), (65, 4, 64)])
def test_every_way_gives_the_same_layer(name: str, shape: tuple[int, int, int]) -> None:
    m, n, k = shape
    random = np.random.default_rng(4)
    x, w, b = random.normal(size=(m, k)), random.normal(size=(k, n)), random.normal(size=n)
    wanted = 1 / (1 + np.exp(-(x @ w + b)))
    g = partial(activate, "sigmoid", xp=np)
    np.testing.assert_allclose(getattr(layer_code, name)(x, w, b, g), wanted, rtol=1e-9)


def test_the_lines_that_are_shown_are_those_that_run() -> None:
    loops = next(rung for rung in RUNGS if rung.id == "loops")
    scope: dict[str, object] = {}
    exec("\n".join(loops.code), scope)
    again = scope["loops"]([[1.0, 2.0]], [[3.0], [4.0]], [0.5], lambda z: z)  # type: ignore[operator]
    assert again == [[11.5]] == layer_code.loops([[1.0, 2.0]], [[3.0], [4.0]], [0.5], lambda z: z)
