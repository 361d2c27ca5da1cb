"""What a number format costs in digits, said by mmviz plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.core.learning.deviation import ROWS, deviation_of
from mmviz.files.networks import find

Mmviz = Callable[..., tuple[int, str, str]]


def test_json_has_the_figure_and_what_it_was_computed_of(mmviz: Mmviz) -> None:
    code, out, err = mmviz("plan", "16-8-4", "--batch", "100", "--dtype", "float8", "--json")
    assert (code, err) == (0, "")
    found, exact = json.loads(out)["deviation"], deviation_of(find("16-8-4").network, 100, "float8")
    assert found == {
        "of": "network",
        "relative": exact.relative,
        "largest": exact.largest,
        "layers": list(exact.layers),
        "rows": ROWS,
        "source": "computed",
    }


def test_formats_that_keep_the_numbers_say_nothing(mmviz: Mmviz) -> None:
    for dtype in ("float32", "float64"):
        code, out, _ = mmviz("plan", "16-8-4", "--dtype", dtype)
        assert code == 0
        assert "from float64" not in out
        assert "deviation" not in json.loads(mmviz("plan", "16-8", "--dtype", dtype, "--json")[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("two-by-two", "--dtype", "int8"), "int8 takes the output 0.54 % from float64 ("),
        (("digits", "--batch", "128", "--dtype", "nvfp4"), f"first {ROWS} of 128 examples"),
        (("gpt2-small", "--dtype", "nvfp4"), "nvfp4 (4 bit, a scale per 16) takes a product 1"),
        (("gpt2-small", "--dtype", "float8"), f"a sample of {ROWS} rows of each product at most"),
        (
            ("alexnet", "--dtype", "float8"),
            "counts; --deviation computes the whole network",
        ),
    ],
)
def test_it_is_said_beside_the_time(mmviz: Mmviz, words: tuple[str, ...], said: str) -> None:
    code, out, err = mmviz("plan", *words)
    assert (code, err) == (0, "")
    assert said in out


def test_a_large_network_is_computed_where_it_is_asked_for(
    mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmviz.core.learning.deviation.LIGHT", 10)
    line = ("plan", "16-8-4", "--dtype", "float16", "--json")
    sampled = json.loads(mmviz(*line)[1])["deviation"]
    assert (sampled["of"], len(sampled["layers"])) == ("products", 2)
    whole = json.loads(mmviz(*line, "--deviation")[1])["deviation"]
    assert whole["of"] == "network"
    assert whole["relative"] == whole["layers"][1] > 0


def test_numbers_past_the_range_have_no_figure(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_text(
        "inputs = 1\nexamples = [[100000.0]]\n[[layers]]\nunits = 1\nweights = [[1.0]]\n"
    )
    code, out, err = mmviz("plan", str(path), "--dtype", "float16")
    assert (code, err) == (0, "")
    assert "no deviation in float16: numbers leave its range" in out
    found = json.loads(mmviz("plan", str(path), "--dtype", "float16", "--json")[1])["deviation"]
    assert (found["relative"], found["layers"]) == (None, [None])
