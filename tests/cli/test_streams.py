"""- is standard input where a file is read and standard output where one is written, everywhere."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.files import devices

Mmviz = Callable[..., tuple[int, str, str]]
LIST = "m,n,k,name\n64,32,16,one\n"
NETWORK = 'name = "mine"\ninputs = 4\n[[layers]]\nunits = 2\n'
SIDES = itertools.product((64, 256, 1024), (64, 512, 2048, 4096), (64, 300, 4096))
ROWS = [f"{m},{n},{k},{0.01 + m * n * k * 1e-10}" for m, n, k in SIDES]
TIMINGS = "m,n,k,time_ms\n" + "\n".join(ROWS)


@pytest.fixture
def piped(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> Mmviz:
    """mmviz with its first argument as standard input."""

    def call(text: str, *words: str) -> tuple[int, str, str]:
        stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode())))  # type: ignore[type-var]
        monkeypatch.setattr(sys, "stdin", stream)
        done = mmviz(*words)
        assert not stream.closed
        return done

    return call


@pytest.mark.parametrize("command", ["plan", "schedule", "advise"])
@pytest.mark.parametrize("text", [LIST, NETWORK])
def test_a_network_or_a_list_from_standard_input(
    piped: Mmviz, tmp_path: Path, command: str, text: str
) -> None:
    path = tmp_path / "standard input"
    path.write_text(text)
    words = ("--device", "a100", "--json")
    code, out, err = piped(text, command, "-", *words)
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(piped("", command, str(path), *words)[1])


def test_what_comes_in_is_named_where_it_is_wrong(piped: Mmviz) -> None:
    assert piped("m,n,k\n1,2,x\n", "plan", "-")[2].startswith("mmviz: standard input, line 2, col")
    assert "standard input: this is JSON" in piped('{"a": 1}', "plan", "-")[2]
    assert piped("", "plan", "-")[0] == 2
    assert "standard input: larger than" in piped(LIST + "1,2,3,x\n" * 600_000, "plan", "-")[2]


def test_a_sweep_of_standard_input_to_standard_output(piped: Mmviz) -> None:
    words = ("--batch", "1,8", "--device", "a100", "--csv", "-")
    code, out, _ = piped(NETWORK, "sweep", "-", *words)
    assert (code, len(out.splitlines())) == (0, 3)
    assert "--json and --csv cannot both" in piped(NETWORK, "sweep", "-", *words, "--json", "-")[2]


def test_a_list_is_priced_from_end_to_end(piped: Mmviz) -> None:
    words = ("plan", "--gemms", "-", "--device", "a100", "--dtype", "float16")
    code, out, err = piped(LIST, *words, "-o", "-")
    assert (code, err) == (0, "")
    added = "predicted_s,error,tile,waves,bound,predicted_kind"
    assert out.splitlines()[0] == f"m,n,k,name,{added}"
    assert piped(LIST, *words)[1] == out
    assert piped("m,n,k,B\n1,2,3,4\n", *words)[2] == ""
    said = "mmviz: note: each time is of one launch, whatever count says\n"
    assert piped("m,n,k,B,count\n1,2,3,4,5\n", *words)[2] == said


@pytest.mark.parametrize("option", ["--json", "--csv"])
def test_timings_to_standard_output_and_nothing_else(mmviz: Mmviz, option: str) -> None:
    words = ("bench", "4-2", "--backend", "numpy", "--seconds", "0.05")
    code, out, err = mmviz(*words, option, "-")
    assert (code, err) == (0, "")
    found = json.loads(out)["runs"] if option == "--json" else out.splitlines()
    assert found
    assert not Path("-").exists()
    both = mmviz(*words, "--json", "-", "--csv", "-")
    assert "cannot both be written to standard output" in both[2]
    assert "a chart is not written to standard output" in mmviz(*words, "--chart", "-")[2]


def test_a_device_is_fitted_from_end_to_end(piped: Mmviz, tmp_path: Path) -> None:
    words = ("calibrate", "--device", "a100", "--timings", "-", "-o", "-")
    code, out, err = piped(TIMINGS, *words)
    assert (code, err) == (0, "")
    (tmp_path / "mine.toml").write_text(out)
    fitted = devices.read_device(str(tmp_path / "mine.toml")).calibration("bfloat16")
    assert fitted is not None
    assert fitted.source == "fitted to standard input"
    assert "cannot both be written" in piped(TIMINGS, *words, "--json")[2]


@pytest.mark.parametrize(
    ("dtype", "words", "said"),
    [
        ("float16", (), None),
        ("f16_r", (), None),
        ("bfloat16", ("--dtype", "float16"), "are in 'bfloat16', not in float16"),
        ("fp8", (), "cannot be fitted in float8"),
        ("float6", (), "are in 'float6', not in bfloat16"),
    ],
)
def test_the_number_format_that_a_table_names_is_kept(
    piped: Mmviz, dtype: str, words: tuple[str, ...], said: str | None
) -> None:
    text = TIMINGS.replace("time_ms", "time_ms,dtype,runs").replace("\n", f",{dtype},3\n")
    text = text.replace(f"runs,{dtype},3", "runs") + f",{dtype},3"
    fit = ("calibrate", "--device", "a100", "--timings", "-", "-o", "-", *words)
    code, out, err = piped(text, *fit)
    if said is None:
        assert (code, err) == (0, "mmviz: note: column runs is not used\n")
        assert "[calibration.float16]" in out
    else:
        assert said in err


def test_a_picture_to_standard_output() -> None:
    pytest.importorskip("PyQt6")
    words = [sys.executable, "-m", "mmviz", "screenshot", "-", "mlp", "--size", "1400x900"]
    done = subprocess.run(words, capture_output=True)
    assert done.stdout.startswith(b"\x89PNG\r\n"), done.stderr
    assert done.stderr == b""


def test_what_is_no_command_and_no_network_names_both(mmviz: Mmviz) -> None:
    for word in ("frob", "plann"):
        code, _, err = mmviz(word)
        assert code == 2
        assert f"unknown network '{word}': not a preset (one-neuron, " in err
        assert "nor a command (presets, devices, backends, plan, sweep," in err
    assert "nor a command (presets," in mmviz("frob", "alexnet", "--batch", "3")[2]
    assert "unrecognized arguments: --batch 3" in mmviz("alexnet", "--batch", "3")[2]
    assert "nor a command" not in mmviz("plan", "frob")[2]


def test_a_long_network_is_named_by_its_ends(mmviz: Mmviz) -> None:
    words = "-".join(map(str, range(1000, 1101)))
    out = mmviz("plan", words)[1]
    assert out.startswith("1000-1001-…-1099-1100, batch 1,")
    err = mmviz("sweep", words, "--width", "fc=1:2")[2]
    assert "--width: 1000-1001-…-1099-1100 has no layer 'fc'" in err


def test_two_ranges_that_are_too_many_together_say_so(mmviz: Mmviz) -> None:
    err = mmviz("sweep", "alexnet", "--batch", "1:2048", "--width", "fc6=1:4096")[2]
    assert "4 096 points, more than the 4 that fit a sweep of 10 000 beside 2 048 others" in err
    assert "as 1:4096:1024" in err


def test_a_product_has_up_to_a_thousand_million_terms(mmviz: Mmviz) -> None:
    for words in (("--units", "4"), ("--dataflow", "ws", "--array", "8x8"), ("--device", "a100")):
        for k in ("1e9", "1000000000"):
            code, _, err = mmviz("schedule", f"64x64x{k}", *words, "--json")
            assert (code, err) == (0, "")
    assert "k of MxNxK must be a whole number" in mmviz("schedule", "64x64x1000000001")[2]
    assert "MxNxK must be a whole number from 1 to 16 777" in mmviz("schedule", "1e9x64x64")[2]
