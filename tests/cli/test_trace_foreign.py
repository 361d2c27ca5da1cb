"""mmviz trace of a file that another tool wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_traces import gemm_ran, intra_kernel

from mmviz.files.recordings import npz

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture
def given(tmp_path: Path) -> str:
    """5 × 4 tiles of 64 × 128, row by row."""
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran((5, 4))))
    return str(path)


def test_its_blocks_become_tiles(mmviz: Mmviz, given: str, tmp_path: Path) -> None:
    words = "--shape", "300x500x64", "--tile", "64x128", "--order", "rows", "--dtype", "float16"
    code, out, err = mmviz("trace", given, *words, "-o", str(tmp_path / "r.npz"))
    assert (code, err) == (0, "")
    assert out.startswith("recorded by Intra-Kernel Profiler, rows · 20 tiles on 3 units\n")
    assert "each block's tile by the rule rows" in out
    found = npz.read(tmp_path / "r.npz")
    assert found.of.dtype == "float16"
    assert found.products[0].placed
    assert found.products[0].trace.tiling.tile == (64, 128)


def test_without_its_product_it_is_a_timeline(mmviz: Mmviz, given: str, tmp_path: Path) -> None:
    code, out, err = mmviz("trace", given, "-o", str(tmp_path / "r.npz"))
    assert (code, err) == (0, "")
    assert out.startswith("recorded by Intra-Kernel Profiler · 20 blocks on 3 units\n")
    assert "which product it computed is not known: blocks over time, no tiles" in out
    assert "×" not in out.split("which product")[0], "no shape, no tile"
    assert not npz.read(tmp_path / "r.npz").products[0].placed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--shape 300x500x64", "the tile is needed; 20 blocks fit"),
        ("--shape 300x500x64 --tile 64x128", "these rules fit: rows, columns"),
        ("--shape 300x500x64 --tile 64x64", "the file has 20 of 40 tiles, if the tile is right"),
        ("--shape 300x500x64 --tile 128x256", "20 blocks do not compute each of the 6 tiles"),
        ("--shape 300x500x64 --tile 64x128 --order rows --region wait", "no region 'wait'"),
        ("--shape 300x500", "--shape"),
        ("--tile 64x128", "--tile, --order, --region and --launch need --shape MxNxK"),
        ("--launch 2", "--launch need --shape"),
        ("--launch 2 --shape 300x500x64", "there is no launch 2"),
        ("--launch 0", "--launch"),
        ("--mhz fast", "--mhz must be 1 to 100 000, not 'fast'"),
        ("--mhz 0", "--mhz must be 1 to 100 000, not '0'"),
        ("--record cpu-tiles", "--record is not for"),
        ("--device a100", "--device is not for"),
        ("--training", "--training is not for"),
    ],
)
def test_what_cannot_be_is_one_line(
    mmviz: Mmviz, given: str, tmp_path: Path, words: str, says: str
) -> None:
    code, out, err = mmviz("trace", given, *words.split(), "-o", str(tmp_path / "r.npz"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err.replace("\u202f", " ")
    assert not (tmp_path / "r.npz").exists()


def test_its_options_are_for_nothing_else(mmviz: Mmviz, tmp_path: Path) -> None:
    code, out, err = mmviz("trace", "64x64x64", "--shape", "1x1x1", "-o", str(tmp_path / "r.npz"))
    assert (code, out) == (2, "")
    assert "--shape belongs to a trace of another tool, FILE.json" in err


def test_a_recording_becomes_the_other_kind_of_file(
    mmviz: Mmviz, given: str, tmp_path: Path
) -> None:
    first, between, last = (str(tmp_path / name) for name in ("a.npz", "b.json", "c.npz"))
    words = "--shape", "300x500x64", "--tile", "64x128", "--order", "rows"
    assert mmviz("trace", given, *words, "-o", first)[0] == 0
    assert mmviz("trace", first, "-o", between)[0] == 0
    assert mmviz("trace", between, "-o", last)[0] == 0
    one, other = (npz.read(path).products[0].trace for path in (first, last))
    assert (one.m.tolist(), one.n.tolist()) == (other.m.tolist(), other.n.tolist())
    assert other.start == pytest.approx(one.start, abs=1e-12)
    code, out, err = mmviz("trace", first, *words, "-o", last)
    assert (code, out) == (2, "")
    assert "--tile is not for" in err
