"""Bad input: one line on stderr that names what and where, exit code 2, nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from doubled import faults

from mmviz.cli.complain import complain
from mmviz.cli.inputs import parse_counts, parse_seconds
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "nope"), "unknown network 'nope'"),
        (("nope",), "unknown network 'nope'"),
        (("plan",), "plan needs a NETWORK"),
        (
            ("plan", "mlp", "--batch", "0"),
            "--batch must be a whole number from 1 to 16 777 216",
        ),
        (("plan", "mlp", "--batch", "1000000000000"), "--batch must be a whole number"),
        (("plan", "mlp", "--batch", "9" * 5000), "--batch must be a whole number"),
        (("plan", "mlp", "--batch", "2,5"), "not '2,5'"),
        (("plan", "mlp", "--batch", "1.000"), "--batch: '1.000' can mean 1000 or 1: write the one"),
        (("plan", "mlp", "--batch", "1 5"), "not '1 5'"),
        (("plan", "mlp", "--batch", "4k"), "--batch must be a whole number"),
        (("bench", "mlp", "--batch", "1,024"), "a comma parts two numbers here"),
        (("bench", "mlp", "--batch", "1,128, 2,256"), "a comma parts two numbers here"),
        (("sweep", "mlp", "--batch", "1,024"), "a comma parts two numbers here"),
        (
            ("bench", "mlp", "--seconds", "2,039"),
            "--seconds: '2,039' can mean 2039 or 2.039: write",
        ),
        (("bench", "mlp", "--seconds", "2 min"), "--seconds must be a number of seconds above 0"),
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
    assert faults(err) == []
    assert sentence in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"inputs = 2\n[[layers]]\nunits = 1\nbias = [nan]\n", "must be finite"),
        (b"inputs = 2\n[[lay", "not valid TOML"),
        (b"x = " + b"[" * 20_000, "nested too deep"),
        (b"x = " + b"9" * 5_000, "own.toml: "),
        (b"#" * 2_000_000, "more than 800 000 quotes and comments"),
        (
            b"# " + b"x" * 2_000_000,
            "larger than 1 000 000 bytes without its packed numbers",
        ),
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
    assert faults(err) == []
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


@pytest.mark.parametrize("batch", ["1,024", "1 024", "1\u202f024", "1_024", "1024.0", "１０２４"])
def test_numbers_are_read_as_people_write_them(mmviz: Mmviz, batch: str) -> None:
    plain = mmviz("plan", "mlp", "--batch", "1024", "--tile", "1024x64", "--json")
    assert mmviz("plan", "mlp", "--batch", batch, "--tile", f"{batch} × 64", "--json") == plain
    product = mmviz("schedule", "1024x64x1024", "--units", "4", "--json")
    assert mmviz("schedule", f"{batch}×64×{batch}", "--units", "4", "--json") == product


def test_counts_are_parted_by_commas_or_semicolons() -> None:
    assert parse_counts("1,128", "--batch") == (1, 128)
    assert parse_counts("1, 128, 1024", "--batch") == (1, 128, 1024)
    assert parse_counts("1,024; 2,048", "--batch") == (1024, 2048)
    assert parse_counts("1 024,2 048", "--batch") == (1024, 2048)
    assert parse_seconds("0,5") == parse_seconds("500 ms") == parse_seconds(".5 s") == 0.5


def test_no_line_carries_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    complain(ENGLISH, Text(N_("cannot read {path}: {reason}"), path="a\x1b[2Jb", reason="c\nd"))
    assert capsys.readouterr().err == "mmviz: cannot read a\\x1b[2Jb: c\\nd\n"
