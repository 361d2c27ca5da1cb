"""`mmviz diff`: two recordings together, one beside its model."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ran import MS, ran, steady, with_product
from recordings import recording

from mmviz.core.recording.recording import Beside, Recording
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.files.recordings import npz
from mmviz.text import Text

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., str]:
    def write(name: str, one: Recording) -> str:
        npz.save(tmp_path / name, one)
        return str(tmp_path / name)

    return write


def test_json_has_what_programs_read(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a, b = made("a.npz", ran(steady())), made("b.npz", ran(steady(seed=1), begin=4 * MS))
    code, out, err = mmviz("diff", a, b, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["product", "a", "b", "residual_s", "cause", "evidence"]
    assert found["product"] == "1024x1024x1024"
    assert found["a"] == {
        "kind": "recorded",
        "wall_s": pytest.approx(16 * MS, rel=0.01),
        "units": 4,
        "waves": 16,
    }
    assert found["b"]["wall_s"] == pytest.approx(20 * MS, rel=0.01)
    assert list(found["residual_s"]) == ["median", "p95"]
    assert 0 <= abs(found["residual_s"]["median"]) <= found["residual_s"]["p95"] < 0.1 * MS
    assert found["cause"] == "launch"
    assert "before its first tile and after its last b.npz spends 4.00 ms" in found["evidence"]


def test_a_file_beside_itself_has_no_cause(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a = made("a.npz", ran(steady()))
    found = json.loads(mmviz("diff", a, a, "--json")[1])
    assert (found["cause"], found["residual_s"]) == (None, {"median": 0.0, "p95": 0.0})
    assert found["evidence"].endswith("the same.")


def test_text(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a, b = made("a.npz", ran(steady())), made("b.npz", ran(steady(seed=1), units=2))
    code, out, err = mmviz("diff", a, b)
    assert (code, err) == (0, "")
    head, first, second, why, residual = out.splitlines()
    assert head.split()[:5] == ["product", "side", "kind", "takes", "units"]
    assert first.split()[:6] == ["1024x1024x1024", "a.npz", "recorded", "16.1", "ms", "4"]
    assert second.split()[:5] == ["b.npz", "recorded", "32.0", "ms", "2"]
    assert why.endswith(
        "mostly because b.npz has 2 threads and 32 waves, a.npz 4 threads and 16 waves."
    )
    assert residual.startswith("residual by tile: median ")


def test_files_called_alike_are_told_apart(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a = made("a.npz", ran(steady()))
    (Path(a).parent / "other").mkdir()
    b = made("other/a.npz", ran(steady(seed=1)))
    assert f"{b} " in mmviz("diff", a, b)[1]


def test_a_pass_is_compared_product_by_product(mmviz: Mmviz, made: Callable[..., str]) -> None:
    network = from_widths((512, 256, 128, 64))
    two = [recording(network, batch=256, tile=(32, 32), seed=seed) for seed in (0, 9)]
    a, b = (made(f"{name}.npz", one) for name, one in zip("ab", two, strict=True))
    found = json.loads(mmviz("diff", a, b, "--json")[1])
    assert list(found) == ["product", "a", "b", "residual_s", "cause", "evidence"], "and no more"
    assert found["product"] == network.name
    for side, one in zip("ab", two, strict=True):
        walls = [product.wall_s or 0.0 for product in one.products]
        assert found[side]["wall_s"] == pytest.approx(sum(walls))
        each = [np.bincount(x.trace.unit).max() / x.trace.tiling.resident for x in one.products]
        assert found[side]["waves"] == np.ceil(each).sum(), "of the unit that computed most"
    out = mmviz("diff", a, b)[1]
    assert "layer 2: residual by tile" in out


def test_of_a_sample_nobody_counts_waves(
    mmviz: Mmviz, made: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS", 20)
    a = made("a.npz", ran(steady()))
    assert json.loads(mmviz("diff", a, a, "--json")[1])["a"]["waves"] is None
    assert mmviz("diff", a, a)[1].splitlines()[1].split()[-3:] == ["16.1", "ms", "4"]


def test_beside_its_model(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a = made("a.npz", recording(from_widths((2048, 2048)), "v100", 2048, tile=(128, 128)))
    found = json.loads(mmviz("diff", a, "--model", "--device", "v100", "--json")[1])
    assert found["a"]["units"] == found["b"]["units"] == 80
    assert found["residual_s"]["median"] is not None
    assert "the model takes " in found["evidence"]


def test_a_model_that_knows_no_time_says_why(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a = made("a.npz", ran(steady()))
    found = json.loads(mmviz("diff", a, "--model", "--json")[1])
    assert (found["a"]["wall_s"], found["cause"]) == (None, None)
    assert found["residual_s"] == {"median": None, "p95": None}
    assert found["evidence"].startswith("No time is known of the model (not calibrated")


def test_different_products_are_refused(mmviz: Mmviz, made: Callable[..., str]) -> None:
    a, b = made("a.npz", ran(steady())), made("b.npz", ran(steady(), side=512))
    code, out, err = mmviz("diff", a, b)
    assert (code, out) == (2, "")
    assert err.startswith("mmviz: they are of different products: 1024x1024x1024 (1")


@pytest.mark.parametrize("words", [["a.npz"], ["a.npz", "b.npz", "--model"]])
def test_it_needs_two(mmviz: Mmviz, words: list[str]) -> None:
    code, _, err = mmviz("diff", *words)
    assert (code, err) == (2, "mmviz: mmviz diff needs A.npz and either B.npz or --model\n")


def test_no_recording_is_one_sentence(mmviz: Mmviz, tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 cut off")
    code, out, err = mmviz("diff", str(tmp_path / "a.npz"), "--model")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_names_of_somebody_else_do_not_steer_the_terminal(
    mmviz: Mmviz, made: Callable[..., str]
) -> None:
    nasty = "\x1b[31m\u202e{x}"
    units = tuple(Text("{own}", own=f"{nasty}{i}") for i in range(2))
    one, other = (
        replace(with_product(ran(steady(x * MS), units=2), units=units), machine=m)
        for x, m in ((1, "here"), (2, nasty))
    )
    a = made("a.npz", one)
    try:
        b = made(f"{nasty}.npz", other)
    except OSError:
        pytest.skip("this system has no such names")
    for words in (("diff", a, b), ("diff", a, b, "--json")):
        code, out, err = mmviz(*words)
        assert (code, err) == (0, "")
        assert not set(out) & set("\x1b\u202e")
    assert json.loads(out)["cause"] == "machine"


def test_a_trace_of_another_tool_is_told_how_to_become_one(mmviz: Mmviz, tmp_path: Path) -> None:
    blocks = [
        {"ph": "X", "name": "tile", "cat": "x", "pid": 0, "tid": n, "ts": n, "dur": 1.0,
         "args": {"sm": 0, "block": n, "warp": 0}}
        for n in range(4)
    ]  # fmt: skip
    (tmp_path / "ikp.json").write_text(json.dumps({"traceEvents": blocks}))
    code, out, err = mmviz("diff", str(tmp_path / "ikp.json"), "--model")
    assert (code, out) == (2, "")
    assert "is of another tool: mmviz trace " in err


def test_a_recording_of_order_alone_tells_what_it_knows(
    mmviz: Mmviz, made: Callable[..., str]
) -> None:
    one = ran(steady())
    old = one.products[0].trace
    tickets = np.argsort(np.argsort(np.concatenate((old.start, old.end)))).astype(np.float64)
    columns = old.m, old.n, old.unit, tickets[:64], tickets[64:]
    trace = Trace(old.tiling, *columns, "steps", old.provenance)
    beside = Beside(others=0.6)
    a = made("a.npz", with_product(one, trace=trace, wall_s=None, beside=beside))
    code, out, err = mmviz("diff", a, made("b.npz", ran(steady(), order="columns")))
    assert (code, err) == (0, "")
    assert "No time is known of a.npz; but 56 of 64 tiles come in another order" in out
    assert "not compared by tile" in out
    assert out.endswith("Other programs took of the cores meanwhile: 60 % in a.npz.\n")


def test_the_roofline_of_a_named_device_tells_whether_memory_binds(
    mmviz: Mmviz, made: Callable[..., str]
) -> None:
    thin = {"side": 64, "tile": 8}  # 16 FLOP a byte
    a, b = made("a.npz", ran(steady(), **thin)), made("b.npz", ran(steady(1.3 * MS), **thin))
    causes = [json.loads(mmviz("diff", a, b, *more, "--json")[1])["cause"] for more in NAMED]
    assert causes == ["clock", "memory"]


NAMED = [(), ("--device", "v100")]


def test_a_timeline_has_no_model(mmviz: Mmviz, made: Callable[..., str]) -> None:
    one = ran(steady())
    old = one.products[0].trace
    line = replace(old, m=np.zeros(64, np.int32), n=np.arange(64, dtype=np.int32))
    tiling = replace(old.tiling, gemm=replace(old.tiling.gemm, m=128, n=8192), tile=(128, 128))
    trace = Trace(tiling, line.m, line.n, old.unit, old.start, old.end, "s", old.provenance)
    products = Products("line", (tiling.gemm,))
    made_line = replace(
        with_product(one, trace=trace, placed=False), of=replace(one.of, workload=products)
    )
    code, out, err = mmviz("diff", made("a.npz", made_line), "--model", "--device", "v100")
    assert (code, out) == (2, "")
    assert "a timeline alone" in err
