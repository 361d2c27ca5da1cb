"""Times in a model's clock, roles of products, an error that is not known."""

from __future__ import annotations

import pytest

from mmviz.core.shapes.gemm import Gemm
from mmviz.text import Text
from mmviz.words.products import role, titled
from mmviz.words.time import model_time


@pytest.mark.parametrize(
    ("t", "step", "said"),
    [
        (1.0, "step", "1 step"),
        (0.5, "step", "0.5 steps"),
        (0.012, "step", "0.012 steps"),
        (2048.0, "cycle", "2\u202f048 cycles"),
        (100.25, "cycle", "100 cycles"),
    ],
)
def test_steps_and_cycles(t: float, step: str, said: str) -> None:
    assert str(model_time(t, "steps", step)) == said


def test_seconds_are_seconds() -> None:
    assert str(model_time(84e-6, "s")) == "84.0 µs"


def test_the_way_back_is_named_by_its_role() -> None:
    assert str(titled(Gemm("fc6", "forward", 1, 1, 1))) == "fc6"
    assert str(titled(Gemm("fc6", "wgrad", 1, 1, 1))) == "fc6 · wgrad"
    assert str(role("product")) == "product"


def test_an_error_that_is_not_known_keeps_its_sign() -> None:
    assert str(Text("{error:plus_minus}", error=None)) == "± no data"
    assert str(Text("{error:plus_minus}", error=0.059)) == "± 5.9 %"
