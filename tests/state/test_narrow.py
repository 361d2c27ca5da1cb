"""Narrow number formats in the window's views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz.core.device.figures import figure_of
from mmviz.core.quantize.scaled import as_kept
from mmviz.core.shapes.dtype import BYTES, DTYPES, NARROW, product_bytes
from mmviz.files import networks
from mmviz.files.devices import read_device
from mmviz.state.derived import Derived, derive
from mmviz.state.peak.column import FACTS, Fact
from mmviz.state.picture.view import picture_view
from mmviz.state.session import open_file
from mmviz.text import Text
from mmviz.words.device import DENSE, figure_source
from mmviz.words.formats import NAMES


def looked_at(name: str, dtype: str, device: str = "h100") -> Derived:
    file = networks.read_preset(name)
    return derive(replace(open_file(file), device=device, dtype=dtype))


def facts(derived: Derived) -> dict[str, Fact]:
    return {str(f.label): f for group in FACTS.of(derived).groups for f in group.facts}


@pytest.mark.parametrize("dtype", NARROW)
def test_the_numbers_in_the_cells_are_as_the_format_keeps_them(dtype: str) -> None:
    view = picture_view(looked_at("two-by-two", dtype))
    exact = picture_view(looked_at("two-by-two", "float32")).cells()
    cells, own = view.cells(), view.own()
    assert cells is not None
    assert own is not None
    assert exact is not None
    assert np.array_equal(cells.a, as_kept(exact.a, dtype, 1))
    assert np.array_equal(cells.b, as_kept(exact.b, dtype, 0))
    assert np.array_equal(cells.product(), cells.a @ cells.b)
    assert cells.output is not None
    assert np.array_equal(own.a, exact.a), "what is edited is what the network has"
    left, above, corner = (str(matrix.what) for matrix in view.names)
    assert left == f"activations, quantized to {dtype}"
    assert above == f"weights of neurons, quantized to {dtype}"
    assert "quantized" not in corner


def test_other_formats_are_shown_as_they_were() -> None:
    view = picture_view(looked_at("two-by-two", "bfloat16"))
    assert not any("quantized" in str(matrix.what) for matrix in view.names)
    assert view.cells() is view.own()


def test_sizes_are_those_of_the_format_and_a_result_has_two_bytes() -> None:
    told = facts(looked_at("alexnet", "nvfp4", "b200"))
    k, n, batch = 9216, 4096, 128
    assert str(Text("{v}", v=told["X in nvfp4"].value)) == "664 kB"
    assert str(Text("{v}", v=told["W in nvfp4"].value)) == "21.2 MB"
    assert str(Text("{v}", v=told["Y in 2 bytes a number"].value)) == "1.05 MB"
    cost = looked_at("alexnet", "nvfp4", "b200").cost
    assert cost.bytes == (batch * k + n * k) * 9 // 16 + 2 * batch * n
    assert cost.bytes == product_bytes(batch, n, k, "nvfp4")
    assert cost.intensity == pytest.approx(2 * batch * n * k / cost.bytes)
    assert cost.predicted_s is not None


def test_what_a_format_costs_in_digits_stands_among_the_facts() -> None:
    for dtype in DTYPES:
        fact = facts(looked_at("alexnet", dtype)).get("off from float64")
        if dtype in ("float32", "float64"):
            assert fact is None
            continue
        assert fact is not None
        assert fact.value is not None
        assert "random numbers" in str(fact.tip)
    value = str(Text("{v}", v=facts(looked_at("alexnet", "float8"))["off from float64"].value))
    assert 3.2 <= float(value.removesuffix(" %")) <= 4.0  # 2.6 % of each operand, √2 times


def test_every_format_has_a_name() -> None:
    assert [dtype for _, dtype in NAMES] == list(BYTES)
    assert {dtype: str(name) for name, dtype in NAMES}["nvfp4"] == "nvfp4 (4 bit, a scale per 16)"


def test_a_peak_says_that_it_is_dense() -> None:
    h100 = read_device("h100")
    assert str(figure_source(figure_of(h100, "peak float8"))).endswith(f"\n{DENSE}")
    assert DENSE not in str(figure_source(figure_of(h100, "peak float32")))
    assert DENSE not in str(figure_source(figure_of(h100, "bandwidth")))
