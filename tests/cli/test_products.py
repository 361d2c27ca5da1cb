"""A list of products on the command line, where a network could stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mmviz.files.products import read_rows

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture
def listed(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_text("name,k,m,n,count,time_ms\nscores,64,256,256,12,0.1\nup,100,300,50,1,0.2\n")
    return str(path)


def test_plan_names_its_products_with_their_count(mmviz: Mmviz, listed: str) -> None:
    code, out, err = mmviz("plan", listed, "--device", "a100", "--json")
    assert (code, err) == (0, "mmviz: note: column time_ms is not used\n")
    found = json.loads(out)
    assert (found["network"], found["batch"]) == ("list", None)
    assert found["notes"] == ["column time_ms is not used"]
    shapes = [(p["name"], p["role"], p["m"], p["n"], p["k"], p["count"]) for p in found["products"]]
    assert shapes == [
        ("scores", "product", 256, 256, 64, 12),
        ("up", "product", 300, 50, 100, 1),
    ]
    assert found["products"][0]["flop"] == 2 * 256 * 256 * 64


def test_plan_as_text_counts_them_all(mmviz: Mmviz, listed: str) -> None:
    code, out, _ = mmviz("plan", listed)
    assert code == 0
    assert out.startswith("list, a list of products, float32, on ")
    assert "scores ×12" in out
    flop = 12 * 2 * 256 * 256 * 64 + 2 * 300 * 50 * 100
    assert "13 products" in out
    assert f"{flop / 1e6:.0f} MFLOP" in out


def test_schedule_counts_waves_as_often_as_they_are(mmviz: Mmviz, listed: str) -> None:
    words = ("schedule", listed, "--units", "4", "--tile", "128x128", "--json")
    code, out, _ = mmviz(*words)
    assert code == 0
    found = json.loads(out)
    assert [p["name"] for p in found["products"]] == ["scores ×12", "up"]
    assert found["waves"] == 12 * 1 + 1
    steps = (12 * 2 * 4, 12 * 2 * 4)  # scores: every unit is busy for two k-steps, twelve times
    rest = (3 * 4, 4 * 4)  # up: three tiles of four k-steps on four units
    assert found["efficiency"] == pytest.approx((steps[0] + rest[0]) / (steps[1] + rest[1]))


@pytest.mark.parametrize("command", ["plan", "schedule", "screenshot", "bench"])
@pytest.mark.parametrize("option", [("--batch", "8"), ("--training",)])
def test_batch_and_training_do_not_belong_to_a_list(
    mmviz: Mmviz, listed: str, tmp_path: Path, command: str, option: tuple[str, ...]
) -> None:
    out = (str(tmp_path / "x.png"),) if command == "screenshot" else ()
    code, _, err = mmviz(command, *out, listed, *option)
    assert code == 2
    assert err == (
        "mmviz: --batch and --training belong to a network of layers; "
        "a list of products has neither\n"
    )


def test_a_list_is_timed_whole_and_checked(mmviz: Mmviz, tmp_path: Path) -> None:
    path, found = tmp_path / "list.csv", tmp_path / "r.json"
    path.write_text("m,n,k,count,batch,name\n8,8,16,2,3,heads\n30,5,10,1,1,up\n")
    asked = ("--backend", "numpy", "--backend", "loop", "--seconds", "0.1")
    code, out, _ = mmviz("bench", str(path), *asked, "--json", str(found))
    assert code == 0
    assert out.splitlines()[1] == "list · inference · float32"
    runs = json.loads(found.read_text())["runs"]
    assert [run["backend"] for run in runs] == ["numpy", "loop"]
    assert all(run["max_error"] < 1e-5 for run in runs)
    assert [(part["what"], part["layer"]) for part in runs[0]["parts"]] == [
        ("product", 0),
        ("product", 1),
    ]
    assert len(runs[0]["cold"]) > 0
    assert runs[0]["copied"] == []


def test_a_list_that_needs_more_than_there_is_is_refused_at_once(
    mmviz: Mmviz, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("m,n,k\n16000000,16000000,1000\n")
    code, out, err = mmviz("bench", str(path), "--backend", "numpy")
    assert (code, out) == (2, "")
    assert err.startswith("mmviz: large needs ")


@pytest.mark.parametrize("command", ["plan", "schedule", "bench", ""])
def test_a_wrong_row_is_named(mmviz: Mmviz, tmp_path: Path, command: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("m,n,k\n1,2,3\n1,two,3\n")
    code, out, err = mmviz(*filter(None, (command, str(path))))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "bad.csv, line 3, column n must be a whole number from 1 to 16 777 216" in err


def test_presets_tell_lists_from_networks(mmviz: Mmviz) -> None:
    code, out, _ = mmviz("presets", "--json")
    assert code == 0
    presets = {preset["id"]: preset for preset in json.loads(out)}
    listed = presets["gpt2-small"]
    assert (listed["inputs"], listed["layers"]) == (None, [])
    scores = {"name": "scores", "m": 1024, "n": 1024, "k": 64, "batch": 12, "count": 12}
    scores["group"] = None
    assert listed["products"][1] == scores
    assert "products" not in presets["alexnet"]
    assert (listed["level"], presets["one-neuron"]["level"]) == ("list", "first")
    assert "7 rows · 337 products" in mmviz("presets")[1]


def test_a_group_is_priced_together_wherever_the_file_is_cut(
    mmviz: Mmviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "experts.csv"
    rows = "".join(f"{8 * i + 8},4096,1024,{'up' if i > 1 else ''}\n" for i in range(7))
    path.write_text("m,n,k,group\n" + rows)
    words = ("plan", "--gemms", str(path), "--device", "h100", "--dtype", "bfloat16")
    code, out, _ = mmviz(*words)
    assert code == 0
    again = [line.split(",") for line in out.splitlines()]
    at = again[0].index("predicted_s")
    total = sum(float(line[at]) for line in again[1:])
    plan = json.loads(mmviz("plan", str(path), *words[3:], "--json")[1])
    assert total == pytest.approx(plan["total"]["predicted_s"], rel=1e-4)
    assert [one["group"] for one in plan["products"]] == [None, None, *["up"] * 5]
    monkeypatch.setattr("mmviz.cli.price.read_rows", partial(read_rows, chunk=3))
    assert mmviz(*words)[1] == out
