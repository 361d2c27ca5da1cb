"""Formats are emulated, by rounded inputs or short sums; the number tells them apart."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends.registry import find
from mmviz.bench.fingerprint import K, fingerprint, precision, reading, take


def _operands(k: int = K) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    random = np.random.default_rng(3)
    a = random.standard_normal((64, k)).astype(np.float32)
    return a, (random.standard_normal((k, 64)) * 0.01).astype(np.float32)


def _bits(values: np.ndarray, kept: int) -> np.ndarray:  # type: ignore[type-arg]
    """float32 with so many bits of mantissa, rounded to nearest."""
    cut = 23 - kept
    whole = values.view(np.uint32).astype(np.uint64) + (1 << (cut - 1))
    return (whole >> cut << cut).astype(np.uint32).view(np.float32)


def _half_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    c = np.zeros((len(a), b.shape[1]), np.float16)
    for k in range(a.shape[1]):
        c += (a[:, k, None] * b[None, k]).astype(np.float16)
    return c


def test_each_format_has_its_own_number() -> None:
    a, b = _operands()
    double = a.astype(np.float64) @ b
    found = {
        "float64": fingerprint(double, a, b),
        "float32": fingerprint(a @ b, a, b),
        "tf32": fingerprint(_bits(a, 10) @ _bits(b, 10), a, b),
        "bfloat16": fingerprint(_bits(a, 7) @ _bits(b, 7), a, b),
        "float16 sums": fingerprint(_half_sums(a, b), a, b),
    }
    assert {name: precision(e) for name, e in found.items()} == {name: name for name in found}
    assert found["tf32"] == pytest.approx(2.9e-4, rel=0.1)
    assert found["bfloat16"] == pytest.approx(2.4e-3, rel=0.1)


@pytest.mark.parametrize("k", [256, 1024, 4096])
def test_it_depends_on_neither_size_nor_scale(k: int) -> None:
    a, b = _operands(k)
    e = fingerprint(_bits(a, 10) @ _bits(b, 10), a, b)
    large = 1000 * a
    again = fingerprint(_bits(large, 10) @ _bits(b, 10), large, b)
    assert again == pytest.approx(e, rel=0.05)
    assert e == pytest.approx(2.9e-4, rel=0.1)


def test_what_is_said_of_it() -> None:
    assert reading(2e-7, "float32") is None
    assert str(reading(2.9e-4, "float32")) == "this ran in TF32"
    assert str(reading(2.4e-3, "tf32")) == "this ran in bfloat16"
    assert reading(3.6e-4, "float16") is None
    assert str(reading(5e-3, "float16")) == "this added up in float16"
    assert str(reading(2e-7, "float64")) == "this ran in float32"


@pytest.mark.parametrize(("name", "flop_s"), [("numpy", 1e11), ("numpy", 1e6), ("loop", 1e7)])
def test_backends_run_in_what_they_say(name: str, flop_s: float) -> None:
    for dtype in ("float32", "float64"):
        assert reading(take(find(name), dtype, flop_s), dtype) is None
