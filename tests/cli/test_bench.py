"""`mmviz bench` and `mmviz backends`, as typed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from mmviz.backends import registry
from mmviz.backends.registry import MODULES
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, read_machine
from mmviz.bench.messages import (
    Aside,
    Checked,
    Estimate,
    Failed,
    Fingerprint,
    Samples,
    Sensing,
    Started,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.sensed import Sensed
from mmviz.bench.sensors_gpu import NO_GPU
from mmviz.cli import backends, bench, run
from mmviz.cli.bench_notes import failure_lines, machine_lines, warning_lines, winner_lines
from mmviz.cli.bench_table import table_of
from mmviz.cli.choose import able
from mmviz.cli.table import lines as table_lines
from mmviz.core.shapes.network import from_widths
from mmviz.text import Text, own

BENCH = ("bench", "6-5-4", "--seconds", "0.02")


def test_a_run_with_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = [tmp_path / name for name in ("r.json", "r.csv")]
    options = ("--json", str(written[0]), "--csv", str(written[1]))
    named = ("--backend", "numpy", "--backend", "loop", "--batch", "1,3")
    assert run([*BENCH, *named, *options]) == 0
    out, err = capsys.readouterr()
    rows = [line.split()[:2] for line in out.splitlines()]
    for row in (["numpy", "1"], ["loop", "1"], ["numpy", "3"], ["loop", "3"]):
        assert row in rows
    assert "6-5-4 · inference · float32" in out
    assert err == ""  # a progress bar is for terminals
    read = json.loads(written[0].read_text())
    assert [(r["backend"], r["batch"]) for r in read["runs"]] == [
        *(("numpy", 1), ("loop", 1)),
        *(("numpy", 3), ("loop", 3)),
    ]
    passes = ("samples_s", "cold", "copied")
    samples = sum(len(r[name]) for r in read["runs"] for name in passes)
    assert len(written[1].read_text().splitlines()) == 1 + samples


def test_quiet_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BENCH, "--training", "--quiet", "--dtype", "float64"]) == 0
    assert capsys.readouterr() == ("", "")


def test_float16_is_warned_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BENCH, "--dtype", "float16", "--backend", "numpy"]) == 0
    out, err = capsys.readouterr()
    assert "float16" in err
    assert "numpy" in out


def test_a_failing_backend_is_told_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BENCH, "--backend", "fake:raise", "--backend", "numpy"]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("mmviz: fake:raise at batch 1: RuntimeError: the fake was told")
    assert "RuntimeError" not in out
    assert "fake:raise" in out
    assert run([*BENCH, "--backend", "fake:raise", "--quiet"]) == 1
    assert capsys.readouterr() == ("", err)


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_dead_child_ends_in_one_form_and_the_rest_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quiet: tuple[str, ...]
) -> None:
    target = tmp_path / "r.json"
    named = ("--backend", "fake:die", "--backend", "numpy")
    assert run([*BENCH, *named, "--json", str(target), *quiet]) == 1
    out, err = capsys.readouterr()
    assert err == "mmviz: fake:die at batch 1: the timing process stopped with exit code 3\n"
    assert bool(out) != bool(quiet)
    dead, timed = json.loads(target.read_text())["runs"]
    assert dead["failure"] == "the timing process stopped with exit code 3"
    assert timed["samples_s"]
    assert timed["failure"] is None


def test_a_run_without_a_sample_still_writes_its_files(tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    assert run([*BENCH, "--backend", "fake:die", "--json", str(target), "--quiet"]) == 1
    assert json.loads(target.read_text())["runs"][0]["samples_s"] == []


def test_a_chart_that_cannot_be_drawn_is_told_before_anything_is_timed(tmp_path: Path) -> None:
    """Qt's libraries are missing: one line, no traceback, exit code 2."""
    program = (
        "import sys\n"
        "from mmviz.cli import bench, run\n"
        "from mmviz.ui import preflight\n"
        "preflight._try_imports = lambda: ('', ('libEGL.so.1',))\n"
        "bench.run_plan = lambda *_, **__: sys.exit('timing was started')\n"
        "sys.exit(run(['bench', '3-2', '--seconds', '0.01', '--chart', sys.argv[1]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "c.svg")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("mmviz: the chart cannot be drawn: libEGL.so.1 cannot be loaded")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "c.svg").exists()


NUMPY = ("--backend", "numpy")  # which need not be looked for


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--backend", "nope"], f"unknown backend 'nope'; known are {', '.join(MODULES)}"),
        (["--backend", "fake:missing"], "cannot run here: this fake is missing everywhere"),
        (["--backend", "loop", "--dtype", "float16"], "'loop' does not compute in float16"),
        (["--backend", "loop", "--backend", "loop"], "twice"),
        (["--dtype", "float3"], "unknown dtype 'float3'"),
        (["--dtype", "bfloat16"], "no backend that can run here computes in bfloat16"),
        ([*NUMPY, "--batch", "0"], "--batch must be a whole number"),
        ([*NUMPY, "--batch", "1,x"], "--batch must be a whole number"),
        ([*NUMPY, "--batch", "1000000000000"], "--batch must be a whole number"),
        ([*NUMPY, "--seconds", "nan"], "--seconds must be a number"),
        ([*NUMPY, "--json", "no/such/folder/r.json"], "there is no folder"),
        ([*NUMPY, "--csv", "."], "it is a folder"),
        ([*NUMPY, "--chart", "r.jpg"], "must end in .svg or .png or .pdf"),
        ([*NUMPY, "--csv", "same", "--json", "./same"], "the same file"),
    ],
)
def test_bad_input_before_anything_is_timed(
    options: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "run_plan", lambda *_, **__: pytest.fail("timing was started"))
    assert run([*BENCH, *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("mmviz: ")
    assert err.count("\n") == 1
    assert words in err


@pytest.mark.parametrize("option", ["--csv", "--json"])
def test_a_file_that_is_read_is_not_written_to(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = tmp_path / "net.toml"
    network.write_bytes(text := b"inputs = 2\n[[layers]]\nunits = 3\n")
    target = f"{tmp_path}/../{tmp_path.name}/net.toml"
    for words in (["bench", str(network), option, target],
                  ["sweep", str(network), "--batch", "1:3", option, target]):  # fmt: skip
        assert run(words) == 2
        assert "net.toml is read here: name another file to write to" in capsys.readouterr().err
    device = tmp_path / "mine.toml"
    device.write_bytes(b'like = "a100"\n')
    assert run([*words[:-1], str(device), "--device", str(device)]) == 2
    assert "mine.toml is read here" in capsys.readouterr().err
    assert (network.read_bytes(), device.read_bytes()) == (text, b'like = "a100"\n')


def test_too_large_for_memory(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "16777216-16777216", "--batch", "16777216"]) == 2
    assert " PB, this machine has " in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_keeps_what_was_timed(tmp_path: Path) -> None:
    """The samples timed so far are printed and written, and the child is gone."""
    target = tmp_path / "r.json"
    program = (
        "import os, signal, sys\n"
        "from mmviz.bench.messages import Samples\n"
        "from mmviz.cli import run\n"
        "from mmviz.cli.live import Live\n"
        "def interrupt(self, message, number=0):\n"
        "    if isinstance(message, Samples):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "Live.take = interrupt\n"
        "code = run(['bench', '6-5-4', '--seconds', '600', '--backend', 'numpy',\n"
        f"    '--json', {str(target)!r}])\n"
        "import psutil\n"
        "print('children', len(psutil.Process().children()))\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "mmviz: stopped\n"
    assert "children 0" in done.stdout
    assert "numpy" in done.stdout
    assert json.loads(target.read_text())["runs"][0]["samples_s"]


def test_ctrl_c_works_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert run([*BENCH, "--backend", "numpy", "--quiet"]) == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_backends_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backends"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[: len(MODULES)]] == list(MODULES)
    assert any(re.match("numpy in float16 +NumPy has no BLAS", line) for line in lines)
    assert run(["backends", "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert [next(iter(entry)) for entry in read] == ["id"] * len(MODULES)
    assert [entry["id"] for entry in read] == list(MODULES)
    known = {"available", "reason", "remedy", "dtypes", "gpu", "note", "variants", "adapters"}
    assert all(known <= set(entry) for entry in read)
    assert read[1]["available"]
    assert read[1]["warnings"]["float16"].startswith("NumPy has no BLAS")
    wgpu = next(entry for entry in read if entry["id"] == "wgpu")
    assert {"naive", "tiled", "register"} <= set(wgpu["variants"])
    said = "\n".join(lines)
    assert ("variants of wgpu" in said) == wgpu["available"]
    assert all(f"wgpu@{adapter}" in said for adapter in wgpu["adapters"])


GONE = ("--backend", "numpy", "--backend", "fake:lost")


def test_a_driver_that_crashes_costs_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_OWN", ())  # a fake as something of somebody else's
    said = (
        "mmviz: backend 'fake:lost' cannot run here: the timing process stopped with exit code 3\n"
    )
    assert run([*BENCH, "--backend", "fake:lost"]) == 2
    assert capsys.readouterr() == ("", said)
    assert run([*BENCH, "--backend", "numpy", "--backend", "fake:lost"]) == 1  # the others go on
    out, err = capsys.readouterr()
    assert "\nnumpy " in out
    assert err == said
    assert run(["sweep", "6-5-4", "--batch", "1,2", "--seconds", "0.02", *GONE]) == 1
    out, err = capsys.readouterr()
    assert "numpy" in out
    assert said in err


def test_unasked_nobody_is_timed_who_was_made_to_record() -> None:
    found = able("float32")
    assert "numpy" in found
    assert not [id for id in found if registry.records(id)]


def test_what_hindered_a_run_stands_below_its_table() -> None:
    plan = BenchPlan(network=from_widths([4, 2]), batches=(1,), backends=("numpy",))
    collector = Collector(plan)
    crowded = Load(wall_s=2.0, core_s=16.0, others_s=7.36)
    for message in (
        Started(msgspec.structs.replace(read_machine(), variables={}, quota=None)),
        Samples("numpy", 1, [0.1] * 30, 1, crowded),
    ):
        collector.add(message)
    assert warning_lines(collector.results()) == ["", "other programs took 46 % of the cores"]


def test_a_quota_is_told_where_backends_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = msgspec.structs.replace(
        read_machine(), blas=Blas("openblas", "", "", 4), allowed=4, quota=1.5
    )
    monkeypatch.setattr(backends, "read_machine", lambda: limited)
    assert run(["backends"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "this container may use 1.5 of 4 cores: OPENBLAS_NUM_THREADS=1 fits it"


def test_no_window_library_is_loaded() -> None:
    program = (
        "import sys\n"
        "from mmviz.cli import run\n"
        "run(['bench', '3-2', '--seconds', '0.01', '--backend', 'numpy', '--quiet'])\n"
        "print([name for name in ('PyQt6', 'pyqtgraph', 'cupy') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def test_the_table_says_what_is_estimated_and_what_is_missing() -> None:
    plan = BenchPlan(
        network=from_widths((1000, 500)), batches=(1,), backends=("numpy", "loop", "cupy")
    )
    collector = Collector(plan)
    collector.add(Samples("numpy", 1, [0.001] * 19 + [0.002]))
    collector.add(Checked("numpy", 1, 1.2e-6))
    collector.add(Estimate("loop", 1, 0.1, 0.5))
    collector.add(Failed("cupy", 1, own("out of memory")))
    lines = [
        line.replace("\u202f", "_")
        for line in table_lines(table_of(collector.results(), plan.network))
    ]
    assert [" ".join(line.split()) for line in lines] == [
        "backend batch n p50 p99 rate × slowest error",
        "numpy 1 20 1.00 ms 1.81 ms 1.00 GFLOP/s ≈ 100 × 1.2e-6",
        "loop 1 1 ≈ 100 ms no data ≈ 10.0 MFLOP/s 1.00 × no data "
        "estimated from the part of a pass that ran, computes in float64",
        "cupy 1 0 no data no data no data no data no data",
    ]
    assert failure_lines(collector.results()) == ["cupy at batch 1: out of memory"]
    agrees = ["", "NumPy agrees with float64 to 1.2e-6 ✓"]
    assert warning_lines(collector.results()) == agrees
    collector.add(Checked("numpy", 1, 0.5))
    collector.add(Fingerprint("numpy", 1, 3e-4))
    wrong, ran_in = warning_lines(collector.results())[1:]
    assert wrong.startswith("NumPy does not agree with float64: off by 5.0e-1")
    assert ran_in == "NumPy: this ran in TF32"
    assert machine_lines(collector.results()) == []


def test_few_samples_have_no_99_percent() -> None:
    plan = BenchPlan(network=from_widths((3, 2)), batches=(1,), backends=("numpy",))
    collector = Collector(plan)
    collector.add(Samples("numpy", 1, [1.0] * 19))
    head, row = table_lines(table_of(collector.results(), plan.network))
    assert "p99" not in head  # nobody has one
    assert row.split()[2:7] == ["19", "1.00", "s", "12", "FLOP/s"]
    collector.add(Samples("numpy", 1, [1.0]))
    assert table_lines(table_of(collector.results(), plan.network))[1].split()[2:7] == [
        "20",
        "1.00",
        "s",
        "1.00",
        "s",
    ]


def test_disturbances_are_put_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = BenchPlan(network=from_widths((3, 2)), batches=(1, 2, 3), backends=("numpy",))
    collector = Collector(plan)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    collector.add(Started(read_machine({"gpu": "NVIDIA X"})))
    collector.add(Samples("numpy", 1, [1.0, 1.0, 1.0]))
    collector.add(Samples("numpy", 2, [1.0, 1.2, 1.4]))
    collector.add(Samples("numpy", 3, [1.0, 2.0, 3.0]))
    results = collector.results()
    text = "\n".join(warning_lines(results))
    assert "batch 1:" not in text
    assert "numpy at batch 2: a little noisy: half the samples differ by more than 17 %" in text
    assert "numpy at batch 3: noisy" in text
    assert "OPENBLAS_CORETYPE=Haswell" in text
    assert "NVIDIA X" in machine_lines(results)[0]


def test_what_else_was_measured_has_columns_and_the_winner_a_sentence() -> None:
    plan = BenchPlan(network=from_widths((1000, 500)), batches=(1, 64), backends=("numpy", "wgpu"))
    collector = Collector(plan)
    sensed = Sensed(energy_cpu_j=0.25, missing={"energy_gpu_j": Text(NO_GPU)})
    for batch, numpy, wgpu in ((1, 1e-5, 1e-3), (64, 1e-2, 2e-3)):
        collector.add(Samples("numpy", batch, [numpy] * 30))
        collector.add(Samples("wgpu", batch, [wgpu] * 30, on_gpu=[wgpu / 2] * 30))
        collector.add(Aside("wgpu", batch, "cold", [0.004, 0.005, 0.006]))
        collector.add(Aside("wgpu", batch, "copies", [0.007]))
        collector.add(Sensing("numpy", batch, sensed))
    collector.add(Fingerprint("numpy", 1, 2e-7))
    collector.add(Fingerprint("wgpu", 1, 3e-4))
    results = collector.results()
    head, one, *_, last = table_lines(table_of(results, plan.network))
    assert re.split(" {2,}", head)[7:] == ["ran in", "own clock", "cold", "with copies", "energy"]
    assert re.split(" {2,}", one)[7:] == ["float32", *["no data"] * 3, "250 mJ"]
    assert re.split(" {2,}", last)[7:] == ["TF32", "1.00 ms", "5.00 ms", "7.00 ms", "no data"]
    blank, won, even = winner_lines(results)
    assert blank == ""
    assert won.startswith("at batch 64 wgpu won: 2.00 ms a pass, 5.00 × as fast as NumPy")
    assert "this ran in TF32" in won
    assert even.startswith("from batch 64 on wgpu wins over NumPy; up to batch 1 ")
    assert winner_lines(Collector(plan).results()) == []
