"""Bad input: one line on stderr that names what and where, exit code 2, nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.cli.complain import complain
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "nope"), "unknown network 'nope'"),
        (("nope",), "unknown network 'nope'"),
        (("plan",), "plan needs a NETWORK"),
        (("plan", "mlp", "--batch", "0"), "--batch must be a whole number from 1 to 16,777,216"),
        (("plan", "mlp", "--batch", "1000000000000"), "--batch must be a whole number"),
        (("plan", "mlp", "--batch", "9" * 5000), "--batch must be a whole number"),
        (("plan", "mlp", "--batch", "+5"), "not '+5'"),
        (("plan", "mlp", "--batch", "1_000"), "not '1_000'"),
        (("plan", "mlp", "--batch", "1e3"), "not '1e3'"),
        (("plan", "mlp", "--batch", "٣"), "--batch must be a whole number"),
        (("plan", "mlp", "--batch", ""), "--batch must be a whole number"),
        (("plan", "mlp", "--batch"), "expected one argument"),
        (("plan", "mlp", "--device", "a1000"), "unknown device 'a1000'; known are this-machine"),
        (("plan", "mlp", "--device", ""), "unknown device ''"),
        (("plan", "mlp", "--dtype", "int7"), "unknown dtype 'int7'; known are float64, float32"),
        (("plan", "mlp", "--tile", "128"), "--tile must look like 256x128"),
        (("plan", "mlp", "--tile", "0x4"), "--tile must be a whole number"),
        (("plan", "mlp", "--tile", "4x4x4"), "--tile must look like"),
        (("plan", "mlp", "--wat"), "unrecognized arguments: --wat"),
        (("plan", "784-0"), "a width must be a whole number"),
        (("screenshot", "x.png", "mlp", "--size", "1x1"), "--size must look like 1680x1050"),
        (("screenshot", "x.png", "mlp", "--at", "2"), "--at must be a number from 0 to 1"),
        (("screenshot", "x.png", "mlp", "--at", "nan"), "--at must be a number from 0 to 1"),
        (("screenshot", "x.png", "mlp", "--theme", "blue"), "--theme must be dark or light"),
        (("screenshot", "x.jpg", "mlp"), "a screenshot is written as .png"),
        (("screenshot", "x.png", "mlp", "--product", "4"), "the pass has 3 products"),
        (("screenshot",), "required: OUT.png"),
        (("--wat",), "unrecognized arguments: --wat"),
        (("PLAN", "alexnet"), "unknown command 'PLAN'; commands are presets, devices"),
    ],
)
def test_one_line_and_exit_code_2(
    mmviz: Mmviz,
    words: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = mmviz(*words)
    assert (code, out) == (2, "")
    assert err.startswith("mmviz: ")
    assert err.count("\n") == 1
    assert len(err) < 700
    assert sentence in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"inputs = 2\n[[layers]]\nunits = 1\nbias = [nan]\n", "must be finite"),
        (b"inputs = 2\n[[lay", "not valid TOML"),
        (b"x = " + b"[" * 20_000, "nested too deep"),
        (b"x = " + b"9" * 5_000, "own.toml: "),
        (b"#" * 2_000_000, "larger than 1,000,000 bytes"),
        (b"batch = nan\ninputs = 2\n[[layers]]\nunits = 1\n", "batch: expected a whole number"),
        (b'device = "abacus"\ninputs = 2\n[[layers]]\nunits = 1\n', "unknown device 'abacus'"),
    ],
)
def test_files_are_named(mmviz: Mmviz, content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    code, out, err = mmviz("plan", str(path))
    assert (code, out) == (2, "")
    assert "own.toml" in err
    assert sentence in err
    assert err.count("\n") == 1
    assert mmviz("plan", str(tmp_path))[0] == 2


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m mmviz presets | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
    assert done.stdout.startswith("one-neuron")
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_terminal_of_plain_ascii_gets_plain_signs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mmviz", "plan", "alexnet", "--device", "a100"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert b"128 x 4 096 x 9 216" in done.stdout
    assert b"?" not in done.stdout


def shell(command: str) -> subprocess.CompletedProcess[str]:
    words = ["bash", "-c", command.replace("mmviz", f"{sys.executable} -m mmviz", 1)]
    return subprocess.run(words, capture_output=True, text=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    done = shell("mmviz plan alexnet > /dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("mmviz: cannot write the output")
    assert done.stderr.count("\n") == 1


def test_closed_streams_are_no_traceback() -> None:
    done = shell("mmviz plan alexnet >&-")
    assert (done.returncode, done.stderr) == (0, "")
    done = shell("mmviz plan nope 2>&-")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_byte_order_mark_is_no_error(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xef\xbb\xbfinputs = 2\n[[layers]]\nunits = 3\n")
    assert mmviz("plan", str(path))[0] == 0


def test_a_tile_may_be_written_as_it_is_printed(mmviz: Mmviz) -> None:
    assert mmviz("plan", "mlp", "--tile", "128×64")[0] == 0


def test_no_line_carries_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    complain(ENGLISH, Text(N_("cannot read {path}: {reason}"), path="a\x1b[2Jb", reason="c\nd"))
    assert capsys.readouterr().err == "mmviz: cannot read a?[2Jb: c d\n"
