"""mmviz trace: a schedule as a file that Perfetto opens, or mmviz itself."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.network import from_widths
from mmviz.files.recordings import npz, shelf

Mmviz = Callable[..., tuple[int, str, str]]


def traced(mmviz: Mmviz, path: Path, *words: str) -> str:
    code, out, err = mmviz("trace", *words, "-o", str(path))
    assert (code, err) == (0, "")
    return out.replace("\u202f", " ")


def tiles(path: Path) -> list[dict[str, Any]]:
    return [x for x in json.loads(path.read_text())["traceEvents"] if x.get("cat") == "tile"]


def refused(mmviz: Mmviz, *words: str) -> str:
    code, out, err = mmviz("trace", *words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    return err.replace("\u202f", " ")


def test_one_product_on_a_device_for_perfetto(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    out = traced(mmviz, path, "1024x1024x512", "--device", "a100", "--tile", "128x128")
    assert len(tiles(path)) == 64
    assert out.splitlines()[0].endswith("64 tiles on 108 units")
    assert f"written to {path}" in out
    other = json.loads(path.read_text())["otherData"]
    assert other["kind"] == "modelled"
    assert other["by"] == "model"
    assert "command" not in other, "nothing was recorded"


def test_a_training_pass_for_mmviz(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "made.npz"
    out = traced(mmviz, path, "300-200-10", "--device", "v100", "--batch", "64", "--training")
    found = npz.read(path)
    assert found.of.workload == from_widths((300, 200, 10))
    assert (found.of.batch, found.of.training) == (64, True)
    assert [one.gemm.role for one in found.products] == [
        *("forward", "forward", "dgrad", "wgrad", "wgrad")
    ]
    assert found.products[0].trace.provenance.kind == "modelled"
    assert out.count("wgrad") == 2
    begun = [one.begun_s for one in found.products]
    for earlier, one, later in zip(begun, found.products, begun[1:], strict=False):
        assert later >= earlier + one.trace.duration
    assert "predicted" in out
    assert shelf.kept() == (), "a model is no recording to be kept"


def test_a_split_k_has_the_tiles_that_plan_says(mmviz: Mmviz, tmp_path: Path) -> None:
    of = ("1333-3000-2500-700", "--batch", "200", "--device", "a100", "--dtype", "bfloat16")
    out = traced(mmviz, tmp_path / "made.json", *of)
    products = json.loads(mmviz("plan", *of, "--json")[1])["products"]
    _, plan, _ = mmviz("plan", *of)
    assert "256×128 /k 4" in plan
    rows = [re.split(r"  +", line) for line in out.splitlines()[2:5]]
    for row, product, parts in zip(rows, products, (1, 4, 4), strict=True):
        tile = "{} × {}".format(*product["tile"]) + (f" /k {parts}" if parts > 1 else "")
        pieces = [str(parts * product["tiles"])] if parts > 1 else []
        assert row[2:-1] == [tile, str(product["tiles"]), *pieces]


def test_steps_are_said_to_be_no_time(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    out = traced(mmviz, path, "two-by-two", "--device", "lanes-16")
    assert "steps" in out
    assert json.loads(path.read_text())["otherData"]["ts"] == "steps, which are no time"


def test_a_pass_the_device_cannot_hold_is_traced_without_a_time(
    mmviz: Mmviz, tmp_path: Path
) -> None:
    path = tmp_path / "made.json"
    of = ("vgg16", "--batch", "65536", "--training", "--tile", "256x128", "--device", "rtx4060")
    out = traced(mmviz, path, *of)
    assert "does not fit: " in out
    assert "predicted" not in out
    assert json.loads(path.read_text())["otherData"]["ts"] == "steps, which are no time"


def test_quiet_says_nothing(mmviz: Mmviz, tmp_path: Path) -> None:
    assert traced(mmviz, tmp_path / "x.npz", "30-20", "--device", "v100", "--quiet") == ""


def test_too_many_tiles_are_sampled_and_that_is_said(
    mmviz: Mmviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS", 100)
    path = tmp_path / "made.npz"
    out = traced(mmviz, path, "1024x1024x64", "--device", "v100", "--tile", "32x32")
    assert "1024x1024x64: of 1 024 tiles 100 are kept, evenly by their number" in out
    assert npz.read(path).products[0].tiles_run == 1024


def test_what_ran_here_is_recorded_and_kept(mmviz: Mmviz, tmp_path: Path) -> None:
    """In a real child: two products and their gradients, each tile once."""
    path = tmp_path / "made.npz"
    how = ("--record", "cpu-tiles", "--threads", "1", "--order", "static", "--tile", "16x16")
    out = traced(mmviz, path, "40-30-20", "--batch", "24", "--training", *how)
    found = npz.read(path)
    assert [len(one.trace) for one in found.products] == [4, 4, 4, 4, 6]
    for one in found.products:
        assert one.trace.provenance.kind == "recorded"
        assert one.error is not None
        assert one.error < 1e-5
        assert one.spent.instrumented is not None
    assert found.order == "static"
    assert found.command == (
        "mmviz trace 40-30-20 --record cpu-tiles --batch 24 --tile 16x16 --order static "
        "--threads 1 --dtype float32 --training -o made.npz"
    )
    assert "recorded by cpu-tiles, static" in out
    assert "instrumented" in out
    (kept,) = shelf.kept()
    assert npz.as_bytes(kept.read()) == path.read_bytes()


def test_a_signal_while_it_is_written_leaves_all_of_it(
    mmviz: Mmviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the list had a recording whose file is nowhere, and nobody was told."""
    keep = shelf.keep

    def kept_late(recording: Recording) -> shelf.KeptRecording:
        signal.raise_signal(signal.SIGINT)
        return keep(recording)

    monkeypatch.setattr(shelf, "keep", kept_late)
    path = tmp_path / "made.npz"
    how = ("--record", "cpu-tiles", "--threads", "1", "--tile", "16x16", "-o", str(path))
    code, out, err = mmviz("trace", "40x30x20", *how)
    assert (code, err) == (128 + signal.SIGINT, "mmviz: stopped\n")
    assert f"written to {path}" in out
    (kept,) = shelf.kept()
    assert npz.as_bytes(kept.read()) == path.read_bytes()


