"""mmviz devices, and own device files on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calibrations import measured_here

from mmviz.core.time.constants import CONSTANT_NAMES
from mmviz.files.devices import device_ids, own_file, own_folder
from mmviz.files.this_machine import keep

Mmviz = Callable[..., tuple[int, str, str]]


def listed(mmviz: Mmviz, *words: str) -> dict[str, dict[str, Any]]:
    code, out, _ = mmviz("devices", "--json", *words)
    assert code == 0
    return {entry["id"]: entry for entry in json.loads(out)}


def test_json_has_every_figure_with_its_source(mmviz: Mmviz) -> None:
    h100 = listed(mmviz)["h100"]
    assert h100["bandwidth_bytes_per_s"] == 3350e9
    assert (h100["memory_bytes"], h100["power_limit_w"]) == (80e9, 700)
    assert (h100["price_hour"], h100["currency"]) == (3.99, "USD")
    figures = {figure["name"]: figure for figure in h100["figures"]}
    assert (figures["bandwidth"]["value"], figures["bandwidth"]["unit"]) == (3350, "GB/s")
    assert figures["launch"]["status"] == "measured"
    assert "aiconfigurator" in figures["launch"]["source"]
    assert all(figure["source"] and figure["status"] for figure in h100["figures"])


def test_the_list_shows_peak_and_bandwidth_as_published(mmviz: Mmviz) -> None:
    _, out, _ = mmviz("devices", "--dtype", "bfloat16")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert "bfloat16 989.4 TFLOP/s" in lines["h100"]
    assert "304 CUs" in lines["mi300x"]
    assert "5\u202f300 GB/s" in lines["mi300x"]
    assert "bfloat16 no data" in lines["v100"]
    assert "80 GB" in lines["h100"]
    assert "700 W" in lines["h100"]
    assert "3.99 USD/h" in lines["h100"]
    assert "USD" not in lines["m4-max"]
    assert "datasheet only" in lines["rx7900xtx"]
    assert mmviz("devices", "--dtype", "int3")[0] == 2


def test_a_device_without_the_usual_format_shows_the_peak_in_its_nearest(mmviz: Mmviz) -> None:
    lines = {line.split()[0]: line for line in mmviz("devices")[1].splitlines()}
    assert "bfloat16 197 TFLOP/s" in lines["tpu-v5e"]
    assert "int8 92 TFLOP/s" in lines["tpu-v1"]
    assert "float16 no data" in mmviz("devices", "--dtype", "float16")[1]


def test_a_typed_format_that_a_device_lacks_stands_beside_its_nearest(mmviz: Mmviz) -> None:
    """A TPU said "no data" alone where the same list without --dtype showed its peak."""
    lines = {x.split()[0]: x for x in mmviz("devices", "--dtype", "float16")[1].splitlines()}
    assert "float16 no data, bfloat16 197 TFLOP/s" in lines["tpu-v5e"]
    assert "float16 no data  " in lines["lane-1"]
    assert "float16 312 TFLOP/s  " in lines["a100"]


def test_a_network_is_priced_on_every_device(mmviz: Mmviz) -> None:
    """As `plan` prices it on one."""
    code, out, _ = mmviz("devices", "alexnet", "--batch", "512", "--training", "--dtype", "float16")
    assert code == 0
    title, head, *rest, note = out.splitlines()
    assert title == "AlexNet classifier, batch 512, training:"
    assert "a pass costs  a million examples cost" in head
    lines = {line.split()[0]: line for line in rest}
    assert set(lines) == set(device_ids())
    assert "times are modelled" in note
    words = ("--batch", "512", "--training", "--dtype", "float16", "--device", "h100", "--json")
    total = json.loads(mmviz("plan", "alexnet", *words)[1])["total"]
    found = listed(mmviz, "alexnet", *words[:-3])["h100"]["pass"]
    shared = ("predicted_s", "error", "price_per_pass", "price_per_million_examples")
    for name in (*shared, "energy_at_power_limit_j", "fits"):
        assert found[name] == total[name]
    assert "USD" in lines["h100"]
    assert "USD" not in lines["mi300x"]
    assert "no data, lanes have no clock" in lines["lanes-16"]
    assert "no data, no peak in float16 is known, but in bfloat16" in lines["tpu-v4"]
    untyped = listed(mmviz, "alexnet")
    assert [untyped[id]["pass"]["dtype"] for id in ("a100", "tpu-v4")] == ["float32", "bfloat16"]
    assert "pass" not in listed(mmviz)["a100"]


def test_a_pass_that_does_not_fit_costs_nothing_there(mmviz: Mmviz) -> None:
    words = ("llama-7b-ffn", "--batch", "600000", "--dtype", "bfloat16")
    _, out, _ = mmviz("devices", *words)
    lines = {line.split()[0]: line for line in out.splitlines()[2:]}
    assert "does not fit: " in lines["rtx4090"]
    assert "USD" not in lines["rtx4090"]
    assert "USD" in lines["h200"]
    found = listed(mmviz, *words)["rtx4090"]["pass"]
    assert (found["fits"], found["predicted_s"], found["price_per_pass"]) == (False, None, None)


def test_a_list_costs_as_a_whole_and_a_pass_needs_a_network(mmviz: Mmviz) -> None:
    _, out, _ = mmviz("devices", "resnet50")
    assert "the list costs  a million times" in out
    assert listed(mmviz, "resnet50")["a100"]["pass"]["price_per_million_examples"] is None
    for words in (("--batch", "8"), ("--training",)):
        code, out, err = mmviz("devices", *words)
        assert (code, out) == (2, "")
        assert "--batch and --training are of a pass: name its NETWORK" in err
    assert mmviz("devices", "resnet50", "--batch", "8")[0] == 2


def test_own_devices_are_listed_and_bad_ones_named(mmviz: Mmviz) -> None:
    own_folder().mkdir(parents=True)
    own_file("mine").write_text(
        'like = "a100"\n[calibration.float16]\nrows = 3\nheld_out = 1\nsource = "s"\n'
        f"constants = {{ {', '.join(f'{name} = 1.0' for name in CONSTANT_NAMES)} }}\n"
    )
    own_file("bad").write_text("units = x\n")
    code, out, err = mmviz("devices")
    assert code == 0
    assert out.splitlines()[-1].startswith("mine ")
    assert "calibrated in" in out.splitlines()[-1]
    assert err.count("\n") == 1
    assert "bad.toml: not valid TOML" in err
    calibrations = listed(mmviz)["mine"]["calibrations"]
    (found,) = (found for found in calibrations if found["dtype"] == "float16")
    assert (found["constants"], found["rows"], found["error"]) == (
        dict.fromkeys(CONSTANT_NAMES, 1.0),
        3,
        None,
    )


def test_a_device_file_by_its_path(mmviz: Mmviz, tmp_path: Path) -> None:
    file = tmp_path / "half.toml"
    file.write_text('like = "a100"\nname = "Half"\nunits = 54\n')
    code, out, _ = mmviz("plan", "alexnet", "--device", str(file), "--json")
    assert code == 0
    assert json.loads(out)["device"] == file.name
    code, out, _ = mmviz("plan", "alexnet", "--device", str(file))
    assert "on Half" in out
    file.write_text("units = x")
    code, out, err = mmviz("plan", "alexnet", "--device", str(file))
    assert (code, out) == (2, "")
    assert err.startswith(f"mmviz: {file}: not valid TOML")


def test_a_calibration_that_predicts_nothing_is_one_all_the_same(mmviz: Mmviz) -> None:
    def line() -> str:
        return next(x for x in mmviz("devices")[1].splitlines() if x.startswith("this-machine"))

    assert "not calibrated" in line()
    keep(measured_here(fitted=()))
    assert "calibrated, but too disturbed to predict" in line()
    assert "not calibrated" not in line()
