"""Narrow number formats from the command line: timed, refused, priced."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

Mmviz = Callable[..., tuple[int, str, str]]


def test_int8_is_timed_with_numpy_and_checked(mmviz: Mmviz) -> None:
    line = ("bench", "20-10", "--batch", "4", "--backend", "numpy", "--dtype", "int8")
    code, out, err = mmviz(*line, "--seconds", "0.05")
    assert code == 0, err
    assert "NumPy has no BLAS for integers" in err
    assert "agrees with float64 of the same quantized numbers to" in out
    assert "activations are quantized within the product" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--backend", "numpy", "--dtype", "float8"), "float8 is multiplied here by torch"),
        (("--backend", "loop", "--dtype", "int8"), "int8 is multiplied here by numpy and torch"),
        (("--backend", "numpy", "--dtype", "nvfp4"), "by no backend here yet"),
    ],
)
def test_who_cannot_says_who_can(mmviz: Mmviz, words: tuple[str, ...], said: str) -> None:
    code, _, err = mmviz("bench", "20-10", *words)
    assert code == 2
    assert said in err


@pytest.mark.parametrize(("device", "dtype"), [("h100", "float8"), ("b200", "nvfp4")])
def test_a_device_with_a_peak_has_a_time(mmviz: Mmviz, device: str, dtype: str) -> None:
    line = ("plan", "4096-4096", "--batch", "4096", "--device", device, "--json")
    narrow = json.loads(mmviz(*line, "--dtype", dtype)[1])
    wide = json.loads(mmviz(*line, "--dtype", "bfloat16")[1])
    assert narrow["total"]["predicted_s"] < 0.75 * wide["total"]["predicted_s"]
    assert narrow["total"]["bytes"] < wide["total"]["bytes"]
    assert narrow["products"][0]["intensity"] > wide["products"][0]["intensity"]


def test_training_is_modelled_and_not_timed(mmviz: Mmviz) -> None:
    line = ("--training", "--dtype", "float8")
    found = json.loads(mmviz("plan", "64-32-16", *line, "--device", "h100", "--json")[1])
    assert len(found["products"]) == 5
    _, out, err = mmviz("bench", "20-10", "--backend", "numpy", "--training", "--dtype", "int8",
                        "--seconds", "0.05")  # fmt: skip
    assert "int8 is timed in inference alone" in out + err


@pytest.mark.parametrize("dtype", ["int8", "float8", "nvfp4"])
def test_no_network_is_taught_in_a_narrow_format(mmviz: Mmviz, dtype: str) -> None:
    code, _, err = mmviz("train", "digits", "--dtype", dtype)
    assert code == 2
    assert f"no network is taught in {dtype} here" in err