def test_what_cannot_be_recorded_is_one_line(mmviz: Mmviz, tmp_path: Path) -> None:
    path = tmp_path / "made.npz"
    code, out, err = mmviz("trace", "8-4", "--record", "cpu-tiles", "--order", "x", "-o", str(path))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "not 'x'" in err
    assert not path.exists()
    assert shelf.kept() == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alexnet", "-o", "x.txt"), "its name must end in .npz or .json"),
        (("alexnet", "-o", "/nowhere/x.npz"), "there is no folder /nowhere"),
        (("alexnet",), "the following arguments are required: -o"),
        (("nobody", "-o", "x.npz"), "unknown network 'nobody'"),
        (("8x8x8", "--batch", "3", "-o", "x.npz"), "a list of products has neither"),
        (("8x8x8", "--order", "dance", "-o", "x.npz"), "unknown order 'dance'"),
        (("8x8x8", "--device", "v100", "--order", "openblas", "-o", "x.npz"), "order openblas is"),
        (("8x8x8", "--threads", "2", "-o", "x.npz"), "--threads belongs to --record"),
        (("8x8x8", "--record", "numpy", "-o", "x.npz"), "backend 'numpy' records no tiles; those"),
        (("8x8x8", "--record", "nobody", "-o", "x.npz"), "unknown backend 'nobody'; known are"),
        (
            ("8x8x8", "--record", "cpu-tiles", "--device", "v100", "-o", "x.npz"),
            "--device and --record exclude each other",
        ),
        (("8x8x8", "--record", "cpu-tiles", "--threads", "0", "-o", "x.npz"), "--threads must be"),
        (
            ("20000x20000x8", "--device", "v100", "--tile", "1x1", "-o", "x.npz"),
            "at most 8 388 608 can be drawn",
        ),
    ],
)
def test_what_is_refused(
    words: tuple[str, ...], said: str, mmviz: Mmviz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(mmviz, *words)
    assert list(tmp_path.iterdir()) == []
