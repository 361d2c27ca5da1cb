"""mmviz advise, as text and as JSON, and measured with the real child."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mmviz.bench.messages import Compared
from mmviz.cli import advise as command
from mmviz.core.advice.advice import Advice
from mmviz.core.device.device import Calibration, Device
from mmviz.errors import BenchError
from mmviz.files.devices import read_device
from mmviz.text import N_

Mmviz = Callable[..., tuple[int, str, str]]


def advice(mmviz: Mmviz, *words: str) -> dict[str, Any]:
    code, out, err = mmviz("advise", *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


GPT2 = ("gpt2-vocab", "--device", "a100", "--dtype", "float16", "--batch", "512")


def test_gpt2_is_padded_and_gains_by_alignment(mmviz: Mmviz) -> None:
    found = advice(mmviz, *GPT2)
    piece = found["advice"][0]
    assert piece["change"] == {"what": "units of vocabulary", "from": 50257, "to": 50304}
    assert piece["cause"] == "alignment"
    assert "by alignment, not by tiles" in piece["text"]
    assert "0.093 % past the edge before" in piece["text"]
    assert "one published figure" in piece["text"]
    assert piece["tiles"][0] == piece["tiles"][1]
    before, after = piece["predicted_s"]
    assert piece["gain"] == pytest.approx(1 - after / before)
    assert piece["gain"] > piece["error"] > 0


def test_json_has_the_keys_that_were_promised(mmviz: Mmviz) -> None:
    found = advice(mmviz, *GPT2)
    assert list(found) == [
        "network", "batch", "device", "dtype", "training", "basis", "fits", "largest_batch",
        "why_none", "advice", "remarks",
    ]  # fmt: skip
    for piece in found["advice"]:
        assert {"change", "text", "predicted_s", "tiles", "waves", "gain", "error"} <= set(piece)
    assert found["why_none"] == ""
    assert found["remarks"][0]["kind"] == "remark"


def test_text_is_wrapped_and_leads_with_the_gain(mmviz: Mmviz) -> None:
    code, out, _ = mmviz("advise", *GPT2)
    assert code == 0
    lines = out.splitlines()
    assert all(len(line) <= 88 for line in lines)
    assert lines[0].startswith("GPT-2 vocabulary, batch 512, inference, float16, on NVIDIA A100")
    assert "; ± of kernels alone: launches by the host" in " ".join(out.split())
    heads = [line.partition(": ") for line in lines if line.startswith("−")]
    assert any(re.fullmatch(r"−[\d.]+ % ± [\d.]+ %", head) for head, _, _ in heads)
    for head, _, rest in heads:
        assert head.endswith("% per example" if rest.startswith("batch ") else "%")
    assert any(line.startswith("ok: vocabulary is compute-bound") for line in lines)


def test_the_padded_vocabulary_needs_no_padding(mmviz: Mmviz) -> None:
    found = advice(mmviz, "gpt2-vocab-padded", *GPT2[1:])
    assert [p for p in found["advice"] if p["change"]["what"].startswith("units")] == []


def test_training_and_lists(mmviz: Mmviz) -> None:
    assert advice(mmviz, "alexnet", "--device", "h100", "--dtype", "float16", "--training")
    found = advice(mmviz, "gpt2-small", "--device", "a100", "--dtype", "float16")
    assert found["batch"] is None
    assert found["advice"][0]["change"] == {"what": "n of vocabulary", "from": 50257, "to": 50304}


def test_where_no_error_is_known_one_sentence_says_so(mmviz: Mmviz) -> None:
    found = advice(mmviz, "alexnet", "--device", "tpu-v3", "--dtype", "bfloat16")
    assert found["advice"] == []
    assert found["why_none"].startswith("No advice: how far times on TPU v3 in bfloat16 are off")
    code, out, _ = mmviz("advise", "alexnet", "--device", "lanes-16")
    assert code == 0
    assert "No advice: no time is known" in out


def test_an_uncalibrated_machine_names_the_way_out(mmviz: Mmviz) -> None:
    for words in (("advise", "alexnet"), ("plan", "alexnet"), ("advise", "alexnet", "--measure")):
        code, out, err = mmviz(*words)
        assert (code, err) == (0, "")
        assert "not calibrated: time is counted in steps" in " ".join(out.split())
        assert "mmviz calibrate measures it" in out
        assert ("without advice there is nothing to time" in out) == ("--measure" in words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alexnet", "--batch", "0"), "--batch must be a whole number"),
        (("gpt2-small", "--batch", "3"), "a list of products has neither"),
        (("alexnet", "--seconds", "no"), "--seconds must be a number"),
        (("gpt2-small", "--measure"), "open one of its products alone"),
        (("alexnet", "--device", "tpu-v2", "--measure"), "--measure needs TPU v2 in this computer"),
    ],
)
def test_bad_input_is_one_line(mmviz: Mmviz, words: tuple[str, ...], said: str) -> None:
    code, out, err = mmviz("advise", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def certain(device: Device) -> Device:
    """This machine as if it were calibrated to a hair: advice where a batch of 6 becomes 8."""
    names = ("t0", "one", "all", "near")
    constants = tuple(zip(names, (1e-4, 1e-12, 1e-12, 1e-12), strict=True))
    fitted = Calibration("float32", constants, 20, 10, 0.001, 0.001, "made", True)
    return replace(
        device, peaks=(("float32", 1e12),), bandwidth=1e11, calibrations=(fitted,), missing=""
    )


def test_measure_runs_both_shapes(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> None:
    from mmviz.cli import inputs

    monkeypatch.setattr(inputs, "read_device", lambda name: certain(read_device(name)))
    words = ("16-12-4", "--batch", "6", "--measure", "--seconds", "0.1")
    found = advice(mmviz, *words)
    piece = found["advice"][0]
    assert piece["change"]["what"] == "batch"
    assert piece["cause"] == "launch"
    assert piece["measured"]["gain"] < 1
    assert min(piece["measured"]["passes"]) >= 1
    first, second = piece["measured"]["p50_s"]
    per_example = second / piece["change"]["to"] * 6 / first
    assert piece["measured"]["gain"] == pytest.approx(1 - per_example)
    code, out, _ = mmviz("advise", *words)
    assert code == 0
    assert "  measured " in out
    assert command.MEASURE_S == 2.0


def test_what_was_measured_before_the_end_is_told(
    mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mmviz.cli import inputs

    monkeypatch.setattr(inputs, "read_device", lambda name: certain(read_device(name)))
    words = ("advise", "16-12-4", "--batch", "6", "--measure", "--json")
    real = command.advise
    monkeypatch.setattr(command, "advise", lambda setup: twice(real(setup)))
    seen: list[int] = []

    def twice(found: Advice) -> Advice:
        return replace(found, pieces=found.pieces * 2)

    def until(last: int, how: Callable[[threading.Event], None]) -> None:
        def compare(_: object, __: object, *, stop: threading.Event) -> Compared | None:
            seen.append(1)
            if len(seen) == last:
                how(stop)
                return None
            return Compared(([2.0], [1.0]))

        seen.clear()
        monkeypatch.setattr(command, "compare", compare)

    def fail(_: threading.Event) -> None:
        raise BenchError(N_("it broke"))

    until(2, lambda stop: stop.set())
    code, out, err = mmviz(*words)
    assert (code, err) == (130, "mmviz: stopped\n")
    first, *rest = json.loads(out)["advice"]
    assert first["measured"]["p50_s"] == [2.0, 1.0]
    assert rest
    assert not any("measured" in piece for piece in rest)
    until(2, fail)
    code, out, err = mmviz(*words)
    assert (code, err) == (2, "mmviz: it broke\n")
    assert "measured" in json.loads(out)["advice"][0]
    assert isinstance(json.loads(out)["warnings"], list)


REC = ("1333-3000-2500-700", "--batch", "200")


@pytest.mark.parametrize(("device", "dtype"), [("a100", "bfloat16"), ("h100", "int8")])
def test_no_neighbour_is_predicted_to_be_better_than_the_advised_one(
    mmviz: Mmviz, device: str, dtype: str
) -> None:
    def takes(inputs: int) -> float:
        words = (f"{inputs}-3000-2500-700", *REC[1:], "--device", device, "--dtype", dtype)
        found: float = json.loads(mmviz("plan", *words, "--json")[1])["total"]["predicted_s"]
        return found

    found = advice(mmviz, *REC, "--device", device, "--dtype", dtype)
    (padded,) = (x for x in found["advice"] if x["change"]["what"] == "input features")
    after = takes(padded["change"]["to"])
    assert after == pytest.approx(padded["predicted_s"][1])
    best = min(takes(inputs) for inputs in (1336, 1344, 1408, 1472))
    gain, most = (1 - x / takes(1333) for x in (after, best))
    assert gain >= 0.99 * most, "what reads alike is alike"


def test_a_figure_above_another_does_not_read_like_it(mmviz: Mmviz) -> None:
    _, out, _ = mmviz("advise", *REC, "--device", "rtx4090", "--dtype", "bfloat16")
    assert "intensity 174.4 above the ridge of 173.9 of NVIDIA RTX 4090" in " ".join(out.split())
