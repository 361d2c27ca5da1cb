"""mmviz plan, presets and devices, as text and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mmviz.files.devices import device_ids
from mmviz.files.networks import preset_ids
from mmviz.files.this_machine import usable_cores

Mmviz = Callable[..., tuple[int, str, str]]


def plan(mmviz: Mmviz, *words: str) -> dict[str, Any]:
    code, out, err = mmviz("plan", *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_alexnet_in_training_has_8_products(mmviz: Mmviz) -> None:
    found = plan(mmviz, "alexnet", "--batch", "128", "--training")
    keys = "network batch device dtype launch_kind source products total"
    assert list(found) == keys.split()
    assert found["source"] == "modelled"
    assert found["network"] == "alexnet"
    assert (found["batch"], found["device"], found["dtype"]) == (128, "this-machine", "float32")
    products = found["products"]
    assert len(products) == 8
    forward = [p for p in products if p["role"] == "forward"]
    assert (forward[-1]["m"], forward[-1]["n"], forward[-1]["k"]) == (128, 1000, 4096)
    assert forward[-1]["flop"] == 2 * 128 * 1000 * 4096
    assert list(products[0]) == [
        "name", "role", "m", "n", "k", "flop", "tile", "order", "tiles_m", "tiles_n", "tiles",
        "slots", "waves", "tile_efficiency", "wave_efficiency", "bytes", "intensity",
        "ridge", "bound", "compute_bound_batch", "at_peak_s", "losses", "limiter", "predicted_s",
        "error", "basis",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "tiles", "waves"),
    [
        (("128-256", "--batch", "257", "--tile", "128x128", "--device", "a100"), 6, 1),
        (("128-256", "--batch", "256", "--tile", "128x128", "--device", "a100"), 4, 1),
        (("4096-1536", "--batch", "2304", "--tile", "256x128", "--device", "a100"), 108, 1),
        (("4096-1664", "--batch", "2304", "--tile", "256x128", "--device", "a100"), 117, 2),
    ],
)
def test_published_tiles_and_waves(
    mmviz: Mmviz, words: tuple[str, ...], tiles: int, waves: int
) -> None:
    (product,) = plan(mmviz, *words)["products"]
    assert (product["tiles"], product["waves"]) == (tiles, waves)


def test_defaults_are_the_presets_batch_and_this_machine(mmviz: Mmviz) -> None:
    assert plan(mmviz, "alexnet")["batch"] == 128
    found = plan(mmviz, "784-10")
    assert (found["network"], found["batch"], found["device"]) == ("784-10", 1, "this-machine")
    assert found["products"][0]["slots"] == usable_cores()


def test_the_table_says_the_same(mmviz: Mmviz) -> None:
    code, out, _ = mmviz("plan", "alexnet", "--device", "a100", "--training")
    assert code == 0
    assert len(out.splitlines()) == 1 + 1 + 8 + 8
    assert "8 products" in out
    assert "modelled" in out
    *_, price, energy, memory, parts = out.splitlines()
    assert price.endswith("at 2.79 an hour.")
    assert energy.startswith("At its power limit of 400 W a pass takes ")
    assert re.match(r"Memory: 7\d\d MB of 80.0 GB; the largest batch that fits is 7\d\d", memory)
    assert parts.startswith("  weights 235 MB, activations 9.42 MB, gradients 239 MB, optimizer")


def test_money_and_energy_are_of_the_predicted_time(mmviz: Mmviz) -> None:
    total = plan(mmviz, "alexnet", "--device", "a100")["total"]
    seconds = total["predicted_s"]
    assert total["price_per_pass"] == pytest.approx(seconds * 2.79 / 3600)
    assert total["price_per_million_examples"] == pytest.approx(seconds * 2.79 / 3600 * 1e6 / 128)
    assert total["energy_at_power_limit_j"] == pytest.approx(400 * seconds)
    listed = plan(mmviz, "resnet50", "--device", "a100")["total"]
    assert listed["price_per_pass"] is not None
    assert listed["price_per_million_examples"] is None  # a list has no examples


def test_lists_begin_with_ids(mmviz: Mmviz) -> None:
    for command, ids in (("presets", preset_ids()), ("devices", device_ids())):
        code, out, _ = mmviz(command, "--json")
        assert code == 0
        entries = json.loads(out)
        assert [entry["id"] for entry in entries] == list(ids)
        assert all(next(iter(entry)) == "id" for entry in entries)
        code, out, _ = mmviz(command)
        assert [line.split()[0] for line in out.splitlines()] == list(ids)


def test_an_order_changes_the_plan(mmviz: Mmviz) -> None:
    words = ("16-16", "--batch", "16", "--device", "systolic-8")
    assert plan(mmviz, *words)["products"][0]["tile"] == [16, 8]  # weight-stationary
    assert plan(mmviz, *words, "--order", "is")["products"][0]["tile"] == [8, 16]
    code, out, err = mmviz("plan", *words, "--order", "rows")
    assert (code, out) == (2, "")
    assert "order rows is not one of Systolic 8 × 8's, which are ws, os, is" in err


def test_help_and_version(mmviz: Mmviz) -> None:
    assert "usage: mmviz" in mmviz("--help")[1]
    assert mmviz("--version")[1].startswith("mmviz 0.")


def test_what_cancels_to_nothing_is_nothing(mmviz: Mmviz, tmp_path: Path) -> None:
    vast = tmp_path / "vast.toml"
    vast.write_text('like = "p100"\nmemory_gb = 1e9\n')
    _, out, _ = mmviz("plan", "16777216-16777216", "--device", str(vast), "--dtype", "float16")
    assert "kernel efficiency 0 %" in out


def test_what_does_not_fit_has_no_time(mmviz: Mmviz) -> None:
    words = ("llama-7b-ffn", "--device", "rtx4090", "--dtype", "bfloat16", "--batch", "9000000")
    told = plan(mmviz, *words)
    total = told["total"]
    timed = ("predicted_s", "at_peak_s", "losses", "limiter", "error")
    for of in (*told["products"], total):
        assert [of[name] for name in timed] == [None] * len(timed)
        assert of["flop"] > 0 < of["ridge"]
    paid = ("price_per_pass", "price_per_million", "price_per_million_examples")
    assert [total[name] for name in (*paid, "energy_at_power_limit_j")] == [None] * 4
    assert (total["fits"], total["device_memory_bytes"]) == (False, 24e9)
    assert total["memory_bytes"] == sum(total["memory_parts_bytes"].values()) > 469e9
    assert total["largest_batch"] == 454_377
    _, out, _ = mmviz("plan", *words)
    assert "Does not fit: 470 GB of 24.0 GB; the largest batch that fits is 454\u202f377" in out
    assert "predicted" not in out
    assert "USD" not in out
    fitting = plan(mmviz, *words[:-1], str(total["largest_batch"]))["total"]
    assert fitting["fits"]
    assert fitting["predicted_s"] > 0
    lanes = plan(mmviz, "alexnet", "--device", "lanes-16")["total"]
    assert (lanes["fits"], lanes["device_memory_bytes"]) == (None, None)


def test_launches_are_of_gpus(mmviz: Mmviz, tmp_path: Path) -> None:
    """On a TPU and a CPU --launch eager changed nothing, and nothing was said."""
    rows = tmp_path / "rows.csv"
    rows.write_text("m,n,k\n8,8,8\n")
    for device in ("tpu-v5e", "lanes-16", "this-machine"):
        for of in (("alexnet",), ("--gemms", str(rows))):
            code, out, err = mmviz("plan", *of, "--device", device, "--launch", "eager")
            assert (code, out) == (2, "")
            assert "--launch eager is of GPUs" in err
    eager = plan(mmviz, "alexnet", "--device", "a100", "--launch", "eager")
    assert eager["launch_kind"] == "eager"


def test_the_ridge_and_the_batch_that_reaches_it(mmviz: Mmviz) -> None:
    """8192 → 8192 on a v5e in bfloat16: ridge 240 FLOP/B, reached as 2·b·d²/(2·(2bd + d²))."""
    words = ("8192-8192", "--device", "tpu-v5e", "--dtype", "bfloat16")
    found = plan(mmviz, *words, "--batch", "128")
    (product,), total = found["products"], found["total"]
    assert product["ridge"] == total["ridge"] == pytest.approx(197e12 / 820e9)
    assert product["compute_bound_batch"] == total["compute_bound_batch"] == 256
    sides = [plan(mmviz, *words, "--batch", b)["products"][0]["bound"] for b in ("255", "256")]
    assert sides == ["memory", "compute"]
    assert "compute-bound from batch 256 on" in mmviz("plan", *words)[1]
    pass_ = plan(mmviz, "8192-8192-10", *words[1:], "--batch", "4096")
    each = [product["compute_bound_batch"] for product in pass_["products"]]
    assert each == [256, None]  # ten columns: more bytes than work, whatever the batch
    assert pass_["total"]["compute_bound_batch"] > 256
    assert plan(mmviz, "64x64x64", *words[1:])["total"]["compute_bound_batch"] is None


def test_the_batch_of_the_pass_is_the_least_that_reaches_the_ridge(mmviz: Mmviz) -> None:
    words = ("1024-4096-1024", "--device", "a100", "--dtype", "bfloat16", "--training")
    enough = plan(mmviz, *words)["total"]["compute_bound_batch"]
    for batch, over in ((enough - 1, False), (enough, True)):
        total = plan(mmviz, *words, "--batch", str(batch))["total"]
        assert (total["intensity"] >= total["ridge"]) == over


def test_a_device_without_the_usual_format_is_priced_in_its_nearest(mmviz: Mmviz) -> None:
    code, out, err = mmviz("plan", "mlp", "--device", "tpu-v1", "--json")
    assert (code, json.loads(out)["dtype"]) == (0, "int8")
    assert err == "mmviz: note: TPU v1 has no float32: its times are in int8\n"
    code, out, err = mmviz("plan", "mlp", "--device", "tpu-v1", "--dtype", "float32")
    assert (code, err) == (0, "")
    assert "no data, no peak in float32 is known, but in int8" in out


def test_why_no_error_stands_beside_a_time(mmviz: Mmviz) -> None:
    far = ("vgg16", "--batch", "100000", "--device", "rtx3090", "--dtype", "float16")
    why = (
        "no error is stated of a group, of a tile that timings do not tell from others, "
        "nor far from the sides that were timed"
    )
    assert f"error unknown (calibrated on 800 measured products; {why})" in plain(mmviz, *far)
    assert why not in plain(mmviz, "vgg16", "--device", "rtx3090", "--dtype", "float16")


def plain(mmviz: Mmviz, *words: str) -> str:
    return mmviz("plan", *words)[1].replace("\u202f", " ")
