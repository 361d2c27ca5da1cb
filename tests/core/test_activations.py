"""Activations against their definitions, and against the loops written apart from them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmviz.backends.loop_scalars import activate_row
from mmviz.core.learning.activations import activate
from mmviz.core.shapes.network import ACTIVATIONS, KEEPS_INPUT

rows = arrays(np.float64, (3, 4), elements=st.floats(-700, 700))


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(z=rows)
def test_agrees_with_the_loops(name: str, z: np.ndarray) -> None:
    expected = [activate_row(name, row) for row in z.tolist()]
    actual = activate(name, z.copy(), np)
    assert actual == pytest.approx(np.array(expected), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_keeps_the_dtype(name: str, dtype: str) -> None:
    z = np.array([[-2, -0.5, 0.5, 2]], dtype)
    assert activate(name, z, np).dtype == dtype


@pytest.mark.parametrize("name", KEEPS_INPUT)
@given(z=rows)
def test_leaves_alone_what_the_backward_pass_needs(name: str, z: np.ndarray) -> None:
    before = z.copy()
    activate(name, z, np)
    assert np.array_equal(z, before)


@given(z=arrays(np.float32, (3, 4), elements=st.floats(-(2.0**99), 2.0**99, width=32)))
def test_softmax_rows_add_up_to_one_however_large(z: np.ndarray) -> None:
    assert activate("softmax", z, np).sum(axis=1) == pytest.approx([1, 1, 1], rel=1e-5)


def test_sigmoid_far_out_does_not_overflow() -> None:
    z = np.array([[-1e30, -531, 0, 531, 1e30]], np.float32)
    assert activate("sigmoid", z, np).tolist() == [[0, 0, 0.5, 1, 1]]


def test_known_values() -> None:
    z = np.array([[1.0, -1.0]])
    # gelu(1), tanh form: 0.5·(1 + tanh(sqrt(2/π)·1.044715))
    expected = 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * 1.044715))
    assert activate("gelu", z, np)[0, 0] == pytest.approx(expected)
    assert activate("silu", z, np)[0] == pytest.approx([0.7310586, -0.2689414])
    assert activate("swiglu", z, np) == pytest.approx(np.array([[-0.7310586]]))


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="swish"):
        activate("swish", np.zeros((1, 1)), np)
